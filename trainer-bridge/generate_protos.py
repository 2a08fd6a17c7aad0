"""Compiles the contracts under `proto/` for Python: `generated/azr/v1/*_pb2.py`, `.pyi` and `*_pb2_grpc.py`.

Silent and quick when nothing has changed. Each file is moved into place whole and the stamp last, so that an
interruption, or two runs at once, leaves nothing half-written.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STAMP = ".stamp"


class GenerationError(Exception):
    """The contracts cannot be compiled; the message is one line for a person."""


def generate(protos: Path, target: Path) -> bool:
    """Compiles every contract under `protos` into `target`; answers whether there was anything to do."""
    sources = sorted(protos.rglob("*.proto"))
    if not sources:
        raise GenerationError(f"{protos}: no .proto file found, expected the contracts there")
    stamp, stamp_file = _stamp(protos, sources), target / STAMP
    if stamp_file.is_file() and stamp_file.read_text() == stamp:
        return False
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".new-") as temporary:
        folder = Path(temporary)
        _compile(protos, sources, folder)
        (folder / STAMP).write_text(stamp)
        made = [path for path in folder.rglob("*") if path.is_file() and path.name != STAMP]
        for path in [*made, folder / STAMP]:
            place = target / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
    return True


def _stamp(protos: Path, sources: list[Path]) -> str:
    digest = hashlib.sha256(importlib.metadata.version("grpcio-tools").encode())
    for source in sources:
        digest.update(f"\0{source.relative_to(protos)}\0".encode() + source.read_bytes())
    return digest.hexdigest()


def _compile(protos: Path, sources: list[Path], folder: Path) -> None:
    # Imported here: the usual run has nothing to compile.
    from grpc_tools import protoc

    well_known = Path(protoc.__file__).parent / "_proto"
    outputs = [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
    files = [str(source) for source in sources]
    if protoc.main(["protoc", f"-I{protos}", f"-I{well_known}", *outputs, *files]) != 0:
        raise GenerationError(f"{protos}: protoc refused the contracts; its message is above")


def main() -> int:
    """Compiles this repository's contracts; the exit status."""
    try:
        generate(HERE.parent / "proto", HERE / "generated")
    except (GenerationError, OSError, ImportError) as error:
        print(f"generate_protos: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
