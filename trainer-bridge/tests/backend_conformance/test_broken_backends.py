"""The checks can fail: each of the broken backends is found by the check that is there for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance import CHECKS, Failed, subject_of_backend, subject_of_service
from azr_backend_conformance.serving import serving
from azr_trainer.service import TrainerService
from tests.backend_conformance.broken_backends import BROKEN, Right


@pytest.mark.parametrize("what", BROKEN)
def test_it_is_found(what: str, tmp_path: Path) -> None:
    broken = BROKEN[what]
    with (
        subject_of_backend(broken.make, tmp_path) as subject,
        pytest.raises(Failed, match=re.escape(broken.named)),
    ):
        CHECKS[broken.check](subject)


class Forgetful(TrainerService):
    """Remembers no operation: whatever is sent is done, as if it had never been sent before."""

    _sent = 0

    async def Train(self, messages: AsyncIterator[pb.TrainRequest], context: Any) -> pb.TrainResponse:
        async def renamed() -> AsyncIterator[pb.TrainRequest]:
            async for message in messages:
                if message.HasField("header"):
                    self._rename(message.header.context)
                yield message

        return await super().Train(renamed(), context)

    def _rename(self, context: pb.OperationContext) -> None:
        self._sent += 1
        held = self._trainer.held
        context.operation_id += f"#{self._sent}"
        context.sequence = 1000 + self._sent
        context.expected_version = held.version if held else 0


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[str]:
    with serving(Right(), tmp_path / "published", Forgetful) as address:
        yield address


def test_a_service_that_counts_a_repeat_twice_is_found(forgetful: str, tmp_path: Path) -> None:
    with subject_of_service(forgetful, tmp_path) as subject, pytest.raises(Failed, match="repeated batch"):
        CHECKS["operations/repeat"](subject)
