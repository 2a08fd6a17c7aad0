"""A tiny policy with random weights, and backends that hold it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from azr_backend_conformance.policies import write_policy
from azr_trainer.backends.torch_backend import TorchBackend


@pytest.fixture(scope="session")
def policy_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Qwen2 model, whose logits differ enough for ratios to matter."""
    folder = tmp_path_factory.mktemp("policy")
    write_policy(folder, seed=7)
    return folder


@pytest.fixture(scope="session")
def new_backend(policy_dir: Path) -> Callable[[], TorchBackend]:
    """Makes a backend that holds the policy."""

    def make() -> TorchBackend:
        backend = TorchBackend("cpu", threads=1)
        backend.load_policy(policy_dir, seed=0)
        return backend

    return make


@pytest.fixture
def backend(new_backend: Callable[[], TorchBackend]) -> TorchBackend:
    """Holds the policy, at version 0."""
    return new_backend()
