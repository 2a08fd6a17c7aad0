"""The four phases: what is served changes at finish, whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.policy_server.server_process import Client, serving
from tests.policy_server.tiny_policy import write_policy

PROMPT = {"prompt": [40, 41, 42], "temperature": 0, "max_tokens": 20}
Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def trainee(policy: Path) -> Iterator[Client]:
    with serving("--model", policy, "--max-num-seqs", "4") as client:
        yield client


@pytest.fixture(scope="module")
def new_weights(tmp_path_factory: pytest.TempPathFactory) -> Tensors:
    return load_file(write_policy(tmp_path_factory.mktemp("trained"), seed=7) / "model.safetensors")


@pytest.fixture
def root(trainee: Client, tmp_path: Path) -> Path:
    root = tmp_path / "updates"
    root.mkdir()
    assert post(trainee, "init_weight_transfer_engine", {"init_info": {"root": str(root)}}) == (
        200, {"message": "Weight transfer initialized"},
    )  # fmt: skip
    return root


def post(client: Client, route: str, body: Any = None) -> tuple[int, Any]:
    response = client.post(f"/{route}", json=body)
    return response.status_code, response.json()


def refused(reason: str) -> tuple[int, Any]:
    """vLLM's words around what its worker says."""
    message = (
        f"Call to collective_rpc method failed: Worker failed with error '{reason}',"
        " please check the stack trace above for the root cause"
    )
    return 500, {"error": {"message": message, "type": "InternalServerError", "param": None, "code": 500}}


def update(client: Client, path: str) -> tuple[int, Any]:
    return post(client, "update_weights", {"update_info": {"path": path}})


def publish(client: Client, root: Path, tensors: Tensors, version: str) -> None:
    save_file(tensors, root / "all.safetensors")
    assert post(client, "start_weight_update") == (200, {"message": "Weight update started"})
    assert update(client, "all.safetensors") == (200, {"message": "Weights updated"})
    finished = post(client, "finish_weight_update", {"weight_version": version})
    assert finished == (200, {"message": "Weight update finished"})
    assert client.get("/weight_info").json() == {"weight_version": version}


def test_an_update_serves_the_new_weights(policy: Path, new_weights: Tensors, tmp_path: Path) -> None:
    with serving("--model", policy, "--max-num-seqs", "4") as client:
        assert client.get("/weight_info").json() == {"weight_version": "default"}
        assert post(client, "start_weight_update") == refused(
            "init_weight_transfer_engine must be called before start_weight_update."
        )
        old = client.tokens(**PROMPT)
        post(client, "init_weight_transfer_engine", {"init_info": {"root": str(tmp_path)}})
        publish(client, tmp_path, new_weights, "v1")
        new = client.tokens(**PROMPT)
        publish(client, tmp_path, load_file(policy / "model.safetensors"), "v2")
        assert new != old and client.tokens(**PROMPT) == old


def test_chunks_count_only_when_they_are_finished(trainee: Client, root: Path, new_weights: Tensors) -> None:
    publish(trainee, root, {k: v + 0.01 for k, v in new_weights.items()}, "v3")
    before = trainee.tokens(**PROMPT)
    names = sorted(new_weights)
    post(trainee, "start_weight_update")
    for i in range(3):
        save_file({k: new_weights[k] for k in names[i::3]}, root / f"{i}.safetensors")
        assert update(trainee, f"{i}.safetensors")[0] == 200
        assert trainee.tokens(**PROMPT) == before
    (root / "0.safetensors").write_bytes(b"")  # what was read is read
    assert post(trainee, "finish_weight_update")[0] == 200
    assert trainee.get("/weight_info").json() == {"weight_version": "v3"}  # none was named
    assert trainee.tokens(**PROMPT) != before


def test_phases_out_of_order(trainee: Client, root: Path) -> None:
    not_started = refused("finish_weight_update called without a matching start_weight_update.")
    assert post(trainee, "finish_weight_update") == not_started
    assert update(trainee, "x") == refused("start_weight_update must be called before update_weights.")
    post(trainee, "start_weight_update")
    assert post(trainee, "start_weight_update") == refused(
        "start_weight_update called while a weight update is already active. Call finish_weight_update first."
    )
    post(trainee, "init_weight_transfer_engine", {"init_info": {"root": str(root)}})
    assert post(trainee, "finish_weight_update") == not_started  # a new trainer begins anew


def broken(tensors: Tensors, name: str, change: Any) -> Tensors:
    return tensors | {name: change(tensors[name])}


