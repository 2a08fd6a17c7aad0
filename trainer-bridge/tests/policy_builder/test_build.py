"""The whole build at a thousandth of its steps, as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

PROJECT = Path(__file__).parents[2]


def build(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "azr_policy_builder", *arguments],
        cwd=PROJECT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_a_small_build_can_be_loaded(tmp_path: Path) -> None:
    done = build("--out", str(tmp_path), "--scale", "0.001", "--seed", "5")
    assert done.returncode == 0, done.stderr
    network = AutoModelForCausalLM.from_pretrained(tmp_path)
    assert network.config.tie_word_embeddings
    assert network.dtype == torch.float32
    assert "| deduction |" in (tmp_path / "README.md").read_text()
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size < 4 << 20


def test_a_wrong_scale_is_named(tmp_path: Path) -> None:
    done = build("--out", str(tmp_path), "--scale", "1.5")
    assert done.returncode == 2
    assert "--scale: 1.5 is not above 0 and at most 1" in done.stderr
