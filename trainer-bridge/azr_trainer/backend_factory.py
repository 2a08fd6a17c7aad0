"""Backends that others make, named on a command line as MODULE:FACTORY."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable

from azr_trainer.backend import TrainerBackend

BackendFactory = Callable[[], TrainerBackend]


def read_factory(text: str) -> BackendFactory:
    """A function of an importable module, without arguments. Raises argparse.ArgumentTypeError."""
    module, _, name = text.partition(":")
    try:
        factory = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"is {text!r}, expected MODULE:FACTORY: {error}") from None
    if not callable(factory):
        raise argparse.ArgumentTypeError(f"is {text!r}, which cannot be called")
    return factory  # type: ignore[no-any-return]
