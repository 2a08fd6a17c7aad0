"""Generation of the contract's Python: whole, repeatable, and quiet when nothing has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generate_protos import GenerationError, generate

CONTRACT = 'syntax = "proto3"; package azr.v9; message Thing { int32 size = 1; }'


@pytest.fixture
def protos(tmp_path: Path) -> Path:
    folder = tmp_path / "proto" / "azr" / "v9"
    folder.mkdir(parents=True)
    (folder / "thing.proto").write_text(CONTRACT)
    return tmp_path / "proto"


def times(target: Path) -> dict[str, int]:
    return {
        str(path.relative_to(target)): path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()
    }


def test_it_generates_once(protos: Path, tmp_path: Path) -> None:
    target = tmp_path / "generated"
    assert generate(protos, target)
    made = times(target)
    names = {"thing_pb2.py", "thing_pb2.pyi", "thing_pb2_grpc.py"}
    assert made.keys() == {".stamp", *(f"azr/v9/{name}" for name in names)}
    assert not generate(protos, target)
    assert times(target) == made


def test_it_generates_again_when_a_contract_changes(protos: Path, tmp_path: Path) -> None:
    generate(protos, tmp_path / "generated")
    (protos / "azr/v9/thing.proto").write_text(CONTRACT.replace("size", "length"))
    assert generate(protos, tmp_path / "generated")
    assert "length" in (tmp_path / "generated/azr/v9/thing_pb2.pyi").read_text()


def test_a_wrong_contract_leaves_the_old_one(protos: Path, tmp_path: Path) -> None:
    generate(protos, tmp_path / "generated")
    before = times(tmp_path / "generated")
    (protos / "azr/v9/thing.proto").write_text("message {")
    with pytest.raises(GenerationError, match="protoc refused"):
        generate(protos, tmp_path / "generated")
    assert times(tmp_path / "generated") == before


def test_no_contracts(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match=r"no \.proto file"):
        generate(tmp_path, tmp_path / "generated")
