from __future__ import annotations

import re
from itertools import pairwise
from math import inf

from tests.policy_server.server_process import Client

SAMPLE = re.compile(r'^(vllm:[a-z0-9_]+)\{engine="0",model_name="policy"(?:,([a-z_]+)="([^"]*)")?\} (\S+)$')
KINDS = {
    "num_requests_running": "gauge",
    "num_requests_waiting": "gauge",
    "kv_cache_usage_perc": "gauge",
    "prompt_tokens_total": "counter",
    "generation_tokens_total": "counter",
    "num_preemptions_total": "counter",
    "request_success_total": "counter",
    "time_to_first_token_seconds": "histogram",
    "inter_token_latency_seconds": "histogram",
    "e2e_request_latency_seconds": "histogram",
}


def scrape(server: Client) -> dict[tuple[str, str | None], float]:
    """Every sample by its name and the value of its own label; every line must be one or declare a type."""
    response = server.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = response.text.splitlines()
    declared = {n: k for _, _, n, k in (line.split(" ") for line in lines if line.startswith("#"))}
    assert declared == {f"vllm:{name}": kind for name, kind in KINDS.items()}
    samples = [SAMPLE.match(line) for line in lines if not line.startswith("#")]
    assert all(samples)
    return {(m[1].removeprefix("vllm:"), m[3]): float(m[4]) for m in samples if m}


def test_counters_and_histograms_count_what_happened(server: Client) -> None:
    before = scrape(server)
    server.complete([40, 41, 42], n=3, max_tokens=5, ignore_eos=True)
    after = scrape(server)
    grown = {key: after[key] - before[key] for key in after}
    assert grown[("prompt_tokens_total", None)] == 3  # run once, for three samples
    assert grown[("generation_tokens_total", None)] == 15
    assert grown[("request_success_total", "length")] == 3 and grown[("request_success_total", "stop")] == 0
    assert grown[("time_to_first_token_seconds_count", None)] == 3
    assert grown[("inter_token_latency_seconds_count", None)] == 12
    assert grown[("e2e_request_latency_seconds_count", None)] == 3
    assert grown[("e2e_request_latency_seconds_sum", None)] > 0
    assert after[("num_requests_running", None)] == after[("kv_cache_usage_perc", None)] == 0


def test_buckets_rise_to_the_count(server: Client) -> None:
    samples = scrape(server)
    for name in (n for n, kind in KINDS.items() if kind == "histogram"):
        buckets = [
            (float(le or inf), value) for (key, le), value in samples.items() if key == f"{name}_bucket"
        ]
        assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(buckets))
        assert buckets[-1] == (inf, samples[(f"{name}_count", None)])
