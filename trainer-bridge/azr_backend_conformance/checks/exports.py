"""ExportPolicy."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from azr_backend_conformance.expect import expect_all_near, expect_equal
from azr_backend_conformance.float64_trainer import Float64Trainer
from azr_backend_conformance.sample import draw_batch
from azr_backend_conformance.subject import Subject


def loads(subject: Subject) -> None:
    """`from_pretrained` takes the folder, and what it gives scores as the trainer does."""
    subject.new_run()
    subject.client.train(draw_batch(1))
    folder = subject.new_path("export")
    expect_equal("policy_version", subject.client.export(folder).policy_version, 1)
    _expect_present(subject, folder)
    tokenizers = [AutoTokenizer.from_pretrained(str(of)) for of in (folder, subject.policies.trained)]
    expect_equal("tokens of the export's tokenizer", len(tokenizers[0]), len(tokenizers[1]))


def replaced(subject: Subject) -> None:
    """An export takes the place of an older one."""
    subject.new_run()
    folder = subject.new_path("export")
    for seed in (1, 2):
        subject.client.train(draw_batch(seed))
        subject.client.export(folder)
    _expect_present(subject, folder)


def _expect_present(subject: Subject, folder: Path) -> None:
    model, report = AutoModelForCausalLM.from_pretrained(
        str(folder), dtype=torch.float32, local_files_only=True, output_loading_info=True
    )
    for kind in ("missing_keys", "unexpected_keys"):
        expect_equal(f"{kind} of the export", sorted(report[kind]), [])
    expect_equal("tied embeddings of the export", model.config.tie_word_embeddings, True)
    batch = draw_batch(3)
    exported = Float64Trainer(folder, folder).logprobs(batch)
    trained = subject.client.logprobs(batch)
    expect_all_near("log-probability by the export", exported, trained, subject.tolerance)


CHECKS = {"exports/loads": loads, "exports/replaced": replaced}
