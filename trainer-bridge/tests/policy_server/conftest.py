from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy_server.server_process import Client, serving
from tests.policy_server.tiny_policy import write_policy


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_policy(tmp_path_factory.mktemp("policy"))


@pytest.fixture(scope="session")
def untied_policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_policy(tmp_path_factory.mktemp("untied"), tied=False, seed=1)


@pytest.fixture(scope="session")
def server(policy: Path) -> Iterator[Client]:
    """One server for all tests; whoever pauses it or changes its weights puts that right again."""
    with serving("--model", policy, "--max-num-seqs", "16") as client:
        yield client
