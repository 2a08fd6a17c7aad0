"""Builds the distributions, with the code that protoc makes of the contract: `azr/v1/verifier_pb2.py`."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from grpc_tools import protoc
from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
CONTRACT = Path("azr/v1/verifier.proto")


def protos() -> Path:
    """The folder of the contracts: beside this file in a source distribution, else that of the repository."""
    for folder in (HERE / "proto", HERE.parent.parent / "proto"):
        if (folder / CONTRACT).is_file():
            return folder
    raise SystemExit(f"{CONTRACT} is neither under {HERE}/proto nor under {HERE.parent.parent}/proto")


def compiled() -> dict[Path, str]:
    """What protoc makes of the contract, by path."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [f"--{kind}_out={folder}" for kind in ("python", "pyi")]
        if protoc.main(["protoc", f"-I{protos()}", *outputs, str(CONTRACT)]) != 0:
            raise SystemExit(f"protoc refused {CONTRACT}; its message is above")
        return {path.relative_to(folder): path.read_text() for path in Path(folder).rglob("*.py*")}


CODE = compiled()
[PROTOBUF] = {
    found[1] for text in CODE.values() if (found := re.search(r"# Protobuf Python Version: (\S+)", text))
}


class BuildPackage(build_py):
    """Puts the contract's code beside the package."""

    def run(self) -> None:
        """Builds into the library folder; what an earlier build left there would be taken along."""
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        for path, text in CODE.items():
            place = Path(self.build_lib) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)


class SourceDistribution(sdist):
    """Takes the contract along."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Copies the files."""
        super().make_release_tree(base_dir, files)
        place = Path(base_dir) / "proto" / CONTRACT
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(protos() / CONTRACT, place)


setup(
    install_requires=["grpcio>=1.60", f"protobuf>={PROTOBUF}"],
    cmdclass={"build_py": BuildPackage, "sdist": SourceDistribution},
)
