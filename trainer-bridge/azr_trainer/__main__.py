"""`python -m azr_trainer`: serves `azr.v1.TrainerService` until it is told to stop.

Standard output carries one line, `{"ready":true,"address":"127.0.0.1:PORT"}`; all else goes to standard error.
Exit status: 0 after SIGTERM, SIGINT or the owner's end, 1 if it cannot start, 2 for wrong usage.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import IO

from azr_trainer.options import parse_options


def main() -> None:
    """Ends the process without unwinding: a thread may be waiting for an actor that is no more."""
    options = parse_options(sys.argv[1:])
    ready = _claim_stdout()
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Ray is started while gRPC has threads; its handlers would hold up the fork, which exec follows anyway.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # errors are told in our words
    status = 1
    try:
        from azr_trainer.bridge import StartError, run_bridge

        try:
            asyncio.run(run_bridge(options, ready))
            status = 0
        except StartError as error:
            print(f"azr_trainer: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        print(
            f"azr_trainer: {error}; expected the packages of requirements.lock, and on PYTHONPATH the folder that"
            " generate_protos.py makes",
            file=sys.stderr,
        )
    except Exception:
        logging.exception("the bridge failed")
    finally:
        sys.stderr.flush()
        os._exit(status)


def _claim_stdout() -> IO[str]:
    """Standard output for the readiness line alone: whatever else is written there, by Ray too, goes to stderr."""
    ready = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return ready


if __name__ == "__main__":
    main()
