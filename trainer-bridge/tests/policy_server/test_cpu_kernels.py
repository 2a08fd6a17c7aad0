"""What is compiled for the CPU against what PyTorch makes of the same numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import pytest
import torch

from azr_policy_server import cpu_kernels
from azr_policy_server.cpu_forward import CpuForward
from azr_policy_server.kv_cache import KVCache, padded
from azr_policy_server.model_folder import read_config
from azr_policy_server.qwen2 import Prompt, Qwen2
from azr_policy_server.qwen2_weights import load_weights
from azr_policy_server.sampling import SamplingParams, SamplingRows, draw_by_torch, draw_compiled
from tests.policy_server.tiny_policy import VOCABULARY

CPU = torch.device("cpu")
EPSILON = np.float32(1e-6)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logprobs_of_one_text(folder: Path, kind: Callable[[Qwen2], Qwen2 | CpuForward]) -> list[torch.Tensor]:
    """Behind prompts of several lengths with one to three rows each, and behind each of the tokens that follow."""
    rng, config = random.Random(2), read_config(folder)
    model = Qwen2(config, load_weights(folder, config, CPU), 256, CPU)
    forward, cache, prompts, rows = kind(model), KVCache(config, 16, 256, CPU), [], 0
    for length, samples in ((1, 2), (40, 1), (7, 3), (100, 1)):
        prompts.append(Prompt([rng.randrange(VOCABULARY) for _ in range(length)], rows, samples))
        rows += samples
    logprobs = [forward.prefill(prompts, cache)]
    lengths = torch.tensor([len(prompt.tokens) for prompt in prompts for _ in range(prompt.rows)])
    positions = torch.cat((lengths, torch.zeros(padded(rows) - rows, dtype=torch.int64)))
    for _ in range(20):
        tokens = torch.tensor([rng.randrange(VOCABULARY) for _ in positions])
        logprobs.append(forward.decode(tokens, positions, int(positions.max()) + 1, cache)[:rows].clone())
        positions[:rows] += 1
    return logprobs


@pytest.mark.parametrize("folder", ["policy", "untied_policy"])
@torch.inference_mode()
def test_the_forward_pass_is_that_of_pytorch(folder: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(folder)
    compiled = logprobs_of_one_text(path, CpuForward)
    for own, expected in zip(compiled, logprobs_of_one_text(path, lambda model: model), strict=True):
        torch.testing.assert_close(own, expected, atol=2e-5, rtol=0)


def test_draws_are_those_of_pytorch() -> None:
    logits = torch.randn(3000, 57, generator=generator(3)) * 3
    logits[::5, ::2] = float("-inf")
    params = [
        SamplingParams(
            1, (0.0, 0.3, 1.0, 1.7)[i % 4], 1.0, i - 1500, (), frozenset(), False, False, True, None
        )
        for i in range(3000)
    ]
    rows, positions = SamplingRows.of(params, CPU), torch.arange(3000)
    assert torch.equal(draw_compiled(logits, rows, positions), draw_by_torch(logits, rows, positions))


def test_large_and_small_numbers_come_out_as_in_pytorch() -> None:
    x = torch.full((1, 4), 1.0)
    logits = torch.tensor(
        [[3e38, -3e38, 0.0, -1e-30], [200.0, 100.0, 199.5, float("-inf")], [0.0, -0.0, 90.0, 3.0]]
    )
    own = logits.clone()
    cpu_kernels.log_softmax(x.expand(3, 4).contiguous().numpy(), np.float32(0.0), own.numpy())
    torch.testing.assert_close(own, logits.log_softmax(-1))
    gates = torch.tensor([[-3e38, -100.0, -88.5, -1.0, 0.0, 1.0, 88.5, 3e38]])
    gated = torch.empty(1, 8)
    cpu_kernels.gate(
        x.numpy(), np.float32(0.0), torch.cat((gates, torch.ones(1, 8)), 1).numpy(), gated.numpy()
    )
    torch.testing.assert_close(gated, torch.nn.functional.silu(gates))


def test_a_row_that_is_not_a_number_stays_so_and_alone() -> None:
    x, numbers = torch.randn(3, 16, generator=generator(4)), torch.randn(3, 64, generator=generator(5))

    def outcomes() -> list[torch.Tensor]:
        attended, gated, logits = torch.empty(3, 16), torch.empty(3, 32), numbers.clone()
        tables, places = (
            [torch.ones(4, 8).numpy()] * 2,
            [torch.tensor(p).numpy() for p in ((0, 1, 2), (0, 3, 1))],
        )
        cache, qkv = (
            torch.ones(3, 4, 4, 8),
            numbers[:, :48].contiguous(),
        )  # of 2 heads, and 2 that are keys and values
        cpu_kernels.attend(
            *(x.numpy(), EPSILON, qkv.numpy(), torch.ones(48).numpy(), *tables, *places),
            *(cache.numpy(), attended.numpy()),
        )
        cpu_kernels.gate(x.numpy(), EPSILON, numbers.numpy(), gated.numpy())
        cpu_kernels.log_softmax(x.numpy(), EPSILON, logits.numpy())
        return [attended, gated, logits]

    sound = outcomes()
    numbers[1, 40] = x[1, 3] = float("nan")
    for before, after in zip(sound, outcomes(), strict=True):
        assert after[1].isnan().all()
        assert torch.equal(before[[0, 2]], after[[0, 2]])


def test_a_distribution_that_is_not_a_number_draws_a_token_of_the_vocabulary() -> None:
    logits = torch.full((2, 9), float("nan"))
    params = [SamplingParams(1, t, 1.0, 0, (), frozenset(), False, False, True, None) for t in (0.0, 1.0)]
    drawn = draw_compiled(logits, SamplingRows.of(params, CPU), torch.arange(2))
    assert all(0 <= token < 9 for token in drawn.tolist())


def doubled(x: float) -> float:
    return 2.0 * x


def test_a_damaged_cache_is_compiled_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert cpu_kernels.compiled("f8(f8)")(doubled)(3.0) == 6.0
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(b"")
    assert cpu_kernels.compiled("f8(f8)")(doubled)(3.0) == 6.0


def test_without_a_folder_for_a_cache_it_compiles_all_the_same() -> None:
    source: dict[str, Callable[[float], float]] = {}
    exec("def doubled(x):\n    return 2.0 * x", source)  # of no file, so that there is no folder beside it
    assert cpu_kernels.compiled("f8(f8)")(source["doubled"])(3.0) == 6.0
