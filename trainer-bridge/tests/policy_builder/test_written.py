"""Programs of the policy run apart, within bounds, and cannot spoil each other's results."""

from __future__ import annotations

import time

import pytest

from azr_policy_builder.written import run_written

GOOD = "def f(x):\n x=[v+1 for v in sorted(x)]\n return x"


def test_outputs_of_several_inputs() -> None:
    assert run_written([(GOOD, ["[2, 1]", "[]"])]) == [["[2, 3]", "[]"]]


@pytest.mark.parametrize(
    ("program", "argument"),
    [
        ("", "1"),
        ("def f(x):\n return", "1"),
        ("def g(x):\n return x", "1"),
        ("def f(x):\n return x", "__import__('os')"),
        ("def f(x):\n return x", ""),
        ("def f(x):\n return x[5]", "[1]"),
        ("import os\ndef f(x):\n return x", "1"),
        ("def f(x):\n return open('/etc/passwd').read()", "1"),
        ("def f(x):\n return ().__class__", "1"),
        ("def f(x):\n return f(x)", "1"),
        ("def f(x):\n return [0]*x", "10**12"),
        ("def f(x):\n return 'a'*x", "999999999999"),
        ("def f(x):\n return 'a'*x", "1000000"),
    ],
)
def test_what_does_not_run_has_no_outputs(program: str, argument: str) -> None:
    assert run_written([(program, [argument])]) == [None]


def test_an_endless_program_is_ended_and_the_next_one_runs() -> None:
    started = time.monotonic()
    assert run_written([("def f(x):\n while 1: x=x", ["1"]), (GOOD, ["[1]"])]) == [None, ["[2]"]]
    assert time.monotonic() - started < 20
