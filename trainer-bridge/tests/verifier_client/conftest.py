"""One server for all tests of the client that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from azr_verifier import Verifier
from tests.verifier_client.served import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "home") as server:
        yield server


@pytest.fixture(scope="session")
def verifier(served: Served) -> Iterator[Verifier]:
    with Verifier(served.address, timeout=120) as client:
        yield client
