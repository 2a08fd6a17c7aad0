"""What a program may reach without being able to leave anything there, name by name."""

from __future__ import annotations

import builtins
import collections
import decimal
import fractions
import functools
import itertools
import re
from types import FunctionType


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MEMBERS = {
    module: words(names)
    for module, names in {
        "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
        "cmath": "exp isclose log phase pi polar rect sqrt",
        "collections": "Counter OrderedDict defaultdict deque",
        "copy": "copy deepcopy",
        "decimal": "Decimal",
        "fractions": "Fraction",
        "functools": "cache cmp_to_key lru_cache partial reduce",
        "heapq": "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
        "itertools": """accumulate chain combinations combinations_with_replacement compress count cycle dropwhile
            filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest""",
        "json": "dumps loads",
        "math": """acos asin atan atan2 ceil comb copysign cos degrees dist e erf exp fabs factorial floor fmod fsum
            gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm log log10 log1p log2 modf nan perm pi pow prod
            radians sin sinh sqrt tan tanh tau trunc""",
        "operator": """add and_ concat contains countOf eq floordiv ge getitem gt index indexOf inv itemgetter le lt mod
            mul ne neg not_ or_ pos pow sub truediv truth xor""",
        "re": """A ASCII DOTALL I IGNORECASE M MULTILINE S VERBOSE X compile escape findall finditer fullmatch match
            search split sub subn""",
        "statistics": "fmean mean median median_high median_low mode multimode pstdev pvariance stdev variance",
        "string": """ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable
            punctuation whitespace""",
        "unicodedata": "category name normalize",
    }.items()
}

HINTS = "typing"
"""Of what it has, nothing is a value of the program: it stands in annotations alone."""

FUTURE = "__future__"

BUILTINS = words(
    """abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter float
    format frozenset hasattr hash hex input int isinstance issubclass iter len list map max min next object oct ord pow
    print property range repr reversed round set slice sorted staticmethod str sum super tuple zip
    Ellipsis NotImplemented"""
) | {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException) and "Group" not in name
}

ALL_BUILTINS = frozenset(vars(builtins))

SPECIAL_NAMES = frozenset(
    f"__{name}__"
    for name in words("""abs add and bool call contains delitem eq float floordiv ge getitem gt hash iadd imul index
    init int invert isub iter le len lt missing mod mul name ne neg next or pos pow radd repr reversed rmul rsub
    rtruediv setitem slots str sub truediv xor""")
)
"""Methods that have no way out, and what a module is named."""

ATTRIBUTES = {
    name
    for kind in (
        *(str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range),
        *(collections.deque, collections.defaultdict, collections.OrderedDict, collections.Counter),
        *(decimal.Decimal, fractions.Fraction, re.Pattern, re.Match, itertools.chain, property),
        *(type(functools.lru_cache(len)),),
    )
    for name in dir(kind)
    if not name.startswith("_")
} | {"args", "close", "send", "throw", "value", *SPECIAL_NAMES}

FIXED = (type(len), type(None), int, float, str)
"""Functions written in C, and constants."""
IMMUTABLE = 1 << 8
"""Py_TPFLAGS_IMMUTABLETYPE"""
HEAP = 1 << 9
"""Py_TPFLAGS_HEAPTYPE"""


def can_be_written(value: object) -> bool:
    """Whether a program could give it attributes. One that cannot has no cache either that a class could deceive."""
    if isinstance(value, type):
        return bool(value.__flags__ & HEAP and not value.__flags__ & IMMUTABLE)
    return type(value) not in FIXED


LISTED = {
    (module, name): getattr(__import__(module), name, None)
    for module, names in MEMBERS.items()
    for name in names
}
WRITABLE = {member for member, value in LISTED.items() if can_be_written(value)}
WRITTEN_IN_PYTHON = {member for member, value in LISTED.items() if isinstance(value, FunctionType)}
"""Functions, whose text has their address."""
