"""Batches, loss and schedule."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import torch
import torch.nn.functional as F

from azr_policy_builder.batches import VERDICT_WEIGHT, draw_batches, draw_copy_batch
from azr_policy_builder.compact import END
from azr_policy_builder.examples import Reasoned
from azr_policy_builder.network import build_network, weighted_loss
from azr_policy_builder.pretrain import pretrain
from azr_policy_builder.schedule import BATCH_ROWS, EXAMPLES_A_STEP, Schedule
from azr_policy_builder.tokenizer import build_tokenizer, token_id

TOKENIZER = build_tokenizer()
END_ID = token_id(TOKENIZER, END)


def test_only_completions_are_weighted() -> None:
    (batch,) = draw_batches(Random(0), TOKENIZER, 16, Reasoned.equally(0.5), 16)
    for ids, weights in zip(batch.ids.tolist(), batch.weights.tolist(), strict=True):
        length = ids.index(END_ID) + 1
        prompt = ids.index(token_id(TOKENIZER, "<think>")) + 1
        assert [t for t, weight in enumerate(weights) if weight > 0 and not prompt <= t < length] == []
        assert weights[length - 1] > 0
        assert set(ids[length:]) <= {END_ID}


def test_guesses_have_no_weight_and_verdicts_have_more() -> None:
    seen = 0
    for batch in draw_batches(Random(2), TOKENIZER, 64, Reasoned.equally(1.0), 8):
        for ids, weights in zip(batch.ids.tolist(), batch.weights.tolist(), strict=True):
            start = ids.index(token_id(TOKENIZER, "<think>")) + 1
            zero = [i for i, w in zip(ids[start:], weights[start:], strict=True) if w == 0 and i != END_ID]
            heavy = {i for i, w in zip(ids, weights, strict=True) if w == VERDICT_WEIGHT}
            assert heavy <= {token_id(TOKENIZER, "="), token_id(TOKENIZER, "!")}
            assert bool(zero) == (token_id(TOKENIZER, "!") in heavy)
            seen += bool(zero)
    assert seen > 10


def test_copied_strings_are_repeated() -> None:
    batch = draw_copy_batch(Random(0), TOKENIZER, 512, 20)
    half = batch.ids.shape[1] // 2
    assert torch.equal(batch.ids[:, :half], batch.ids[:, half:])
    assert batch.weights[:, :half].sum() == 0
    assert (batch.weights[:, half:] == 1).all()


def test_loss_of_a_padded_batch_is_that_of_its_rows() -> None:
    torch.manual_seed(0)
    network = build_network(TOKENIZER.get_vocab_size(), END_ID)
    (batch,) = draw_batches(Random(1), TOKENIZER, 6, Reasoned.equally(0.5), 6)
    expected = 0.0
    for ids, weights in zip(batch.ids, batch.weights, strict=True):
        length = int(weights.nonzero().max()) + 1
        log_probabilities = F.log_softmax(network(ids[None, :length]).logits[0, :-1], dim=-1)
        taken = log_probabilities.gather(1, ids[1:length, None])[:, 0]
        expected -= (taken * weights[1:length]).sum().item()
    assert weighted_loss(network, batch.ids, batch.weights).item() == pytest.approx(expected, rel=1e-5)


def test_schedule() -> None:
    steps = list(Schedule(copying=2, main=3, last=1).steps(Random(0), TOKENIZER))
    assert [step.rate for step in steps] == [1, 1, 1, 0.75, 0.5, 0.25]
    assert [len(step.batches) for step in steps] == [1, 1, *[EXAMPLES_A_STEP // BATCH_ROWS] * 4]


def test_scaling_keeps_every_phase() -> None:
    assert Schedule().scaled(1.0) == Schedule()
    assert Schedule().scaled(1e-9).total == 3


def test_a_seed_gives_the_same_weights(tmp_path: Path) -> None:
    schedule = Schedule(copying=1, main=1, last=1)
    weights = []
    for name, seed in (("first", 3), ("second", 3), ("other", 4)):
        pretrain(tmp_path / name, schedule, seed)
        weights.append((tmp_path / name / "model.safetensors").read_bytes())
    assert weights[0] == weights[1] != weights[2]
