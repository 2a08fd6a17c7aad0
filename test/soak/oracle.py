"""What CPython makes of programs that mean no harm, in an interpreter of its own without a jail.

Reads one line of JSON from standard input, `[[program, [input, …]], …]`, and answers with one: for each program the
outcomes of its inputs, `{"output": repr}` or `{"exception": name}`. Each is found in a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def outcome(code: Any, given: str) -> dict[str, str]:
    scope: dict[str, Any] = {"__name__": "program"}
    try:
        exec(code, scope)
        return {"output": repr(eval(f"f({given})", scope))}
    except BaseException as error:
        return {"exception": type(error).__name__}


def outcome_apart(code: Any, given: str) -> dict[str, str]:
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        with os.fdopen(writer, "w") as reply:
            json.dump(outcome(code, given), reply)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as reply:
        found: dict[str, str] = json.load(reply)
    os.waitpid(process, 0)
    return found


def main() -> None:
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # programs print
    outcomes = []
    for program, inputs in json.loads(sys.stdin.readline()):
        code = compile(program, "<program>", "exec", dont_inherit=True)
        outcomes.append([outcome_apart(code, given) for given in inputs])
    replies.write(json.dumps(outcomes))
    replies.close()


main()
