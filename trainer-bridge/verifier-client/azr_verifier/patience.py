"""How long, and how often, a call is tried."""

from __future__ import annotations

import random
import time

from azr_verifier.errors import DeadlineExceeded

FIRST_WAIT = 0.2
LONGEST_WAIT = 5.0


class Patience:
    """The time that is left to a call, and the attempts since something was last answered."""

    def __init__(self, timeout: float | None, attempts: int) -> None:
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._attempts = attempts
        self._failed = 0

    def seconds_left(self) -> float | None:
        """Seconds until the deadline; None where there is none. Raises DeadlineExceeded where none are left."""
        if self._deadline is None:
            return None
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded("the time that the call was given is over")
        return left

    def restore(self) -> None:
        """Something was answered: attempts count anew."""
        self._failed = 0

    def wait(self) -> bool:
        """Waits before the next attempt, longer each time; False where there is none."""
        self._failed += 1
        left = self.seconds_left()
        # Of many callers that lost one server not all come back at once.
        pause = min(FIRST_WAIT * 2 ** (self._failed - 1), LONGEST_WAIT) * random.uniform(0.5, 1.0)
        if self._failed >= self._attempts or (left is not None and left <= pause):
            return False
        time.sleep(pause)
        return True
