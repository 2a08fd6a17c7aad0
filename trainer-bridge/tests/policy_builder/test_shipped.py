"""The policy that ships is the one that this builder describes, and can do what its card says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from azr_policy_builder.measure import measure
from azr_policy_builder.tasks import HELD_OUT_FILE, SEED_FILE, held_out_rows, read_rows, seed_rows
from azr_policy_builder.tokenizer import build_tokenizer

POLICY = Path(__file__).parents[3] / "policies" / "tiny"


def test_tokenizer_is_the_builders() -> None:
    assert Tokenizer.from_file(str(POLICY / "tokenizer.json")).to_str() == build_tokenizer().to_str()


def test_task_files_are_the_builders() -> None:
    assert read_rows(POLICY / HELD_OUT_FILE) == held_out_rows(0)
    assert read_rows(POLICY / SEED_FILE) == seed_rows(0)


def test_it_seldom_reasons_and_proposes_programs_that_run() -> None:
    figures = measure(POLICY, limit=60)
    reasoned = [shares.reasoned for shares in figures.solver.values()]
    assert sum(reasoned) / len(reasoned) == pytest.approx(0.18, abs=0.12)
    assert all(shares.valid >= 0.6 for shares in figures.proposer.values())
