"""`python -m azr_backend_conformance (--backend MODULE:FACTORY | --service ADDRESS) [CHECK…]`: one line a check.

With --json the last line is {"total", "passed", "skipped": [{"check", "why"}], "failed": [{"check", "found"}]}.
Exit status: 0 if no check failed, 1 if one did, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import grpc
from transformers.utils.logging import disable_progress_bar

from azr_backend_conformance import (
    CHECKS,
    Failed,
    NotApplicable,
    Subject,
    subject_of_backend,
    subject_of_service,
)
from azr_backend_conformance.subject import FLOAT32
from azr_trainer.backend_factory import read_factory


@dataclass(frozen=True)
class Result:
    """What came of a check: `ok`, `skipped` or `FAILED`, and why."""

    check: str
    outcome: str
    why: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Runs the checks; the exit status."""
    options = _parse(arguments)
    names = _chosen(options.checks, list(CHECKS))
    if names is None:
        return 2
    disable_progress_bar()
    lines = sys.stderr if options.json else sys.stdout
    width, results = max(map(len, names)), []
    with (
        tempfile.TemporaryDirectory(prefix="azr-conformance-", dir=options.folder) as folder,
        _opened(options, Path(folder)) as subject,
    ):
        for name in names:
            results.append(result := _run(name, subject))
            print(f"{result.outcome:7} {name:{width}}  {result.why}".rstrip(), file=lines, flush=True)
    return _report(results, options.json)


def _opened(options: argparse.Namespace, folder: Path) -> AbstractContextManager[Subject]:
    if options.backend:
        return subject_of_backend(options.backend, folder, options.tolerance)
    return subject_of_service(options.service, folder, options.tolerance)


def _run(name: str, subject: Subject) -> Result:
    try:
        CHECKS[name](subject)
    except NotApplicable as reason:
        return Result(name, "skipped", str(reason))
    except Failed as failure:
        return Result(name, "FAILED", str(failure))
    except grpc.RpcError as error:
        return Result(name, "FAILED", f"the call ended with {error.code().name}: {error.details()}")
    # Such as a file that is not where it should be: the trainer's doing as well.
    except Exception as error:
        return Result(name, "FAILED", f"{type(error).__name__}: {error}")
    return Result(name, "ok")


def _report(results: list[Result], as_json: bool) -> int:
    skipped = [{"check": one.check, "why": one.why} for one in results if one.outcome == "skipped"]
    failed = [{"check": one.check, "found": one.why} for one in results if one.outcome == "FAILED"]
    passed = len(results) - len(skipped) - len(failed)
    if as_json:
        print(json.dumps({"total": len(results), "passed": passed, "skipped": skipped, "failed": failed}))
    else:
        print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


def _chosen(asked: list[str], known: list[str]) -> list[str] | None:
    """Checks by name, or by the group before the slash; None if one is not known."""
    groups = {name.partition("/")[0] for name in known}
    for one in asked:
        if one not in known and one not in groups:
            print(f"azr_backend_conformance: no check is called '{one}'; there are:", file=sys.stderr)
            print("\n".join(known), file=sys.stderr)
            return None
    return [name for name in known if not asked or name in asked or name.partition("/")[0] in asked]


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="azr_backend_conformance",
        description="Holds a trainer against azr.v1.TrainerService: its calls, its arithmetic, its checkpoints.",
    )
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--backend",
        type=read_factory,
        metavar="MODULE:FACTORY",
        help="answers a new TrainerBackend, to be served here",
    )
    target.add_argument(
        "--service",
        metavar="ADDRESS",
        help="of a trainer that runs, HOST:PORT or unix:/PATH; the policy that it holds is lost",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=FLOAT32,
        help="relative, of numbers against float64 (default: %(default)s, for float32; more for bfloat16)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="for policies and checkpoints; the trainer sees it too (default: under /tmp)",
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON at the end")
    parser.add_argument(
        "checks", nargs="*", metavar="CHECK", help="these alone, or these groups (default: all)"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
