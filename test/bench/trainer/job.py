"""The batch that both sides train on, and the policies that they train."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForCausalLM, PreTrainedModel, Qwen2Config, Qwen2ForCausalLM

from azr_trainer.batch import Sequences, TrainBatch
from azr_trainer.settings import Aggregation, LossSettings, OptimizerSettings, UpdateSettings

Tokens = NDArray[np.int64]

HERE = Path(__file__).parent
TINY = HERE.parents[2] / "policies" / "tiny"


@dataclass(frozen=True)
class Job:
    """One update of one policy."""

    scale: int  # lengths, in those of the recorded batch
    tokens: int  # of the batch, at least; 0 takes all that was recorded


JOBS = {"tiny": Job(scale=1, tokens=0), "50m": Job(scale=4, tokens=3_000)}

SETTINGS = UpdateSettings(
    LossSettings(clip_low=0.2, clip_high=0.2, aggregation=Aggregation.TOKEN_MEAN),
    OptimizerSettings(
        learning_rate=2e-4,
        beta1=0.9,
        beta2=0.99,
        weight_decay=0.01,
        gradient_clip=1.0,
        mini_batch=1024,
        epochs=1,
        micro_batch_tokens=4096,
    ),
)


def write_policy(name: str, folder: Path) -> Path:
    """The folder of a policy; one that does not ship is drawn into `folder`."""
    if name == "tiny":
        return TINY
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=32_000,
        hidden_size=512,
        num_hidden_layers=10,
        num_attention_heads=8,
        num_key_value_heads=2,
        intermediate_size=1536,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
    )
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


def load_eager(folder: Path) -> PreTrainedModel:
    """As transformers loads it, with its own attention written out in PyTorch."""
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def draw_batch(name: str, vocabulary: int) -> TrainBatch:
    """Random tokens in sequences as long as those of a recorded step, alike as far as those were, shuffled."""
    job, rng = JOBS[name], np.random.default_rng(0)
    recorded = [json.loads(line) for line in (HERE / "lengths.jsonl").read_text().splitlines()]
    rng.shuffle(recorded)
    pairs: list[tuple[Tokens, Tokens]] = []
    for task in recorded:
        if job.tokens and sum(len(prompt) + len(response) for prompt, response in pairs) >= job.tokens:
            break
        prompt = rng.integers(0, vocabulary, job.scale * task["prompt"])
        pairs += [
            (prompt, response) for response in _responses(task["responses"], job.scale, vocabulary, rng)
        ]
    rng.shuffle(pairs)
    count = len(pairs)
    sequences = Sequences(
        prompt_lengths=np.array([len(prompt) for prompt, _ in pairs], np.int32),
        response_lengths=np.array([len(response) for _, response in pairs], np.int32),
        token_ids=np.concatenate([part for pair in pairs for part in pair]).astype(np.int32),
        temperatures=np.ones(count, np.float32),
    )
    return TrainBatch(
        sequences=sequences,
        rollout_logprobs=np.full(sequences.response_tokens, -1, np.float32),
        advantages=rng.normal(size=count).astype(np.float32),
        loss_weights=np.ones(count, np.float32),
        policy_versions=np.zeros(count, np.uint64),
    )


def _responses(
    recorded: list[tuple[int, int]], scale: int, vocabulary: int, rng: np.random.Generator
) -> Iterator[Tokens]:
    """Each recorded one has a length, and how many tokens it begins with as the one before it does."""
    before = np.empty(0, np.int64)
    for length, common in recorded:
        response = rng.integers(0, vocabulary, scale * length)
        response[: scale * common] = before[: scale * common]
        if scale * common < min(len(response), len(before)):
            response[scale * common] = (before[scale * common] + 1) % vocabulary
        before = response
        yield response
