"""The wheel: whole, and of no need of anything else in this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.verifier_client.served import ROOT

CLIENT = ROOT / "trainer-bridge" / "verifier-client"
BUILD_SECONDS = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, with what is installed here and without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "trainer-bridge" / "verifier-client"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    shutil.copytree(ROOT / "proto", folder / "proto")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*command, "--wheel-dir", folder, source], check=True, timeout=BUILD_SECONDS)
    [found] = folder.glob("*.whl")
    return found


def test_it_has_the_package_and_the_code_of_the_contract(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [archive.read(name).decode() for name in names if name.endswith("METADATA")]
    modules = {f"azr_verifier/{path.name}" for path in (CLIENT / "azr_verifier").glob("*.py")}
    generated = {"azr/v1/verifier_pb2.py", "azr/v1/verifier_pb2.pyi"}
    assert {name for name in names if ".dist-info/" not in name} == {
        *modules,
        *generated,
        "azr_verifier/py.typed",
    }
    needs = [line for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert [need.split(">=")[0] for need in needs] == ["Requires-Dist: grpcio", "Requires-Dist: protobuf"]


def test_it_needs_nothing_else_of_this_repository(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "import sys, azr_verifier, azr.v1.verifier_pb2 as contract\n"
        "print(azr_verifier.__file__, contract.__file__, sep='\\n')\n"
        "print(azr_verifier.Verifier('127.0.0.1:1').options.equality)\n"
        "assert 'azr_trainer' not in sys.modules and 'torch' not in sys.modules\n"
    )
    # Without site, whose .pth files would find the bridge.
    path = os.pathsep.join([str(tmp_path), sysconfig.get_paths()["purelib"]])
    command = [sys.executable, "-S", "-P", "-c", program]
    environment = {"PYTHONPATH": path, "PATH": os.environ["PATH"]}
    result = subprocess.run(
        command, env=environment, cwd=tmp_path, text=True, capture_output=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"{tmp_path}/azr_verifier/__init__.py",
        f"{tmp_path}/azr/v1/verifier_pb2.py",
        "None",
    ]
