"""What is handed to TensorBoard and Weights & Biases is what they read back."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from azr_metrics.metrics_file import MalformedMetrics, read_steps

BRIDGE = Path(__file__).parents[2]
STEPS = [
    {"step": 0, "time": "2026-01-02T03:04:05.000Z", "heldOut/deduction/rate": 0.25},
    {"step": 1, "time": "2026-01-02T03:04:15.000Z", "reward/solver/deduction": -0.5, "buffer/size": 203},
    {
        "step": 2,
        "time": "2026-01-02T03:04:25.500Z",
        "reward/solver/deduction": 0.125,
        "update/mismatchMax": 1.5e-05,
    },
]


@pytest.fixture
def metrics(tmp_path: Path) -> Path:
    file = tmp_path / "metrics.jsonl"
    file.write_text("".join(f"{json.dumps(step)}\n" for step in STEPS))
    return file


def export(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "azr_metrics", *arguments]
    return subprocess.run(
        command, cwd=BRIDGE, capture_output=True, text=True, timeout=120, env=environment or None
    )


def test_steps_are_read_with_their_time_and_values(metrics: Path) -> None:
    steps = list(read_steps(metrics))
    assert [step.step for step in steps] == [0, 1, 2]
    assert steps[2].seconds - steps[1].seconds == 10.5
    assert steps[1].values == {"reward/solver/deduction": -0.5, "buffer/size": 203.0}


def test_a_file_that_grows_is_followed_to_its_end(metrics: Path) -> None:
    ended = threading.Event()
    steps = read_steps(metrics, ended)
    assert [next(steps).step for _ in STEPS] == [0, 1, 2]
    with metrics.open("a") as file:
        file.write(json.dumps({**STEPS[2], "step": 3}) + "\n" + json.dumps({**STEPS[2], "step": 4}))
    assert next(steps).step == 3
    with metrics.open("a") as file:
        file.write("\n")
    ended.set()
    assert [step.step for step in steps] == [4]


@pytest.mark.parametrize("line", ["{", "[]", '{"step": 1}', '{"step": "1", "time": "2026-01-02T03:04:05Z"}'])
def test_a_line_that_is_no_step_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "metrics.jsonl"
    file.write_text(f"{json.dumps(STEPS[0])}\n{line}\n")
    with pytest.raises(MalformedMetrics, match=r"metrics\.jsonl, line 2: no metrics of a step"):
        list(read_steps(file))


def test_a_library_that_is_missing_is_named_with_what_installs_it(metrics: Path, tmp_path: Path) -> None:
    (tmp_path / "wandb.py").write_text("raise ModuleNotFoundError(name='wandb')")
    place = ("--metrics", str(metrics), "--dir", str(tmp_path), "--project", "p", "--run", "r")
    ended = export("wandb", *place, PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "azr_metrics: wandb is not installed; trainer-bridge/.venv/bin/pip install"
    )


def test_tensorboard_reads_back_every_value_also_of_a_repeated_export(metrics: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="optional, see requirements-metrics.txt")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = tmp_path / "events"
    for _ in range(2):
        ended = export(
            "tensorboard", "--metrics", str(metrics), "--dir", str(folder), "--settings", '{"seed": 7}'
        )
        assert ended.returncode == 0, ended.stderr
    events = EventAccumulator(str(folder))
    events.Reload()
    rewards = events.Scalars("reward/solver/deduction")
    assert [(event.step, event.value) for event in rewards] == [(1, -0.5), (2, 0.125)]
    assert rewards[1].wall_time - rewards[0].wall_time == 10.5
    assert len(events.Tags()["scalars"]) == 4
    assert "settings/text_summary" in events.Tags()["tensors"]


def history_of(file: Path) -> list[dict[str, float]]:
    """The rows of a file below one block (32 KiB): a header of 7 bytes, then records, each behind a CRC-32 of 4 bytes,
    its length in 2 and its type in 1."""
    from wandb.proto.wandb_internal_pb2 import Record

    data = file.read_bytes()
    rows, at = [], 7
    while at < len(data):
        [length] = struct.unpack_from("<H", data, at + 4)
        record = Record.FromString(data[at + 7 : at + 7 + length])
        if record.HasField("history"):
            items = record.history.item
            rows.append({"".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items})
        at += 7 + length
    return rows


def test_weights_and_biases_keeps_every_value_offline(metrics: Path, tmp_path: Path) -> None:
    pytest.importorskip("wandb", reason="optional, see requirements-metrics.txt")
    place = ("--metrics", str(metrics), "--dir", str(tmp_path), "--project", "p", "--run", "r1")
    ended = export("wandb", *place, "--settings", '{"seed": 7}')
    assert ended.returncode == 0, ended.stderr
    [file] = tmp_path.glob("wandb/offline-run-*/run-r1.wandb")
    rows = history_of(file)
    assert [row["_step"] for row in rows] == [0, 1, 2]
    assert rows[2]["reward/solver/deduction"] == 0.125
    assert rows[2]["_timestamp"] - rows[1]["_timestamp"] == 10.5
