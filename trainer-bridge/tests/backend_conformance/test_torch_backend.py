"""The backend of this repository conforms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from azr_backend_conformance import CHECKS, Subject, subject_of_backend
from azr_trainer.backends.torch_backend import TorchBackend


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    with subject_of_backend(
        lambda: TorchBackend("cpu", 1), tmp_path_factory.mktemp("conformance")
    ) as subject:
        yield subject


@pytest.mark.parametrize("check", CHECKS)
def test_conformance(subject: Subject, check: str) -> None:
    CHECKS[check](subject)
