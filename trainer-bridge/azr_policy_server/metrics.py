"""The engine's counters and latencies, in Prometheus' text format under vLLM's names.

Written by the engine thread alone; a reader may see the middle of a step, never a torn number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from azr_policy_server.sequence import FinishReason, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS = [m * 10.0**e for e in range(-3, 3) for m in (1, 2, 5)]  # seconds, 1 ms to 500 s
_REASONS: tuple[FinishReason, ...] = ("stop", "length", "abort", "error")


class Histogram:
    """Latencies in seconds."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str, labels: str) -> Iterator[str]:
        total = 0
        for bound, count in zip([*(f"{b:g}" for b in _BOUNDS), "+Inf"], list(self._counts), strict=True):
            total += count
            yield f'{name}_bucket{{{labels},le="{bound}"}} {total}'
        yield f"{name}_sum{{{labels}}} {self._sum}"
        yield f"{name}_count{{{labels}}} {total}"


class EngineMetrics:
    def __init__(self, model_name: str) -> None:
        escaped = model_name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        self._labels = f'engine="0",model_name="{escaped}"'
        self._prompt_tokens = 0
        self._generation_tokens = 0
        self._finished = dict.fromkeys(_REASONS, 0)
        self._first_token = Histogram()
        self._next_token = Histogram()
        self._whole = Histogram()

    def prefilled(self, tokens: int) -> None:
        self._prompt_tokens += tokens

    def token(self, sequence: Sequence, now: float) -> None:
        """A token has come; `sequence.last_token_at` is still the time of the one before it, 0 if there is none."""
        self._generation_tokens += 1
        if sequence.last_token_at:
            self._next_token.observe(now - sequence.last_token_at)
        else:
            self._first_token.observe(now - sequence.arrived)

    def finished(self, sequence: Sequence, now: float) -> None:
        self._finished[sequence.finish_reason or "error"] += 1
        self._whole.observe(now - sequence.arrived)

    def render(self, running: int, waiting: int, cache_usage: float) -> str:
        """`cache_usage` as a share of 1."""
        return "\n".join([*self._lines(running, waiting, cache_usage), ""])

    def _lines(self, running: int, waiting: int, cache_usage: float) -> Iterator[str]:
        gauges = {
            "num_requests_running": running,
            "num_requests_waiting": waiting,
            "kv_cache_usage_perc": cache_usage,
        }
        counters = {
            "prompt_tokens_total": self._prompt_tokens,
            "generation_tokens_total": self._generation_tokens,
            "num_preemptions_total": 0,  # a row holds a sequence of full length: none is ever put back
        }
        histograms = {
            "time_to_first_token_seconds": self._first_token,
            "inter_token_latency_seconds": self._next_token,
            "e2e_request_latency_seconds": self._whole,
        }
        for kind, plain in (("gauge", gauges), ("counter", counters)):
            for name, value in plain.items():
                yield f"# TYPE vllm:{name} {kind}"
                yield f"vllm:{name}{{{self._labels}}} {value}"
        yield "# TYPE vllm:request_success_total counter"
        for reason, count in self._finished.items():
            yield f'vllm:request_success_total{{{self._labels},finished_reason="{reason}"}} {count}'
        for name, histogram in histograms.items():
            yield f"# TYPE vllm:{name} histogram"
            yield from histogram.lines(f"vllm:{name}", self._labels)
