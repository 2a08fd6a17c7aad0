"""docs/trainer-contract.md has every message, field, enumeration and call of the trainer's contract, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from azr.v1 import trainer_pb2

DOCUMENT = Path(__file__).parents[3] / "docs" / "trainer-contract.md"
CONTRACT = trainer_pb2.DESCRIPTOR
NAME = re.compile(r"\| `(\w+)` \|")

PARTS = {
    **{
        name: [field.name for field in message.fields]
        for name, message in CONTRACT.message_types_by_name.items()
    },
    **{
        name: [value.name for value in enumeration.values]
        for name, enumeration in CONTRACT.enum_types_by_name.items()
    },
    **{
        name: [method.name for method in service.methods]
        for name, service in CONTRACT.services_by_name.items()
    },
}


def tables() -> dict[str, list[str]]:
    """The first column of each table whose head is a name in code."""
    found: dict[str, list[str]] = {}
    head = ""
    for line in DOCUMENT.read_text().splitlines():
        match = NAME.match(line)
        if not line.startswith("|"):
            head = ""
        elif match and head:
            found[head].append(match[1])
        elif match:
            head = match[1]
            found[head] = []
    return found


# In prose: messages of the one field `operation`, or of none.
IN_PROSE = {name for name, fields in PARTS.items() if fields in ([], ["operation"])}


@pytest.mark.parametrize("part", sorted(PARTS.keys() - IN_PROSE))
def test_it_has_a_table(part: str) -> None:
    assert tables().get(part) == PARTS[part]


def test_the_others_are_named() -> None:
    text = DOCUMENT.read_text()
    assert [name for name in IN_PROSE if f"`{name}`" not in text] == []


def test_it_has_no_other() -> None:
    known = PARTS.keys() | {"TrainerBackend"}
    assert sorted(tables().keys() - known) == []
