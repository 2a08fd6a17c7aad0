"""`python -m azr_policy_server --model DIR`: serves a policy until it is told to stop.

Exit status: 0 after SIGTERM, SIGINT or the owner's end; 1 if it cannot start or the engine dies; 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from azr_policy_server.lifecycle import PolicyServer, StartError, bind, die_with_owner, exit_on_signals
from azr_policy_server.model_folder import ModelFolderError


def main(argv: list[str] | None = None) -> int:
    options = parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    exit_on_signals()
    if options.owner_stdin:
        die_with_owner()
    try:
        bound = bind(options.host, options.port)
        # Imported only now: torch takes seconds, and a busy port or a lost owner should be noticed before.
        from azr_policy_server.assembly import assemble

        return PolicyServer(*assemble(options)).serve_until_told(bound)
    except (StartError, ModelFolderError) as error:
        logging.getLogger("azr_policy_server").error("%s", error)
        return 1


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="azr_policy_server",
        description="Serves a Qwen2-shaped policy in vLLM's HTTP dialect. Prints one line of JSON when it is ready.",
    )
    options.add_argument(
        "--model", type=Path, required=True, metavar="DIR", help="model folder in Hugging Face layout"
    )
    options.add_argument("--served-model-name", default="policy", metavar="NAME")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=_at_least(0), default=0, help="0 takes a free one (default)")
    options.add_argument(
        "--max-model-len", type=_at_least(1), metavar="TOKENS", help="default: the model's own"
    )
    options.add_argument(
        "--max-num-seqs", type=_at_least(1), default=128, metavar="N", help="sequences that run at once"
    )
    options.add_argument(
        "--max-waiting", type=_at_least(1), default=4096, metavar="N", help="sequences that may wait"
    )
    options.add_argument(
        "--threads", type=_at_least(1), default=1, metavar="N", help="for arithmetic on the CPU"
    )
    options.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    options.add_argument(
        "--owner-stdin", action="store_true", help="exit when standard input ends or the parent dies"
    )
    return options


def _at_least(lowest: int) -> Callable[[str], int]:
    def integer(text: str) -> int:
        value = int(text)
        if value < lowest:
            raise argparse.ArgumentTypeError(f"{value} is below {lowest}")
        return value

    return integer


if __name__ == "__main__":
    sys.exit(main())
