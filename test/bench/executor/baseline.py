"""What the released Absolute Zero trainer does for a verdict: a pool of processes, and `exec` in them.

Its facts are followed, not its text (LeapLabTHU/Absolute-Zero-Reasoner, MIT: `PythonExecutor`, `CodeIORewardManager`);
README.md says which. Nothing here is safe: programs run with all the rights of this process.

Speaks lines of JSON. `{"load": tasks, "limit": seconds}` is not timed; `{"validate": i}` answers with one verdict
and `{"score": i}` with one for each answer, as a list of booleans. Ends with its standard input.
"""

from __future__ import annotations

import ast
import json
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import IO, Any, NoReturn

from pebble import ProcessPool

BANNED = """
    logging random multiprocessing pebble subprocess threading datetime time hashlib hmac bcrypt os.sys os.path
    sys.exit os.environ calendar
""".split()  # noqa: SIM905  (a list would be as long as the rest)

RUN = "{program}\nvalue = f({given})\nif value != f({given}):\n    raise Exception('two calls differ')\nrepr(value)"
"""A proposal: two calls in one process, compared there."""
TRY_INPUT = "{program}\n{gold} == f({answer})"
TRY_OUTPUT = "{program}\neval({gold}) == eval({answer})"

Task = dict[str, Any]


def under_alarm(limit: float, work: Callable[..., Any], *arguments: Any) -> Any:
    """Ended by a signal that the program can catch."""

    def expire(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TimeoutError("timed out")

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return work(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def execute(limit: float, lines: list[str]) -> tuple[Any, str]:
    """In the worker: all lines but the last are run, the last is evaluated, all in one namespace."""
    scope: dict[str, Any] = {}
    try:
        under_alarm(limit, exec, "\n".join(lines[:-1]), scope)
        value = under_alarm(limit, eval, lines[-1], scope)
        str(value)
        pickle.dumps(value)
    except BaseException:
        return "", traceback.format_exc().split("\n")[-2]
    return value, "Done"


class Trainer:
    """One worker; each run waits for the one before."""

    def __init__(self) -> None:
        self.pool = ProcessPool(max_workers=1)
        self.limit = 10.0
        self.tasks: list[Task] = []

    def load(self, tasks: list[Task], limit: float) -> None:
        self.tasks, self.limit = tasks, limit
        self.run("None\nNone")  # the worker is there

    def run(self, source: str) -> tuple[str, bool]:
        """The result's text, and whether there is one."""
        lines = source.strip().split("\n")
        results = self.pool.map(partial(execute, self.limit), [lines], timeout=self.limit).result()
        try:
            value, status = next(results)
        except Exception as error:
            value, status = "", f"Error: {error}"
        return str(value).strip(), "error" not in status.lower()

    def validate(self, task: Task) -> list[bool]:
        return [
            all(self.check(task["program"], given, task["type"] != "induction") for given in task["inputs"])
        ]

    def check(self, program: str, given: str, is_new: bool) -> bool:
        """The program of an induction proposal is not new: no word is banned there, but it is read all the same."""
        if has_banned_import(program, BANNED if is_new else []):
            return False
        source = RUN.format(program=program, given=given)
        return parses(source) and self.run(source)[1]

    def score(self, task: Task) -> list[bool]:
        if task["type"] == "induction":
            return [self.is_program(task, answer) for answer in task["answers"]]
        judge = self.is_output if task["type"] == "deduction" else self.is_input
        seen: dict[str, bool] = {}
        for answer in task["answers"]:
            if answer not in seen:
                seen[answer] = judge(task, answer)
        return [seen[answer] for answer in task["answers"]]

    def is_program(self, task: Task, answer: str) -> bool:
        """Every hidden pair is run, whatever became of the one before."""
        hits = [self.is_input({"program": answer, "gold": gold}, given) for given, gold in task["hidden"]]
        return all(hits)

    def is_input(self, task: Task, answer: str) -> bool:
        return self.holds(TRY_INPUT.format(program=task["program"], gold=task["gold"], answer=answer))

    def is_output(self, task: Task, answer: str) -> bool:
        try:
            if eval(task["gold"]) == eval(answer):
                return True
        except BaseException:
            pass
        return self.holds(TRY_OUTPUT.format(program=task["program"], gold=task["gold"], answer=answer))

    def holds(self, source: str) -> bool:
        if not parses(source):
            return False
        text, ended_well = self.run(source)
        return ended_well and text == "True"


def parses(source: str) -> bool:
    try:
        ast.parse(source)
    except Exception:
        return False
    return True


def has_banned_import(program: str, banned: list[str]) -> bool:
    try:
        tree = ast.parse(program)
    except SyntaxError:
        return False
    return any(word in name.split(".") for name in imported_names(tree) for word in banned)


def imported_names(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names


def serve(trainer: Trainer, requests: IO[str], replies: IO[str]) -> None:
    for line in requests:
        request = json.loads(line)
        if "load" in request:
            trainer.load(request["load"], request["limit"])
            verdicts = []
        elif "validate" in request:
            verdicts = trainer.validate(trainer.tasks[request["validate"]])
        else:
            verdicts = trainer.score(trainer.tasks[request["score"]])
        replies.write(json.dumps(verdicts) + "\n")
        replies.flush()


def main() -> None:
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # programs print
    trainer = Trainer()
    serve(trainer, sys.stdin, replies)
    trainer.pool.stop()
    trainer.pool.join()


if __name__ == "__main__":
    main()
