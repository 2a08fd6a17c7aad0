"""The part of the standard library that programs can import: what is in memory before the jail closes.

It has no clocks, so that no program's value depends on the time. Which imports a task may use is not
decided here.
"""

from __future__ import annotations

import importlib
import os
import sys

MODULES = """
    __future__ abc array base64 binascii bisect builtins cmath codecs collections collections.abc contextlib
    copy dataclasses decimal difflib enum fractions functools gc graphlib heapq html io itertools json keyword
    math numbers operator os pprint random re reprlib signal statistics string struct sys textwrap traceback
    types typing unicodedata warnings weakref zlib
""".split()  # noqa: SIM905  (a list would be a page long)

CODECS = """
    ascii base64_codec cp1252 hex_codec idna latin_1 punycode quopri_codec raw_unicode_escape rot_13
    unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7 utf_8 utf_8_sig zlib_codec
""".split()  # noqa: SIM905

OURS = ("__main__", "layout", "library", "time")
"""In memory from the start, but not for programs."""


def preload() -> set[str]:
    """Call before anything else is imported. Returns the names that programs may import."""
    for name in MODULES:
        importlib.import_module(name)
    for name in CODECS:
        importlib.import_module(f"encodings.{name}")
    return set(sys.modules).difference(OURS)


def close(allowed: set[str]) -> None:
    """From here on an import finds what is allowed or nothing, and the environment is empty."""
    for name in set(sys.modules) - allowed:
        del sys.modules[name]
    sys.modules["__main__"] = type(sys)("__main__")
    for finders in (sys.meta_path, sys.path_hooks, sys.path):
        finders.clear()
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    os.environ.clear()
