"""Batches, loss and schedule."""

from __future__ import annotations

from random import Random

import pytest
import torch
import torch.nn.functional as F

from azr_policy_builder.batches import draw_batches, draw_copy_batch
from azr_policy_builder.compact import END
from azr_policy_builder.network import build_network, weighted_loss
from azr_policy_builder.pretrain import pretrain
from azr_policy_builder.schedule import Cycle, Schedule
from azr_policy_builder.tokenizer import build_tokenizer, token_id

TOKENIZER = build_tokenizer()
END_ID = token_id(TOKENIZER, END)


def test_only_completions_are_weighted() -> None:
    (batch,) = draw_batches(Random(0), TOKENIZER, 16, 0.5, 16)
    for ids, weights in zip(batch.ids.tolist(), batch.weights.tolist(), strict=True):
        length = ids.index(END_ID) + 1
        prompt = ids.index(token_id(TOKENIZER, "<think>")) + 1
        assert [w > 0 for w in weights] == [prompt <= t < length for t in range(len(ids))]
        assert set(ids[length:]) <= {END_ID}


def test_copied_strings_are_repeated() -> None:
    batch = draw_copy_batch(Random(0), TOKENIZER, 512, 20)
    half = batch.ids.shape[1] // 2
    assert torch.equal(batch.ids[:, :half], batch.ids[:, half:])
    assert batch.weights[:, :half].sum() == 0
    assert (batch.weights[:, half:] == 1).all()


def test_loss_of_a_padded_batch_is_that_of_its_rows() -> None:
    torch.manual_seed(0)
    network = build_network(TOKENIZER.get_vocab_size(), END_ID)
    (batch,) = draw_batches(Random(1), TOKENIZER, 6, 0.5, 6)
    expected = 0.0
    for ids, weights in zip(batch.ids, batch.weights, strict=True):
        length = int(weights.nonzero().max()) + 1
        log_probabilities = F.log_softmax(network(ids[None, :length]).logits[0, :-1], dim=-1)
        taken = log_probabilities.gather(1, ids[1:length, None])[:, 0]
        expected -= (taken * weights[1:length]).sum().item()
    assert weighted_loss(network, batch.ids, batch.weights).item() == pytest.approx(expected, rel=1e-5)


def test_schedule() -> None:
    schedule = Schedule(copying=2, first=Cycle(3, 1), second=Cycle(1, 1, peak=0.5))
    steps = list(schedule.steps(Random(0), TOKENIZER))
    assert len(steps) == schedule.total == 8
    assert [step.rate for step in steps] == [1, 1, 1, 0.75, 0.5, 0.25, 0.5, 0.25]
    assert [step.fresh for step in steps] == [False] * 6 + [True, False]
    assert [len(step.batches) for step in steps] == [1, 1, 4, 4, 4, 4, 4, 4]


def test_scaling_keeps_every_phase() -> None:
    assert Schedule().scaled(1.0) == Schedule()
    assert Schedule().scaled(1e-9).total == 5


def test_a_seed_gives_the_same_weights() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        schedule = Schedule(copying=1, first=Cycle(1, 1), second=Cycle(1, 1))
        (first, tokens), (second, _), (other, _) = (
            pretrain(TOKENIZER, schedule, s, print) for s in (3, 3, 4)
        )
    finally:
        torch.set_num_threads(threads)
    assert tokens > 5000
    weights = first.model.embed_tokens.weight
    assert torch.equal(weights, second.model.embed_tokens.weight)
    assert not torch.equal(weights, other.model.embed_tokens.weight)