NORM, BIAS = "model.norm.weight", "model.layers.1.self_attn.k_proj.bias"
FAULTS = {
    "shape": (BIAS, lambda t: t[:3].clone(), f"tensor '{BIAS}' has shape [3], expected [32]"),
    "dtype": (NORM, torch.Tensor.half, f"tensor '{NORM}' has dtype float16, expected float32"),
    "nan": (NORM, lambda t: t * float("nan"), f"tensor '{NORM}' has values that are not finite"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tensor_that_does_not_fit_changes_nothing(
    trainee: Client, root: Path, new_weights: Tensors, fault: str
) -> None:
    name, change, reason = FAULTS[fault]
    check_refused_update(trainee, root, broken(new_weights, name, change), reason)


def test_a_tensor_that_is_not_the_models_changes_nothing(
    trainee: Client, root: Path, new_weights: Tensors
) -> None:
    reason = "tensor 'lm_head.weight' is not one of the model's"
    check_refused_update(trainee, root, new_weights | {"lm_head.weight": torch.zeros(420, 64)}, reason)


def check_refused_update(client: Client, root: Path, tensors: Tensors, reason: str) -> None:
    before, version = client.tokens(**PROMPT), client.get("/weight_info").json()
    save_file(tensors, root / "bad.safetensors")
    post(client, "start_weight_update")
    assert update(client, "bad.safetensors") == refused(reason)
    assert post(client, "finish_weight_update", {"weight_version": "bad"})[0] == 500  # the session is over
    assert client.tokens(**PROMPT) == before and client.get("/weight_info").json() == version


def test_a_set_with_a_tensor_missing_changes_nothing(
    trainee: Client, root: Path, new_weights: Tensors
) -> None:
    publish(trainee, root, new_weights, "v4")
    save_file({k: v * 2 for k, v in new_weights.items() if k != BIAS}, root / "most.safetensors")
    before = trainee.tokens(**PROMPT)
    post(trainee, "start_weight_update")
    assert update(trainee, "most.safetensors")[0] == 200
    finished = post(trainee, "finish_weight_update", {"weight_version": "v5"})
    assert finished == refused(f"1 of {len(new_weights)} tensors are missing, the first is '{BIAS}'")
    assert trainee.tokens(**PROMPT) == before
    publish(trainee, root, new_weights, "v6")  # and the next session is a clean one


@pytest.mark.parametrize("path", ["../outside.safetensors", "link.safetensors", "{absolute}"])
def test_a_file_outside_the_root_is_refused(
    trainee: Client, root: Path, new_weights: Tensors, path: str
) -> None:
    outside = root.parent / "outside.safetensors"
    save_file(new_weights, outside)
    (root / "link.safetensors").symlink_to(outside)
    path = path.format(absolute=outside)
    post(trainee, "start_weight_update")
    assert update(trainee, path) == refused(f"update_info.path '{path}' leads out of the folder '{root}'")


@pytest.mark.parametrize("name", ["missing.safetensors", "garbage.safetensors", "."])
def test_a_file_that_cannot_be_read_is_named(trainee: Client, root: Path, name: str) -> None:
    (root / "garbage.safetensors").write_bytes(b"not tensors")
    post(trainee, "start_weight_update")
    status, body = update(trainee, name)
    assert status == 500 and f"{root / name}: cannot be read" in body["error"]["message"]


@pytest.mark.parametrize(
    ("route", "body", "message"),
    [
        (
            "init_weight_transfer_engine",
            {"init_info": {"bogus": 1}},
            "Invalid init_info for FileEngine: FileInit",
        ),
        ("init_weight_transfer_engine", {"init_info": {"root": 5}}, "root is 5, expected a path"),
        ("init_weight_transfer_engine", {"init_info": {"root": "/nope"}}, "'/nope' is not a folder"),
        ("update_weights", {"update_info": {"path": 5}}, "path is 5, expected a path"),
        ("update_weights", {"update_info": {}}, "Invalid update_info for FileEngine: FileUpdate"),
    ],
)
def test_input_that_the_backend_cannot_use(
    trainee: Client, root: Path, route: str, body: Any, message: str
) -> None:
    post(trainee, "start_weight_update")
    status, answer = post(trainee, route, body)
    assert status == 500 and message in answer["error"]["message"]


@pytest.mark.parametrize(
    ("route", "field"),
    [("init_weight_transfer_engine", "init_info"), ("update_weights", "update_info")],
)
def test_a_missing_field_is_a_400(trainee: Client, route: str, field: str) -> None:
    fault = {"type": "missing", "loc": f"body.{field}", "msg": "Field required", "input": "None"}
    message = f"1 validation error:\n  {fault}"
    assert post(trainee, route, {}) == (
        400, {"error": {"message": message, "type": "Bad Request", "param": f"body.{field}", "code": 400}},
    )  # fmt: skip


def test_kept_requests_go_on_under_the_new_weights(
    trainee: Client, root: Path, policy: Path, new_weights: Tensors
) -> None:
    publish(trainee, root, load_file(policy / "model.safetensors"), "old")
    fields = {"prompt": [40, 41], "temperature": 0, "max_tokens": 600, "ignore_eos": True}
    old = trainee.tokens(**fields)
    with ThreadPoolExecutor(1) as pool:
        before = trainee.metric("generation_tokens_total")
        running = pool.submit(trainee.tokens, **fields)
        trainee.until(lambda: trainee.metric("generation_tokens_total") > before + 3)
        trainee.post("/pause?mode=keep")
        publish(trainee, root, new_weights, "new")
        done = int(trainee.metric("generation_tokens_total") - before)
        trainee.post("/resume")
        kept = running.result()
    assert kept[:done] == old[:done] and kept != old and 3 < done < 600


def test_a_diverged_policy_is_an_error_and_leaves_nothing_behind(
    trainee: Client, root: Path, policy: Path, new_weights: Tensors
) -> None:
    publish(trainee, root, new_weights, "good")
    good = trainee.tokens(**PROMPT)
    publish(trainee, root, {k: torch.full_like(v, 1e30) for k, v in new_weights.items()}, "diverged")
    # In every row, and farther than the next prompt will reach.
    status, body = post(trainee, "v1/completions", {"prompt": [40] * 30, "n": 4, "max_tokens": 20})
    assert (status, body["error"]["type"]) == (500, "InternalServerError")
    assert body["error"]["message"] == "The model's logits are not finite: its weights have diverged."
    publish(trainee, root, new_weights, "good again")
    assert trainee.complete(**PROMPT | {"temperature": 1}, n=4)
    assert trainee.tokens(**PROMPT) == good
