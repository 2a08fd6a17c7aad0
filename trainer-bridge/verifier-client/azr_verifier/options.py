"""What a task is and what a right answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

from azr.v1 import verifier_pb2 as pb

Treatment = Literal["reject", "zeroReward", "allow"]


@dataclass(frozen=True)
class Limits:
    """Bounds of each run of a program; what is None is the server's default, given in brackets."""

    timeout_ms: int | None = None
    """Wall clock of one run, milliseconds [5000]."""
    memory_mib: int | None = None
    """Memory that a program may add to the interpreter's own, MiB [512]."""
    output_bytes: int | None = None
    """Bytes of an output's canonical text [65536]."""
    input_length: int | None = None
    """Characters of a proposed input's canonical text [65536]."""


@dataclass(frozen=True)
class Options:
    """The rules of a call; what is None or empty is the server's default, given in brackets."""

    prompt_format: str | None = None
    """How whole responses are read: `paper` or `compact` [responses cannot be read]."""
    equality: Literal["strict", "python"] | None = None
    """`strict`: values and their types; `python`: plain `==` [strict]."""
    limits: Limits = field(default_factory=Limits)
    banned: Sequence[str] = ()
    """Modules and dotted names that a proposal may not use, beside what is always banned [none]."""
    banned_error_keywords: Sequence[str] = ()
    """Keywords that the program of an error task may not use [none]."""
    induction_inputs: int | None = None
    """Inputs of an induction proposal; further ones are left out [10]."""
    strip_comments: bool = False
    """Whether comments and docstrings are taken out of proposed programs."""
    duplicates: Treatment | None = None
    """Induction proposals that repeat an input [reject]."""
    leaks: Treatment | None = None
    """Induction messages that give away the program or the pairs [reject]."""
    constant_outputs: Treatment | None = None
    """Induction tasks whose outputs are all equal [reject]."""
    ignored_inputs: Treatment | None = None
    """Deduction and abduction tasks whose `f` mentions none of its parameters [allow]."""
    equal_hidden_outputs: Treatment | None = None
    """Induction tasks whose hidden outputs are all equal, and others are not [zeroReward]."""
    shown_hidden_inputs: Treatment | None = None
    """Induction tasks with a hidden input that is given as well [reject]."""


def options_message(options: Options) -> pb.VerifierOptions:
    """The options as they are sent. Raises ValueError for a number that a message cannot hold."""
    named = {entry.name: getattr(options, entry.name) for entry in fields(Options) if entry.name != "limits"}
    limits = {entry.name: getattr(options.limits, entry.name) for entry in fields(Limits)}
    return pb.VerifierOptions(
        limits=pb.VerifierLimits(**{name: value for name, value in limits.items() if value is not None}),
        **{name: value for name, value in named.items() if value is not None},
    )
