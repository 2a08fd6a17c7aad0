"""A few real steps of TRL's `GRPOTrainer` on the tiny policy, rewarded by a verifier that runs.

    python grpo_steps.py ADDRESS POLICY_FOLDER

Prompts are plain in one training and conversations in the other. Ends with 0 if each step was made, rewards were the
verdicts that the verifier gives again, and the weights changed; prints one line of JSON for each training.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from azr_verifier import Answer, Options, Response, Task, Verifier, verified_reward
from azr_verifier.reward import text_of

STEPS = 4
PROMPTS_A_STEP = 3
GENERATIONS = 8
OPTIONS = Options(prompt_format="compact")
TASKS = {"deduction": 4, "abduction": 4, "induction": 4}
ONE_TURN = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def rows(policy: Path, conversational: bool) -> Iterator[dict[str, Any]]:
    """Held-out tasks of each type with their prompts, as the compact format has them."""
    left = dict(TASKS)
    for line in (policy / "tasks" / "heldout.jsonl").read_text().splitlines():
        task = Task.from_row(json.loads(line))
        if left.get(task.type, 0) > 0:
            left[task.type] -= 1
            prompt = prompt_of(task)
            yield {
                "prompt": [{"role": "user", "content": prompt}] if conversational else prompt,
                "task": line,
            }


def prompt_of(task: Task) -> str:
    """What a solver is shown."""
    if task.type == "induction":
        return "<ind>" + "".join(f"<in>{given}<out>{output}" for given, output in task.given) + "<think>"
    if task.type == "abduction":
        return f"<abd>{task.program}<out>{task.output}<think>"
    return f"<ded>{task.program}<in>{task.input}<think>"


def train(policy: Path, verifier: Verifier, conversational: bool) -> dict[str, Any]:
    """Makes the steps and checks them; what came of it."""
    tokenizer = AutoTokenizer.from_pretrained(policy, padding_side="left")
    tokenizer.chat_template = ONE_TURN
    model = AutoModelForCausalLM.from_pretrained(policy, dtype=torch.float32)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    reward = verified_reward(verifier, options=OPTIONS, end_tokens=[tokenizer.eos_token_id])
    seen: list[tuple[str, str, list[int], float | None]] = []

    def recorded(prompts: list[Any], completions: list[Any], **columns: Any) -> list[float | None]:
        rewards = reward(prompts, completions, **columns)
        texts = [text_of(completion, with_thoughts=True) for completion in completions]
        seen.extend(zip(columns["task"], texts, columns["completion_ids"], rewards, strict=True))
        return rewards

    with tempfile.TemporaryDirectory() as folder:
        trainer = GRPOTrainer(
            model=model,
            processing_class=tokenizer,
            reward_funcs=recorded,
            train_dataset=Dataset.from_list(list(rows(policy, conversational))),
            args=GRPOConfig(
                output_dir=folder,
                max_steps=STEPS,
                per_device_train_batch_size=PROMPTS_A_STEP * GENERATIONS,
                num_generations=GENERATIONS,
                max_completion_length=96,
                learning_rate=1e-4,
                temperature=1.0,
                logging_steps=1,
                report_to=[],
                save_strategy="no",
                seed=7,
                use_cpu=True,
                bf16=False,
                disable_tqdm=True,
            ),
        )
        trainer.train()
    steps = [entry for entry in trainer.state.log_history if "reward" in entry]
    changed = [
        name for name, weight in trainer.model.named_parameters() if not torch.equal(weight, before[name])
    ]
    check(seen, verifier, tokenizer.eos_token_id)
    assert len(steps) == STEPS, f"{len(steps)} steps were logged"
    assert len(changed) == len(before), f"{len(before) - len(changed)} weights did not change"
    assert any(entry["verdict/correct"] > 0 for entry in steps), "no completion was right"
    keys = ("reward", "verdict/correct", "verdict/incorrect", "verdict/malformed", "grad_norm")
    return {
        "conversational": conversational,
        "completions": len(seen),
        "steps": [{key: round(entry[key], 4) for key in keys} for entry in steps],
    }


def check(seen: list[tuple[str, str, list[int], float | None]], verifier: Verifier, end_token: int) -> None:
    """Each completion that came to its end earned what its verdict says; one that was cut earned nothing."""
    assert len(seen) == STEPS * PROMPTS_A_STEP * GENERATIONS
    ended = [(task, text, reward) for task, text, ids, reward in seen if ids[-1] == end_token]
    answers = [Answer(Task.from_row(task), Response(text)) for task, text, _ in ended]
    for verdict, (_, text, reward) in zip(verifier.score(answers, options=OPTIONS), ended, strict=True):
        assert reward == float(verdict.correct), f"{text!r} earned {reward} for {verdict}"
    assert all(reward == 0.0 for *_, ids, reward in seen if ids[-1] != end_token)


def main() -> None:
    """Trains twice."""
    address, policy = sys.argv[1:]
    with Verifier(address) as verifier:
        for conversational in (False, True):
            print(json.dumps(train(Path(policy), verifier, conversational)), flush=True)


if __name__ == "__main__":
    main()
