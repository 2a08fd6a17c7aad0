"""What a checkpoint says of itself, in `metadata.json`. It is read before, and without, any tensor."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from azr_trainer.faults import RequestFault
from azr_trainer.metrics import UpdateMetrics

FORMAT_VERSION = 3
METADATA_FILE = "metadata.json"


@dataclass(frozen=True)
class TrainResult:
    """What a Train operation answers."""

    policy_version: int
    metrics: UpdateMetrics


@dataclass(frozen=True)
class LastApplied:
    """The batch applied last. Kept with the weights, so that a repeat of it is answered and not applied again."""

    sequence: int
    batch_id: str
    digest: str  # SHA-256 in hexadecimal
    result: TrainResult


@dataclass(frozen=True)
class StoredFile:
    """Size and SHA-256 of a file, by which truncation and corruption are found."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class CheckpointMetadata:
    """Whose policy at which version. `torch_version` and `files` are filled in by the backend that writes."""

    run_id: str
    policy_version: int
    last_applied: LastApplied | None
    format_version: int = FORMAT_VERSION
    torch_version: str = ""
    files: dict[str, StoredFile] = field(default_factory=dict)

    def to_json(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=2) + "\n"

    def describes_same(self, other: CheckpointMetadata) -> bool:
        """Whether both are of the same policy: same run, version and last batch."""
        mine, theirs = self.last_applied, other.last_applied
        return (self.run_id, self.policy_version, mine and mine.digest) == (
            other.run_id,
            other.policy_version,
            theirs and theirs.digest,
        )


_ADAPTER = TypeAdapter(CheckpointMetadata)


def read_metadata(folder: Path) -> CheckpointMetadata:
    """Raises RequestFault with the file's path if the folder is no checkpoint of this format."""
    file = folder / METADATA_FILE
    try:
        text = file.read_bytes()
        version = json.loads(text).get("format_version")
        if version != FORMAT_VERSION:
            raise RequestFault(f"{file}: format_version is {version!r}, expected {FORMAT_VERSION}")
        return _ADAPTER.validate_json(text)
    except OSError as error:
        raise RequestFault(
            f"{file}: cannot be read ({error.strerror}), expected a checkpoint folder"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RequestFault(f"{file}: {where or 'content'}: {first['msg']}") from None
    except (ValueError, AttributeError):
        raise RequestFault(f"{file}: not a JSON object, expected a checkpoint's metadata") from None
