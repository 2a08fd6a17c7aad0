from __future__ import annotations

import torch

from azr_policy_server.sampling import SamplingParams, SamplingRows, sample, uniform

CPU = torch.device("cpu")
DRAWS = 20_000


def rows(count: int, temperature: float = 1.0, top_p: float = 1.0) -> SamplingRows:
    params = [
        SamplingParams(1, temperature, top_p, seed, (), frozenset(), False, False, True, None)
        for seed in range(count)
    ]
    return SamplingRows.of(params, CPU)


def shares(logits: torch.Tensor, temperature: float = 1.0, top_p: float = 1.0) -> torch.Tensor:
    """How often each token is drawn, over neighbouring seeds at one position."""
    batch = logits.expand(DRAWS, -1)
    drawn = sample(batch, rows(DRAWS, temperature, top_p), torch.full((DRAWS,), 7))
    return torch.bincount(drawn, minlength=logits.shape[-1]) / DRAWS


def test_uniform_is_splitmix64() -> None:
    # The first three outputs of the published generator for the seed 0, of which the upper 52 bits count.
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    drawn = uniform(torch.zeros(3, dtype=torch.int64), torch.arange(3))
    assert drawn.tolist() == [(x >> 12) / 2.0**52 for x in expected]


def test_draws_follow_the_distribution() -> None:
    torch.manual_seed(0)
    logits = torch.randn(50) * 2
    for temperature in (0.5, 1.0, 1.7):
        p = (logits / temperature).softmax(-1)
        chi_square = (DRAWS * (shares(logits, temperature) - p) ** 2 / p).sum()
        assert chi_square < 100  # 49 degrees of freedom: exceeded by chance once in 50,000


def test_top_p_keeps_the_smallest_set_that_reaches_it() -> None:
    logits = torch.tensor([0.1, 0.5, 0.15, 0.25]).log()
    assert (shares(logits, top_p=0.7) > 0).tolist() == [False, True, False, True]
    assert (shares(logits, top_p=0.01) > 0).tolist() == [False, True, False, False]
    assert torch.allclose(shares(logits, top_p=0.7)[[1, 3]], torch.tensor([2 / 3, 1 / 3]), atol=0.02)


def test_rows_of_one_batch_keep_their_own_parameters() -> None:
    params = [
        SamplingParams(1, t, p, 3, (), frozenset(), False, False, True, None)
        for t, p in ((0.0, 1.0), (1.0, 1.0), (1.0, 0.3), (1e-6, 0.5))
    ]
    logits, positions = torch.randn(4, 40, generator=torch.Generator().manual_seed(1)), torch.arange(4)
    together = sample(logits, SamplingRows.of(params, CPU), positions)
    for i in range(4):
        assert (
            sample(logits[i : i + 1], SamplingRows.of(params[i : i + 1], CPU), positions[i : i + 1])
            == together[i]
        )
    assert together[[0, 3]].tolist() == logits.argmax(-1)[[0, 3]].tolist()


def test_a_token_of_probability_zero_is_never_drawn() -> None:
    logits = torch.full((30,), float("-inf"))
    logits[[4, 11]] = 0.0
    assert set(shares(logits).nonzero().flatten().tolist()) == {4, 11}
