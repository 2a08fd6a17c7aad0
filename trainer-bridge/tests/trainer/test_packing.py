"""Packed sequences are scored as each alone would be, and logits in chunks as all at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

from azr_backend_conformance.policies import VOCABULARY
from azr_trainer.backends.torch_backend import TorchBackend
from azr_trainer.batch import Sequences, TrainBatch
from azr_trainer.micro_batch import micro_batches
from azr_trainer.policy import Policy
from azr_trainer.token_scores import CHUNK_TOKENS, token_scores
from tests.trainer.support.batches import draw_batch, share_beginnings
from tests.trainer.support.reference import token_distributions

any_batch = examples(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
lengths = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=9)
budgets = st.sampled_from([1, 18, 40, 10_000])
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def policy(new_backend: Callable[[], TorchBackend]) -> Policy:
    return new_backend()._held()[0].policy


def draw(shape: list[tuple[int, int]], shared: bool) -> TrainBatch:
    drawn = draw_batch(1, *zip(*shape, strict=True))
    return share_beginnings(drawn) if shared else drawn


@any_batch
@given(shape=lengths, shared=st.booleans(), budget=budgets)
def test_packed_logits_are_those_of_each_sequence_alone(
    policy: Policy, shape: list[tuple[int, int]], shared: bool, budget: int
) -> None:
    batch = draw(shape, shared)
    sequences = batch.sequences
    packed = torch.zeros(sequences.response_tokens, VOCABULARY)
    with torch.no_grad():
        for micro in micro_batches(sequences, np.arange(len(sequences)), budget, CPU):
            packed[micro.slots] = policy.response_logits(micro)
        alone = [token_distributions(policy.model, batch, index)[0] for index in range(len(sequences))]
    assert torch.allclose(packed, torch.cat(alone), rtol=0, atol=2e-5)


@any_batch
@given(shape=lengths, shared=st.booleans(), budget=budgets)
def test_every_response_token_is_packed_once_and_no_budget_is_exceeded(
    shape: list[tuple[int, int]], shared: bool, budget: int
) -> None:
    sequences = draw(shape, shared).sequences
    micros = [*micro_batches(sequences, np.arange(len(sequences)), budget, CPU)]
    slots = np.concatenate([[], *(micro.slots for micro in micros)])
    assert sorted(slots) == [*range(sequences.response_tokens)]
    for micro in micros:
        cells = sum(count * length for count, length in micro.attention.shapes)
        assert cells <= budget or len(micro.owners.unique()) == 1
        assert len(micro.input_ids) == len(micro.attention.tokens.unique()) <= cells
        assert torch.equal(micro.attention.tokens[micro.attention.cells], torch.arange(len(micro.input_ids)))


def test_what_sequences_begin_with_in_common_is_packed_once() -> None:
    sequences = [(1, 2, 3), (1, 2, 3, 4, 5), (1, 2, 3, 4, 5), (1, 2, 3, 4, 6, 7), (1, 9)]
    lengths = np.array([len(one) for one in sequences], np.int32)
    prompts = np.array([2, 2, 2, 2, 1], np.int32)
    batch = Sequences(
        prompts, lengths - prompts, np.concatenate(sequences).astype(np.int32), np.ones(5, np.float32)
    )
    [micro] = micro_batches(batch, np.arange(5), 1000, CPU)
    assert micro.input_ids.tolist() == [1, 2, 3, 4, 5, 6, 7, 1, 9]  # prompts that differ are told apart
    assert micro.positions.tolist() == [0, 1, 2, 3, 4, 4, 5, 0, 1]
    assert micro.attention.shapes == ((1, 6), (1, 5), (1, 2))  # those that are in no other
    assert (micro.unshared, len(micro.slots)) == (21, 12)


class WidestLogits(TorchDispatchMode):
    """Notes for how many tokens at most any tensor held the whole vocabulary."""

    rows = 0

    def __torch_dispatch__(
        self, func: Callable[..., object], types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        result = func(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple | list) else [result]:
            if torch.is_tensor(tensor) and tensor.dim() and tensor.shape[-1] == VOCABULARY:
                self.rows = max(self.rows, tensor.numel() // VOCABULARY)
        return result


def test_logits_of_all_tokens_never_exist_at_once(policy: Policy) -> None:
    sequences = draw([(2, 30)] * 20, shared=True).sequences
    [micro] = micro_batches(sequences, np.arange(20), 1000, CPU)
    with WidestLogits() as widest:
        scores = policy.score(micro, None)
        (scores.logprobs + scores.entropies).sum().backward()
    assert len(micro.slots) == 600
    assert widest.rows == CHUNK_TOKENS == 256


def one_at_a_time(
    hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor, temperatures: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    raw = (hidden @ weight.T).log_softmax(1)
    log_p = (hidden @ weight.T / temperatures[:, None]).log_softmax(1)
    own, places = targets, torch.arange(len(targets))
    return log_p[places, own], -(log_p.exp() * log_p).sum(1), raw[places, own]


@any_batch
@given(
    count=st.integers(0, 9),
    chunk=st.integers(1, 10),
    tempered=st.booleans(),
    of_entropy=st.sampled_from([0.0, 0.3]),
    of_logprob=st.sampled_from([0.0, 1.0]),
)
def test_chunked_scores_and_their_gradients_are_the_whole_ones(
    count: int, chunk: int, tempered: bool, of_entropy: float, of_logprob: float
) -> None:
    generator = torch.Generator().manual_seed(count)
    hidden, weight = (torch.randn(rows, 5, dtype=torch.float64, generator=generator) for rows in (count, 7))
    targets = torch.randint(7, (count,), generator=generator)
    temperatures = torch.linspace(0.5, 2, count, dtype=torch.float64) if tempered else None
    weights = torch.randn(2, count, dtype=torch.float64, generator=generator)
    gradients, results = [], []
    for chunked in (True, False):
        leaves = [tensor.clone().requires_grad_() for tensor in (hidden, weight)]
        if chunked:
            scores = token_scores(*leaves, targets, temperatures, chunk)
            found = scores.logprobs, scores.entropies, scores.raw
            assert not scores.raw.requires_grad
        else:
            found = one_at_a_time(
                *leaves, targets, torch.ones(count) if temperatures is None else temperatures
            )
        loss = sum(
            (share * part * weight).sum()
            for share, part, weight in zip((of_logprob, of_entropy), found, weights, strict=False)
            if share
        )
        if torch.is_tensor(loss):
            loss.backward()
        gradients.append([leaf.grad for leaf in leaves])
        results.append([part.detach() for part in found])
    for one, other in zip(*results, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)
    for one, other in zip(*gradients, strict=True):
        assert (one is None) == (other is None)
        assert one is None or torch.allclose(one, other, rtol=1e-9, atol=1e-12)
