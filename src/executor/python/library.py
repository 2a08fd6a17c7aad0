"""The part of the standard library that programs can import: what is in memory before the jail closes.

It has no clocks, so that no program's value depends on the time. Which imports a task may use is not
decided here.
"""

from __future__ import annotations

import os
import posix
import sys

from protocol import ELSEWHERE

MODULES = """
    __future__ abc array base64 binascii bisect builtins cmath codecs collections collections.abc contextlib
    copy dataclasses decimal difflib encodings enum fractions functools gc graphlib heapq html io itertools json
    keyword math numbers operator os pprint random re reprlib signal statistics string struct sys textwrap
    traceback types typing unicodedata warnings weakref zlib
""".split()  # noqa: SIM905  (a list would be a page long)

WINDOWS_CODECS = ("cp65001", "mbcs", "oem")

OURS = ("__main__", "layout", "library", "protocol", "time")
"""In memory from the start, but not for programs."""

ALWAYS = ("builtins", "sys")
"""What cannot be taken out."""


def preload() -> set[str]:
    """Call before anything else is imported. Returns the names that programs may import."""
    for name in MODULES + codec_modules():
        __import__(name)
    return set(sys.modules).difference(OURS)


def codec_modules() -> list[str]:
    import encodings

    files = os.listdir(encodings.__path__[0])  # noqa: PTH208  (pathlib would be in memory from then on)
    names = (name.removesuffix(".py") for name in files if name.endswith(".py"))
    return [
        f"encodings.{name}" for name in sorted(names) if name not in WINDOWS_CODECS and name != "__init__"
    ]


def close(allowed: set[str]) -> None:
    """From here on an import finds what is allowed or nothing, and the environment is empty."""
    for name in set(sys.modules).difference(allowed, ALWAYS):
        del sys.modules[name]
    sys.modules["__main__"] = type(sys)("__main__")
    for finders in (sys.meta_path, sys.path_hooks, sys.path):
        finders.clear()
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    os.environ.clear()
    for module in (os, posix):
        vars(module).pop("times", None)  # a clock; where the filter denies it, it says always the same


class Elsewhere:
    """Finds no module, nor the codecs that are modules: the program is one for a fork server with the library."""

    def find_spec(self, *_: object) -> None:
        os._exit(ELSEWHERE)


def send_imports_elsewhere() -> None:
    """After `close`."""
    sys.meta_path.append(Elsewhere())
