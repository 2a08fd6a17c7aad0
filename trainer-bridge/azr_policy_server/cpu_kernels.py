"""What a decoding step does between its matrix products on the CPU, compiled: few calls, each of them over all rows.

Rows are independent of one another. The interpreter's lock is free during a call. Sums are taken in any order, but
nothing assumes that numbers are finite: a NaN stays one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

ANY_ORDER = frozenset({"reassoc", "contract", "nsz"})
"""Lets a sum be taken several numbers at a time; with LLVM's other liberties a NaN or an infinity could be lost."""


def compiled(signature: str, fastmath: frozenset[str] = frozenset()) -> Callable[[F], F]:
    """Of a signature and liberties of its own: a function without them would take its caller's, and `exp` bears none.

    Compiles at once, or takes what an earlier process has compiled: from beside this file, or from the user's cache.
    Where neither folder can be written, or what lies there is damaged, it compiles for this process alone.
    """

    def compile(function: F) -> F:
        options = {"nogil": True, "error_model": "numpy", "fastmath": set(fastmath)}
        machine_code: F
        try:
            machine_code = njit(signature, cache=True, **options)(function)
        except Exception:  # numba names no errors of its cache; one of the function comes again
            machine_code = njit(signature, **options)(function)
        return machine_code

    return compile


LOG2_E, LN_2_HIGH, LN_2_LOW = np.float32(1.442695041), np.float32(0.693359375), np.float32(-2.12194440e-4)
ROUND = np.float32(1.5 * 2**23)
ONE, ONE_BITS = np.float32(1.0), np.int32(0x3F800000)


@compiled("f4(f4)")
def exp(x: np.float32) -> np.float32:
    """e to the x, to a unit in the last place, as arithmetic that can be done for several x at a time (Cephes' expf).

    x is `whole` times the logarithm of 2 and a `rest`: adding `ROUND` leaves the whole number in the last bits, which
    become the exponent of a power of 2. What would not be a normal number is 0 or infinite.
    """
    shifted = x * LOG2_E + ROUND
    whole = shifted - ROUND
    rest = x - whole * LN_2_HIGH - whole * LN_2_LOW
    series = np.float32(1.9875691500e-4)
    series = series * rest + np.float32(1.3981999507e-3)
    series = series * rest + np.float32(8.3334519073e-3)
    series = series * rest + np.float32(4.1665795894e-2)
    series = series * rest + np.float32(1.6666665459e-1)
    series = series * rest + np.float32(5.0000001201e-1)
    series = series * rest * rest + rest + ONE
    power = np.int32((np.float32(shifted).view(np.int32) << np.int32(23)) + ONE_BITS).view(np.float32)
    if x < np.float32(-87.0):
        return np.float32(0.0)
    if x > np.float32(88.0):
        return np.float32(np.inf)
    return series * power


@compiled("f4(f4[::1], f4)", ANY_ORDER)
def rms_scale(x: Floats, epsilon: np.float32) -> np.float32:
    """Of RMSNorm; its weights are in those of the product that follows."""
    squares = np.float32(0.0)
    for i in range(x.size):
        squares += x[i] * x[i]
    return ONE / np.float32(math.sqrt(squares / np.float32(x.size) + epsilon))


@compiled("void(f4[::1], f4[::1], f4[::1])", ANY_ORDER)
def rotate(head: Floats, cos: Floats, sin: Floats) -> None:
    half = head.size // 2
    for i in range(half):
        first, second = head[i], head[i + half]
        head[i] = first * cos[i] + second * sin[i]
        head[i + half] = second * cos[i + half] + first * sin[i + half]


@compiled("void(f4[::1], f4[:,::1], f4[:,::1], f4[::1], f4[::1])", ANY_ORDER)
def attend_head(query: Floats, keys: Floats, values: Floats, shares: Floats, out: Floats) -> None:
    """Softmax attention of one query over the first `shares.size` keys and values; `shares` is for its own use."""
    factor = ONE / np.float32(math.sqrt(np.float32(query.size)))
    most = np.float32(-np.inf)
    for t in range(shares.size):
        score = np.float32(0.0)
        for i in range(query.size):
            score += query[i] * keys[t, i]
        shares[t] = score * factor
        if shares[t] > most:
            most = shares[t]
    total = np.float32(0.0)
    for t in range(shares.size):
        shares[t] = exp(shares[t] - most)
        total += shares[t]
    out[:] = np.float32(0.0)
    for t in range(shares.size):
        share = shares[t] / total
        for i in range(out.size):
            out[i] += share * values[t, i]


