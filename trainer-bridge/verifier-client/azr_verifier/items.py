"""What is judged: answers to tasks, and proposals. Values are Python source text, such as `{'a': [1, 2.5]}`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from azr.v1 import verifier_pb2 as pb

TaskType = Literal["deduction", "abduction", "induction", "error"]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Task:
    """What an answer is held against. A server reads of it what its type needs, and takes the rest as it is.

    deduction: `output`, the value of the call. abduction: `program` and `output`. error: `output`, the name of
    the exception's type or `NoError`. induction: `hidden`, pairs of an argument list and the value of the call.
    """

    type: TaskType
    program: str = ""
    input: str = ""
    output: str = ""
    given: Sequence[Pair] = ()
    hidden: Sequence[Pair] = ()
    message: str = ""

    def __post_init__(self) -> None:
        _check_type(self.type)

    @staticmethod
    def from_row(row: Task | Mapping[str, Any] | str) -> Task:
        """Reads a task from a data set's row: a mapping or its JSON, with fields of this class.

        Fields that are None count as missing, and others are passed over. As in task files, an induction task
        may have `pairs`, of which the first half is given. Raises ValueError that names the field.
        """
        if isinstance(row, Task):
            return row
        found = json.loads(row) if isinstance(row, str) else row
        if not isinstance(found, Mapping):
            raise ValueError(f"a task is a mapping, not {type(found).__name__}: {str(found)[:200]}")
        known = {field.name for field in fields(Task)}
        values = {name: value for name, value in found.items() if name in known and value is not None}
        _check_type(values.get("type"))
        pairs = found.get("pairs")
        if pairs is not None and "hidden" not in values:
            half = len(pairs) // 2
            values |= {"given": pairs[:half], "hidden": pairs[half:]}
        return Task(**values)


@dataclass(frozen=True)
class Response:
    """All that a policy wrote after the prompt, in the prompt format that the options name."""

    text: str
    truncated: bool = False
    """Whether it was cut at a token limit."""


@dataclass(frozen=True)
class Answer:
    """One answer to one task: the answer alone, as text, or the response that holds it."""

    task: Task
    answer: str | Response


@dataclass(frozen=True)
class Proposal:
    """A program with an input, or for induction inputs with a message for the `program` that was shown.

    With a `response` it stands for these; but for induction's `program`, the other fields stay empty.
    """

    type: TaskType
    program: str = ""
    input: str = ""
    inputs: Sequence[str] = ()
    message: str = ""
    response: Response | None = None

    def __post_init__(self) -> None:
        _check_type(self.type)


def _check_type(found: object) -> None:
    if found not in get_args(TaskType):
        raise ValueError(f"type: {found!r} is not legal; it is one of {', '.join(get_args(TaskType))}")


def _response(response: Response) -> pb.ModelResponse:
    return pb.ModelResponse(text=response.text, truncated=response.truncated)


def _pairs(pairs: Sequence[Pair]) -> list[pb.Pair]:
    return [pb.Pair(input=given, output=output) for given, output in pairs]


def task_message(task: Task) -> pb.Task:
    """The task as it is sent."""
    message = pb.Task()
    if task.type == "induction":
        pairs = {"given": _pairs(task.given), "hidden": _pairs(task.hidden)}
        message.induction.CopyFrom(pb.InductionTask(program=task.program, message=task.message, **pairs))
    else:
        triplet = pb.TripletTask(program=task.program, input=task.input, output=task.output)
        getattr(message, task.type).CopyFrom(triplet)
    return message


def answer_message(answer: Answer) -> pb.ScoreItem:
    """The item of an answer."""
    task = task_message(answer.task)
    if isinstance(answer.answer, Response):
        return pb.ScoreItem(task=task, response=_response(answer.answer))
    return pb.ScoreItem(task=task, bare=answer.answer)


def proposal_message(proposal: Proposal) -> pb.ValidateItem:
    """The item of a proposal."""
    response = None if proposal.response is None else _response(proposal.response)
    message = pb.ValidateItem()
    if proposal.type == "induction":
        message.induction.CopyFrom(
            pb.InductionProposal(
                program=proposal.program, inputs=proposal.inputs, message=proposal.message, response=response
            )
        )
    else:
        triplet = pb.TripletProposal(program=proposal.program, input=proposal.input, response=response)
        getattr(message, proposal.type).CopyFrom(triplet)
    return message


def task_from(message: pb.Task) -> Task:
    """A task that the server sent."""
    type_: TaskType = message.WhichOneof("task")
    if type_ != "induction":
        triplet = getattr(message, type_)
        return Task(type_, program=triplet.program, input=triplet.input, output=triplet.output)
    task = message.induction
    given, hidden = ([(pair.input, pair.output) for pair in pairs] for pairs in (task.given, task.hidden))
    return Task(type_, program=task.program, given=given, hidden=hidden, message=task.message)
