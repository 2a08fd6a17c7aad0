"""`python -m azr_backend_conformance`: a line a check, and an exit status that says it all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from azr_backend_conformance.__main__ import main
from azr_backend_conformance.serving import serving
from tests.backend_conformance.broken_backends import Right

BROKEN = "tests.backend_conformance.broken_backends"


def test_a_backend_that_conforms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--backend", f"{BROKEN}:Right", "scoring", "status/loaded"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["ok", "status/loaded"],
        ["ok", "scoring/logprobs"],
        ["ok", "scoring/changes_nothing"],
    ]
    assert last == "3 passed, 0 failed, 0 skipped"


def test_one_that_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--backend", f"{BROKEN}:ScoresCold", "--json", "scoring"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert (result["total"], result["passed"], result["skipped"]) == (2, 1, [])
    [failed] = result["failed"]
    assert failed["check"] == "scoring/logprobs"
    assert failed["found"].startswith("log-probability at its temperature")


def test_a_service_that_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checks = ["checkpoints/continues_elsewhere", "operations/repeat"]
    with serving(Right(), tmp_path / "published") as address:
        assert main(["--service", address, "--folder", str(tmp_path), *checks]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ok", "operations/repeat"]
    assert lines[1].startswith("skipped checkpoints/continues_elsewhere  there is one service")
    assert lines[2] == "1 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--backend", "no_such_module:make"], "expected MODULE:FACTORY: No module named 'no_such_module'"),
        (["--backend", f"{BROKEN}:make"], "has no attribute 'make'"),
        ([], "one of the arguments --backend --service is required"),
        (["--backend", f"{BROKEN}:Right", "no/check"], "no check is called 'no/check'; there are:"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(arguments)
    except SystemExit as ended:
        status = ended.code
    assert status == 2
    assert said in capsys.readouterr().err
