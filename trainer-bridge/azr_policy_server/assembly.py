"""Puts the server together from the command line's options."""

from __future__ import annotations

import hashlib
from argparse import Namespace
from pathlib import Path

import torch
from starlette.applications import Starlette
from tokenizers import Tokenizer

from azr_policy_server import __version__
from azr_policy_server.engine import Engine
from azr_policy_server.lifecycle import StartError
from azr_policy_server.metrics import EngineMetrics
from azr_policy_server.model_folder import ModelFolderError, Qwen2Config, read_config
from azr_policy_server.qwen2 import Qwen2
from azr_policy_server.qwen2_weights import Qwen2Weights, load_weights
from azr_policy_server.runner import ModelRunner
from azr_policy_server.scheduler import Scheduler
from azr_policy_server.served_model import ServedModel
from azr_policy_server.server import Routes
from azr_policy_server.text_stream import TokenNames
from azr_policy_server.weight_transfer import FileEngine

APPLY_SECONDS = 120
"""Bound on the wait for the step after which new weights are served."""


def assemble(options: Namespace) -> tuple[Starlette, Engine]:
    """The application and its engine, not started. Raises ModelFolderError and StartError."""
    torch.set_num_threads(options.threads)
    device = _device(options.device)
    folder: Path = options.model
    config = read_config(folder)
    max_len = options.max_model_len or config.max_position_embeddings
    if max_len > config.max_position_embeddings:
        raise StartError(
            f"--max-model-len {max_len} is above the model's {config.max_position_embeddings} positions"
        )
    tokenizer = _tokenizer(folder / "tokenizer.json", config)
    model = Qwen2(config, load_weights(folder, config, device), max_len, device)
    runner = _runner(model, options.max_num_seqs, max_len)
    engine = Engine(
        runner, Scheduler(options.max_num_seqs, options.max_waiting), EngineMetrics(options.served_model_name)
    )

    def apply(weights: Qwen2Weights) -> None:
        engine.replace_weights(weights).result(timeout=APPLY_SECONDS)

    served = ServedModel(
        name=options.served_model_name,
        folder=str(folder),
        tokenizer=tokenizer,
        names=TokenNames(tokenizer),
        vocab_size=config.vocab_size,
        max_model_len=max_len,
        max_waiting=options.max_waiting,
        fingerprint=f"azr-policy-server-{__version__}-{hashlib.sha256(repr(config).encode()).hexdigest()[:8]}",
    )
    return Routes(served, engine, FileEngine(config, device, apply)).application(), engine


def _device(name: str) -> torch.device:
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise StartError("--device cuda: torch sees no GPU")
    return torch.device("cuda" if available and name != "cpu" else "cpu")


def _tokenizer(path: Path, config: Qwen2Config) -> Tokenizer:
    if not path.is_file():
        raise ModelFolderError(f"{path}: no such file, expected a fast tokenizer")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more precise
        raise ModelFolderError(f"{path}: cannot be read: {error}") from None
    if tokenizer.get_vocab_size() > config.vocab_size:
        raise ModelFolderError(
            f"{path}: {tokenizer.get_vocab_size()} tokens, but the model knows {config.vocab_size} only"
        )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _runner(model: Qwen2, rows: int, max_len: int) -> ModelRunner:
    try:
        return ModelRunner(model, rows, max_len)
    except RuntimeError:  # torch's own message is about allocators
        raise StartError(
            f"no memory for {rows} sequences of {max_len} tokens: lower --max-num-seqs or --max-model-len"
        ) from None
