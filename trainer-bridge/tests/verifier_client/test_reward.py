"""The reward function, called as TRL's `GRPOTrainer` calls it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from azr_verifier import IllegalItems, Options, Task, Verifier, verified_reward

COMPACT = Options(prompt_format="compact")
PAPER = Options(prompt_format="paper")
END = 9
SEVEN = {"type": "deduction", "output": "7"}


class Trainer:
    """What GRPOTrainer (TRL 1.16) gives a reward function beside prompts, completions and the data set's columns."""

    def __init__(self) -> None:
        self.extra: dict[str, list[str]] = {}
        self.metrics: dict[str, float] = {}

    def call(self, reward: Any, completions: list[Any], **columns: Any) -> list[float | None]:
        found: list[float | None] = reward(
            prompts=["p"] * len(completions),
            completions=completions,
            completion_ids=columns.pop("ids", [[1, END]] * len(completions)),
            trainer_state=object(),
            log_extra=self.extra.__setitem__,
            log_metric=self.metrics.__setitem__,
            **columns,
        )
        return found


def test_completions_earn_what_their_verdicts_do(verifier: Verifier) -> None:
    reward = verified_reward(verifier, options=COMPACT, correct=1.0, incorrect=-0.5, malformed=-1.0)
    trainer = Trainer()
    completions = ["so</think>7", "</think>8", "7", "</think>0"]
    assert trainer.call(reward, completions, task=[SEVEN, SEVEN, SEVEN, None]) == [1.0, -0.5, -1.0, None]
    assert trainer.extra == {"verdict": ["correct", "wrong_value", "malformed", "none"]}
    third = pytest.approx(1 / 3)
    assert trainer.metrics == {
        "verdict/correct": third,
        "verdict/incorrect": third,
        "verdict/malformed": third,
        "verdict/illegal": 0.0,
    }
    assert reward.__name__ == "verified_reward"
    assert reward(["p"], ["</think>7"], task=[SEVEN]) == [1.0]


def test_without_a_prompt_format_a_completion_is_the_answer(verifier: Verifier) -> None:
    reward = verified_reward(verifier)
    assert Trainer().call(reward, ["7", "</think>7"], task=[SEVEN, SEVEN]) == [1.0, 0.0]


@pytest.mark.parametrize("thoughts", ["reasoning_content", "thinking"])
def test_conversations_are_read_by_their_last_message(verifier: Verifier, thoughts: str) -> None:
    answer = "<answer>\n```output\n7\n```\n</answer>"
    whole = f"<think>so</think>\n{answer}"
    parts = [{"type": "text", "text": "<think>so</think>"}, {"type": "text", "text": answer}]
    completions = [
        [{"role": "assistant", "content": whole}],
        [{"role": "assistant", "content": parts}],
        [{"role": "assistant", "content": answer, thoughts: "so"}],
        [{"role": "tool", "content": "8"}, {"role": "assistant", "content": whole}],
        [{"role": "assistant", "content": answer}],
        [{"role": "assistant", "content": None}],
        [],
    ]
    rewards = Trainer().call(verified_reward(verifier, options=PAPER), completions, task=[SEVEN] * 7)
    assert rewards == [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]


def test_completions_that_were_cut_are_malformed(verifier: Verifier) -> None:
    reward = verified_reward(verifier, options=COMPACT, malformed=-1.0, end_tokens=[END])
    trainer = Trainer()
    ids = [[1, END], [1, 2], []]
    assert trainer.call(reward, ["</think>7"] * 3, task=[SEVEN] * 3, ids=ids) == [1.0, -1.0, -1.0]
    assert trainer.extra == {"verdict": ["correct", "truncated", "truncated"]}


def test_texts_may_be_decoded_by_the_caller(verifier: Verifier) -> None:
    words = {1: "</think>", 2: "7"}
    reward = verified_reward(
        verifier, options=COMPACT, decode=lambda ids: "".join(words[token] for token in ids)
    )
    assert Trainer().call(reward, ["7"], task=[SEVEN], ids=[[1, 2]]) == [1.0]


def test_tasks_that_cannot_be_judged_are_said_or_left_out(verifier: Verifier) -> None:
    tasks = [SEVEN, {"type": "deduction", "output": "seven"}, {"type": "abduction", "output": "1"}]
    with pytest.raises(
        IllegalItems, match=r"^completion 1: task\.deduction\.output: 'seven' .*, and 1 more$"
    ):
        Trainer().call(verified_reward(verifier), ["7"] * 3, task=tasks)
    trainer = Trainer()
    assert trainer.call(verified_reward(verifier, illegal="none"), ["7"] * 3, task=tasks) == [1.0, None, None]
    assert trainer.metrics["verdict/illegal"] == pytest.approx(2 / 3)


def test_rows_are_read_as_task_files_and_data_sets_have_them(verifier: Verifier) -> None:
    missing = {
        "program": None,
        "input": None,
        "given": None,
        "hidden": None,
        "message": None,
        "solveRate": 0.5,
    }
    row = {"type": "induction", "program": "", "pairs": [["0", "0"], ["1", "1"], ["2", "4"]]}
    square = "def f(x): return x * x"
    tasks = [SEVEN | missing, json.dumps(SEVEN), Task("deduction", output="7"), row, row]
    completions = ["7", "7", "7", square, "def f(x): return x"]
    reward = verified_reward(verifier, column="puzzle")
    assert Trainer().call(reward, completions, puzzle=tasks) == [1.0, 1.0, 1.0, 1.0, 0.0]
    assert Task.from_row(row).given == [["0", "0"]]


def test_a_data_set_without_tasks_is_refused(verifier: Verifier) -> None:
    reward = verified_reward(verifier)
    with pytest.raises(ValueError, match="no column 'task'"):
        Trainer().call(reward, ["7"], solution=["7"])
    with pytest.raises(ValueError, match="'task' has 1 tasks for 2 completions"):
        Trainer().call(reward, ["7", "7"], task=[SEVEN])
    with pytest.raises(ValueError, match="type: 'riddle' is not legal"):
        Trainer().call(reward, ["7"], task=[{"type": "riddle"}])