@compiled(
    "void(f4[:,::1], f4, f4[:,::1], f4[::1], f4[:,::1], f4[:,::1], i8[::1], i8[::1], f4[:,:,:,::1], f4[:,::1])",
    ANY_ORDER,
)
def attend(
    x: Floats,
    epsilon: np.float32,
    qkv: Floats,
    bias: Floats,
    cos: Floats,
    sin: Floats,
    rows: Integers,
    positions: Integers,
    cache: Floats,
    attended: Floats,
) -> None:
    """From `qkv` [tokens, width], the product of the layer's input `x`, to `attended` [tokens, heads * head_dim].

    Token after token is normalised, gets its bias, is rotated, stored at its row and position of the layer's `cache`,
    and attends over that row up to itself. `qkv` is overwritten.
    """
    kv_heads, head_dim = cache.shape[1] // 2, cache.shape[3]
    heads = attended.shape[1] // head_dim
    shares = np.empty(cache.shape[2], np.float32)
    for token in range(positions.size):
        row, position, states = rows[token], positions[token], qkv[token]
        scale = rms_scale(x[token], epsilon)
        for i in range(states.size):
            states[i] = states[i] * scale + bias[i]
        by_head = states.reshape(heads + 2 * kv_heads, head_dim)
        for head in range(heads + kv_heads):
            rotate(by_head[head], cos[position], sin[position])
        for head in range(2 * kv_heads):
            cache[row, head, position] = by_head[heads + head]
        for head in range(heads):
            kv_head = head * kv_heads // heads
            keys, values = cache[row, kv_head], cache[row, kv_heads + kv_head]
            out = attended[token, head * head_dim : (head + 1) * head_dim]
            attend_head(by_head[head], keys, values, shares[: position + 1], out)


@compiled("void(f4[:,::1], f4, f4[:,::1], f4[:,::1])", ANY_ORDER)
def gate(x: Floats, epsilon: np.float32, gate_up: Floats, gated: Floats) -> None:
    """SwiGLU's middle: from `gate_up` [rows, 2 * intermediate], the product of `x`, to `gated` [rows, intermediate]."""
    width = gated.shape[1]
    for row in range(gated.shape[0]):
        scale = rms_scale(x[row], epsilon)
        for i in range(width):
            opened = gate_up[row, i] * scale
            gated[row, i] = opened / (ONE + exp(-opened)) * (gate_up[row, width + i] * scale)


@compiled("void(f4[:,::1], f4, f4[:,::1])", ANY_ORDER)
def log_softmax(x: Floats, epsilon: np.float32, logits: Floats) -> None:
    """Turns the product of the last `x` with the head, [rows, vocab], into log-probabilities where it stands."""
    for row in range(logits.shape[0]):
        own, scale = logits[row], rms_scale(x[row], epsilon)
        most = np.float32(-np.inf)
        for i in range(own.size):
            own[i] *= scale
            most = max(most, own[i])
        total = np.float32(0.0)
        for i in range(own.size):
            total += exp(own[i] - most)
        shift = most + np.float32(math.log(total))
        for i in range(own.size):
            own[i] -= shift


@compiled("f8(u8, u8)")
def uniform(stream: np.uint64, position: np.uint64) -> float:
    """SplitMix64 by index: see `sampling.uniform`."""
    x = stream + (position + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((x ^ (x >> np.uint64(31))) >> np.uint64(12)) * 2.0**-52


@compiled("void(f4[:,::1], f4[::1], i8[::1], i8[::1], i8[::1])")
def draw(logits: Floats, temperature: Floats, stream: Integers, positions: Integers, drawn: Integers) -> None:
    """Draws a token for each row of `logits` [rows, vocab], by the rules of `sampling.sample`."""
    weights = np.empty(logits.shape[1], np.float32)
    cumulative = np.empty(logits.shape[1], np.float64)
    for row in range(drawn.size):
        own, best = logits[row], 0
        for i in range(own.size):
            if own[i] > own[best]:
                best = i
        drawn[row] = best
        if temperature[row] > 0:
            most, colder = own[best], ONE / temperature[row]
            for i in range(own.size):
                weights[i] = exp((own[i] - most) * colder)
            total = 0.0
            for i in range(own.size):
                total += weights[i]
                cumulative[i] = total
            target = uniform(np.uint64(stream[row]), np.uint64(positions[row])) * total
            token = 0
            while token < own.size - 1 and cumulative[token] <= target:
                token += 1
            drawn[row] = token
