"""The process: readiness, signals, its owner, and what it says when it cannot start."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest
import torch

from azr_policy_server.__main__ import parser
from azr_policy_server.assembly import assemble
from azr_policy_server.lifecycle import StartError
from azr_policy_server.model_folder import ModelFolderError
from tests.policy_server.server_process import SECONDS, ready_url, spawn

DEADLY_ENGINE = """
import sys
from azr_policy_server.__main__ import main
from azr_policy_server.runner import ModelRunner
def fail(*_):
    raise RuntimeError("out of order")
ModelRunner.decode = fail
sys.exit(main(sys.argv[1:]))
"""


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit status and standard error of a process that ends by itself."""
    try:
        _, errors = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    return process.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(policy: Path, number: signal.Signals) -> None:
    process = spawn("--model", policy)
    url = ready_url(process)
    with httpx.Client(base_url=url) as idle:  # a connection that is kept open must not hold it back
        assert idle.get("/health").status_code == 200
        process.send_signal(number)
        assert ended(process) == (0, "")


def test_a_signal_answers_what_runs(policy: Path) -> None:
    process = spawn("--model", policy)
    host, port = ready_url(process).removeprefix("http://").split(":")
    body = json.dumps({"prompt": [40], "max_tokens": 16000, "ignore_eos": True}).encode()
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        head = f"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        with httpx.Client(base_url=f"http://{host}:{port}") as client:
            assert any(
                'running{engine="0",model_name="policy"} 1' in client.get("/metrics").text
                for _ in range(9999)
            )
        process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b'"finish_reason":"abort"' in answer
    assert ended(process) == (0, "")


@pytest.mark.parametrize("when", ["at once", "when ready"])
def test_the_end_of_its_owner_ends_it(policy: Path, when: str) -> None:
    process = spawn("--model", policy, "--owner-stdin")
    if when == "when ready":
        ready_url(process)
    assert process.stdin
    process.stdin.close()
    process.stdin = None
    assert ended(process) == (0, "")


def test_an_owner_that_is_killed_takes_it_along(policy: Path) -> None:
    owner_program = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "azr_policy_server", *sys.argv[1:]], stdin=subprocess.PIPE)
child.wait()
"""
    owner = spawn("--model", policy, "--owner-stdin", program=["-c", owner_program], stdin=subprocess.DEVNULL)
    url = ready_url(owner)
    owner.kill()
    # The child holds the other ends of the pipes: they close when it is gone.
    assert owner.communicate(timeout=SECONDS)[0] == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")


def test_an_engine_that_dies_is_reported_and_ends_it(policy: Path) -> None:
    process = spawn("--model", policy, program=["-c", DEADLY_ENGINE])
    with httpx.Client(base_url=ready_url(process), timeout=SECONDS) as client:
        response = client.post("/v1/completions", json={"prompt": [40], "max_tokens": 3})
        assert response.status_code == 500
        assert response.json()["error"]["message"] == "the engine has ended: out of order"
        assert client.get("/health").status_code == 503
        assert client.post("/v1/completions", json={"prompt": [40]}).status_code == 500
    status, errors = ended(process)
    assert status == 1 and "the engine has died" in errors and "out of order" in errors


def broken_folder(policy: Path, folder: Path, fault: str) -> str:
    """A copy of the policy with one fault; what the server should say of it."""
    shutil.copytree(policy, folder)
    config = folder / "config.json"
    match fault:
        case "no folder":
            shutil.rmtree(folder)
            return f"{config}: no such file"
        case "not json":
            config.write_text("{")
            return f"{config}: cannot be read"
        case "other architecture":
            config.write_text(json.dumps(json.loads(config.read_text()) | {"model_type": "llama"}))
            return "model_type is 'llama', only 'qwen2' can be served"
        case "no width":
            config.write_text(json.dumps(json.loads(config.read_text()) | {"hidden_size": None}))
            return "hidden_size is None, expected a positive integer"
        case "other width":
            config.write_text(json.dumps(json.loads(config.read_text()) | {"intermediate_size": 100}))
            return "has shape [64, 96], expected [64, 100]"
        case "no weights":
            (folder / "model.safetensors").unlink()
            return f"{folder / 'model.safetensors'}: no such file"
        case "cut weights":
            whole = (folder / "model.safetensors").read_bytes()
            (folder / "model.safetensors").write_bytes(whole[:-1000])
            return f"{folder / 'model.safetensors'}: cannot be read"
        case "bad tokenizer":
            (folder / "tokenizer.json").write_text("[]")
            return f"{folder / 'tokenizer.json'}: cannot be read"
    raise AssertionError(fault)


@pytest.mark.parametrize(
    "fault",
    [
        "no folder", "not json", "other architecture", "no width", "other width", "no weights", "cut weights",
        "bad tokenizer",
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_served_is_explained(policy: Path, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "broken"
    expected = broken_folder(policy, folder, fault)
    with pytest.raises(ModelFolderError) as raised:
        assemble(parser().parse_args(["--model", str(folder)]))
    assert expected in str(raised.value) and "\n" not in str(raised.value)


def test_a_start_that_fails_is_one_line(policy: Path, tmp_path: Path) -> None:
    status, errors = ended(spawn("--model", tmp_path / "nowhere"))
    assert status == 1 and errors.count("\n") == 1 and "nowhere/config.json: no such file" in errors


def test_a_busy_port_is_one_line(policy: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, errors = ended(spawn("--model", policy, "--port", str(port)))
    assert status == 1 and f"cannot listen on 127.0.0.1 port {port}" in errors and errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--max-model-len", "99999"], "--max-model-len 99999 is above the model's 16384 positions"),
        (["--max-num-seqs", "999999999"], "no memory for 999999999 sequences of 16384 tokens"),
        pytest.param(
            ["--device", "cuda"],
            "--device cuda: torch sees no GPU",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU"),
        ),
    ],
)
def test_options_that_cannot_be_met_are_explained(policy: Path, arguments: list[str], expected: str) -> None:
    with pytest.raises(StartError, match=re.escape(expected)):
        assemble(parser().parse_args(["--model", str(policy), *arguments]))


def test_wrong_usage_is_told_apart() -> None:
    with pytest.raises(SystemExit) as raised:
        parser().parse_args(["--model", "x", "--max-num-seqs", "0"])
    assert raised.value.code == 2
