"""The task files: true outputs, distinct programs, no overlap with what the policy was trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from azr_policy_builder.generator import is_held_out
from azr_policy_builder.tasks import Row, held_out_rows, read_rows, seed_rows, write_rows

HELD_OUT = held_out_rows(0)
SEEDS = seed_rows(0)


def test_counts_and_distinct_programs() -> None:
    for rows, counts in ((HELD_OUT, (300, 300, 300)), (SEEDS, (64, 64, 32))):
        assert tuple(Counter(row["type"] for row in rows).values()) == counts
        assert len({(row["type"], row["program"]) for row in rows}) == sum(counts)


def test_sides() -> None:
    assert all(is_held_out(row["program"]) for row in HELD_OUT)
    assert not any(is_held_out(row["program"]) for row in SEEDS)


def test_outputs_are_pythons() -> None:
    for row in HELD_OUT + SEEDS:
        scope: dict[str, object] = {}
        exec(row["program"], scope)
        pairs = row["pairs"] if row["type"] == "induction" else [(row["input"], row["output"])]
        assert all(repr(scope["f"](eval(i))) == o for i, o in pairs)
        if row["type"] == "induction":
            assert len({i for i, _ in pairs}) == 6
            assert len({o for _, o in pairs}) > 1


def statements(row: Row) -> int:
    return sum(line.startswith(" ") and not line.startswith("  ") for line in row["program"].splitlines()) - 1


def test_lengths_are_not_skewed() -> None:
    lengths = Counter(statements(row) for row in HELD_OUT if row["type"] == "deduction")
    assert set(lengths) == {2, 3, 4, 5}
    assert all(50 <= count <= 100 for count in lengths.values())  # 75 expected, deviation 7.5


def test_files_round_trip(tmp_path: Path) -> None:
    write_rows(tmp_path / "tasks" / "seed.jsonl", SEEDS)
    assert read_rows(tmp_path / "tasks" / "seed.jsonl") == SEEDS
