"""How a check says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Failed(Exception):
    """The trainer does not do what the contract says. The message names what was seen and what is right."""


class NotApplicable(Exception):
    """A check that this trainer cannot be put to. The message says why."""


def expect(right: bool, found: str) -> None:
    """Raises Failed with what was found, unless it is right."""
    if not right:
        raise Failed(found)


def expect_equal(what: str, got: object, wanted: object) -> None:
    """Raises Failed unless both are the same."""
    expect(got == wanted, f"{what} is {got!r}, expected {wanted!r}")


def expect_all_near(what: str, got: Sequence[float], wanted: Sequence[float], most: float) -> None:
    """Raises Failed if there are not as many, or any is more than `most` from its counterpart."""
    expect(len(got) == len(wanted), f"{what}: {len(got)} values, expected {len(wanted)}")
    if len(got) == 0:
        return
    apart = np.abs(np.asarray(got, np.float64) - np.asarray(wanted, np.float64))
    worst = int(np.argmax(np.where(np.isnan(apart), np.inf, apart)))
    found = f"{what}[{worst}] is {got[worst]:.9g}, expected {wanted[worst]:.9g}; at most {most:g} apart"
    expect(bool(apart[worst] <= most), found)
