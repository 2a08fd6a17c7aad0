"""Powers of floats, as far as all math libraries agree on them."""

from __future__ import annotations

import math
from fractions import Fraction

from work import Meter

MAX_BITS = 1 << 14
ERROR_BITS = 6


def certain_power(base: float, exponent: float, meter: Meter) -> float | None:
    """CPython's power, or None where the grammar refuses it. Raises what CPython raises."""
    if not (math.isfinite(base) and exponent.is_integer()):
        return None
    power: float = base**exponent
    if exponent == 0 or base == 0:
        return power
    odd, twos = odd_part(base)
    bits = odd.bit_length() * int(abs(exponent)) if odd != 1 else 1
    if bits > MAX_BITS:
        return None
    meter.charge(64 + Fraction(bits, 16))
    return power if odd == 1 or is_certain(odd, twos, int(exponent)) else None


def odd_part(value: float) -> tuple[int, int]:
    """The magnitude as an odd integer times a power of two, whose exponent comes second."""
    numerator, denominator = abs(value).as_integer_ratio()
    zeros = (numerator & -numerator).bit_length() - 1
    return numerator >> zeros, zeros - (denominator.bit_length() - 1)


def is_certain(odd: int, twos: int, exponent: int) -> bool:
    """Whether the exact power rounds to one double even when it is off by 2**-6 of the last place."""
    size = exponent * (math.log2(odd) + twos)
    if size < -1200:
        return True
    exact = Fraction(odd) ** exponent * Fraction(2) ** (twos * exponent)
    nearest = float(exact)
    if nearest == 0:
        return True
    significand, _ = odd_part(nearest)
    one = significand << (53 + ERROR_BITS - significand.bit_length())
    try:
        return all(float(exact * (one + error) / one) == nearest for error in (-1, 1))
    except OverflowError:
        return False
