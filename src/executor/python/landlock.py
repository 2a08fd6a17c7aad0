"""Landlock with no rules: every right that the kernel can take is taken (landlock(7))."""

from __future__ import annotations

import ctypes
import os

from syscalls import system_call

CREATE_RULESET = 444
RESTRICT_SELF = 446
GET_VERSION = 1

# Bits of `handled_access_fs` by the ABI that brought the last of them.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_BIND_AND_CONNECT = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class RulesetAttributes(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


def restrict_self() -> str:
    """Needs no-new-privs. Says which ABI was applied; raises OSError where the kernel has no Landlock."""
    abi = system_call("landlock_create_ruleset", CREATE_RULESET, None, 0, GET_VERSION)
    attributes = RulesetAttributes(
        files=(1 << FILE_RIGHTS[min(abi, 5)]) - 1,
        network=TCP_BIND_AND_CONNECT if abi >= 4 else 0,
        scoped=ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0,
    )
    # Older kernels know a shorter structure, and refuse a longer one unless its tail is zero.
    ruleset = system_call(
        "landlock_create_ruleset", CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0
    )
    try:
        system_call("landlock_restrict_self", RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return f"Landlock ABI {abi}"
