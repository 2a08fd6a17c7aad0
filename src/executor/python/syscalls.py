"""System calls that Python has no name for, through libc; each raises OSError with its name."""

from __future__ import annotations

import ctypes
import os
import platform

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long

PYTHON_LIBC = ctypes.PyDLL(None, use_errno=True)
"""Keeps the interpreter's lock during a call."""

MACHINE = platform.machine()
"""`x86_64` or `aarch64`; the jail knows no other."""

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39


# Signals, the same on both machines; Python's module for them is large.
SIGINT, SIGKILL, SIGCONT, SIGSTOP, SIGXCPU = 2, 9, 18, 19, 24
IGNORE = ctypes.c_void_p(1)


def ignore(signal: int) -> None:
    LIBC.signal(signal, IGNORE)


def fork() -> int:
    """Without the interpreter's own work before and after, most of which is for threads that nobody has here."""
    return checked("fork", PYTHON_LIBC.fork())


def read_file(path: str) -> str:
    """Of a small file under /proc."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 4096).decode()
    finally:
        os.close(descriptor)


def write_file(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def system_call(name: str, number: int, *arguments: object) -> int:
    """Integers pass as 64 bits: libc's `syscall` is variadic, a plain int leaves the upper half undefined."""
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return checked(name, LIBC.syscall(ctypes.c_long(number), *wide))


def prctl(option: int, value: int = 0, pointer: object = None) -> int:
    return checked(
        "prctl", LIBC.prctl(option, ctypes.c_ulong(value), pointer, ctypes.c_ulong(0), ctypes.c_ulong(0))
    )
