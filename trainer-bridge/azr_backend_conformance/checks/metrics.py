"""What Train measured, held against float64."""

from __future__ import annotations

from collections.abc import Mapping

from azr.v1 import trainer_pb2 as pb

from azr_backend_conformance.expect import expect, expect_equal

# Numbers below it are compared by their difference in its units, not by their quotient.
FLOOR = 1e-3

COUNTS = ("response_tokens", "total_tokens", "optimizer_steps", "skipped_steps")
SHARES = ("clip_fraction_low", "clip_fraction_high", "masked_share")
NUMBERS = (
    "loss",
    "gradient_norm",
    "entropy",
    "kl_update",
    "kl_reference",
    "ratio_min",
    "ratio_max",
    "mismatch_mean",
    "mismatch_max",
    "mismatch_kl",
)


def expect_metrics(got: pb.UpdateMetrics, wanted: Mapping[str, float], tolerance: float) -> None:
    """Raises Failed with all that are not near to what is wanted."""
    for name in COUNTS:
        expect_equal(name, getattr(got, name), wanted[name])
    expect_equal("whether kl_reference is set", got.HasField("kl_reference"), "kl_reference" in wanted)
    one_token = 1.01 / max(wanted["response_tokens"], 1)  # at a bound it may fall on either side
    bounds = {name: tolerance * max(abs(wanted[name]), FLOOR) for name in NUMBERS if name in wanted}
    bounds.update({name: one_token for name in SHARES if name in wanted})
    wrong = [
        f"{name} is {getattr(got, name):.7g}, float64 gives {wanted[name]:.7g}, at most {bound:.1g} apart"
        for name, bound in bounds.items()
        if not abs(getattr(got, name) - wanted[name]) <= bound
    ]
    expect(not wrong, "; ".join(wrong))
    _expect_machine_metrics(got)


def _expect_machine_metrics(got: pb.UpdateMetrics) -> None:
    """Those that depend on the machine have a range alone."""
    expect(got.seconds > 0, f"seconds is {got.seconds}, expected above 0")
    expect(got.tokens_per_second > 0, f"tokens_per_second is {got.tokens_per_second}, expected above 0")
    for name in ("padding_share", "shared_share"):
        share = getattr(got, name)
        expect(0 <= share <= 1, f"{name} is {share}, expected 0 to 1")
    expect(got.peak_memory_bytes > 0, "peak_memory_bytes is 0")
    expect(not got.HasField("mfu") or 0 <= got.mfu <= 1, f"mfu is {got.mfu}, expected unset or 0 to 1")
