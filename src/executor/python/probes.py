"""Attacks on the jail that the supervisor has made at start, each in a child of its own.

A probe returns what the kernel answered if it was stopped, and raises Breach if it was not. Those of the
layer `seccomp` run behind the filter, the others without it, so that each layer is tried on its own.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import NamedTuple

from protocol import RESULT
from syscall_numbers import KILLED
from syscalls import LIBC, MACHINE, PR_GET_NO_NEW_PRIVS, checked, prctl

COLUMN = 0 if MACHINE == "x86_64" else 1
PROT_READ_WRITE_EXECUTE = 7
MAP_PRIVATE_ANONYMOUS = 0x22
CLONE_NEW_MOUNT, CLONE_NEW_USER = 0x00020000, 0x10000000


class Breach(Exception):
    """The attack went through."""


class Probe(NamedTuple):
    name: str
    layer: str
    attack: Callable[[], str]
    lethal: bool = False
    """Held only if the kernel kills the process for it."""


def refused(attack: Callable[[], object], *expected: int) -> Callable[[], str]:
    """Stopped by one of these errors."""

    def run() -> str:
        try:
            result = attack()
        except OSError as error:
            if error.errno in expected:
                return errno.errorcode[error.errno]
            raise
        raise Breach(f"answered {result}")

    return run


def call(name: str, *arguments: int) -> Callable[[], object]:
    number = KILLED[name][COLUMN] or -1
    return lambda: checked(name, LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)))


def map_executable() -> object:
    LIBC.mmap.restype = ctypes.c_long
    pages = LIBC.mmap(
        None, ctypes.c_size_t(4096), PROT_READ_WRITE_EXECUTE, MAP_PRIVATE_ANONYMOUS, -1, ctypes.c_long(0)
    )
    return checked("mmap", pages)


def fork() -> int:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    return process


def write_elsewhere() -> object:
    return sum(os.write(descriptor, b"x") for descriptor in range(RESULT + 1, RESULT + 8))


def send_datagram() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        return udp.sendto(b"x", ("127.0.0.1", 9))


def exceed_address_space() -> str:
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    try:
        bytes(limit)
    except MemoryError:
        return "MemoryError"
    raise Breach(f"had {limit} bytes")


def no_new_privileges() -> str:
    if prctl(PR_GET_NO_NEW_PRIVS) != 1:
        raise Breach("privileges can be gained")
    return "set"


def probes(supervisor: int) -> list[Probe]:
    """`supervisor` is the supervisor's process id in its own namespace."""
    lethal = [
        ("execute-file", call("execve", 0, 0, 0)),
        ("trace-server", call("ptrace", 16, os.getpid(), 0, 0)),
        ("read-server-memory", call("process_vm_readv", os.getpid(), 0, 0, 0, 0, 0)),
        ("load-bpf", call("bpf", 0, 0, 0)),
        ("use-io-uring", call("io_uring_setup", 1, 0)),
        ("unshare-namespaces", call("unshare", CLONE_NEW_USER)),
        ("mount-file-system", call("mount", 0, 0, 0, 0, 0)),
        ("read-keyring", call("keyctl", 0, 0, 0)),
    ]
    if MACHINE == "x86_64":
        lethal.append(("foreign-call-numbers", lambda: LIBC.syscall(ctypes.c_long(0x40000000 | 39))))
    open_root = lambda: os.open("/", os.O_RDONLY)  # noqa: E731
    filtered = [
        ("open-file", refused(open_root, errno.EPERM)),
        ("open-socket", refused(socket.socket, errno.EPERM)),
        ("fork", refused(fork, errno.EPERM)),
        ("signal-server", refused(lambda: os.kill(os.getppid(), 0), errno.EPERM)),
        ("signal-all", refused(lambda: os.kill(-1, signal.SIGKILL), errno.EPERM)),
        ("write-elsewhere", refused(write_elsewhere, errno.EPERM)),
        ("map-executable", refused(map_executable, errno.EPERM)),
        ("memory-file", refused(lambda: os.memfd_create("x"), errno.EPERM)),
    ]
    return [
        Probe("gain-privileges", "base", no_new_privileges),
        Probe("become-root", "base", refused(lambda: os.setuid(0), errno.EPERM, errno.EINVAL)),
        Probe("use-capabilities", "base", refused(call("unshare", CLONE_NEW_MOUNT), errno.EPERM)),
        Probe("fork-past-limit", "limits", refused(fork, errno.EAGAIN)),
        Probe("descriptors-past-limit", "limits", refused(lambda: os.dup(0), errno.EMFILE)),
        Probe("exceed-address-space", "limits", exceed_address_space),
        Probe("list-root", "landlock", refused(open_root, errno.EACCES)),
        Probe("find-host-files", "namespaces", refused(lambda: os.chdir("/usr"), errno.ENOENT)),
        Probe("find-supervisor", "namespaces", refused(lambda: os.kill(supervisor, 0), errno.ESRCH)),
        Probe("send-datagram", "namespaces", refused(send_datagram, errno.ENETUNREACH)),
        *[Probe(name, "seccomp", attack) for name, attack in filtered],
        *[Probe(name, "seccomp", refused(attack), lethal=True) for name, attack in lethal],
    ]
