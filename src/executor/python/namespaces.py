"""Namespaces of our own (user, process, network, mount, IPC, host name, control group), and an empty root."""

from __future__ import annotations

import ctypes
import os

from syscalls import (
    LIBC,
    MACHINE,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    SIGKILL,
    checked,
    prctl,
    system_call,
    write_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

CLONE_NEW = {
    "mount": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}

CLONE_NEW_TIME = 0x80

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_PRIVATE_RECURSIVE = 0x40000 | 0x4000
MS_REMOUNT = 32
MNT_DETACH = 2
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522


def enter() -> str:
    """Moves this process into new namespaces; children are born into the process one."""
    checked("unshare", LIBC.unshare(sum(CLONE_NEW.values())))
    return f"unshared {', '.join(CLONE_NEW)}"


def map_user(user: int, group: int) -> None:
    """Maps the ids from before to themselves."""
    prctl(PR_SET_DUMPABLE, 1)  # the new credentials made /proc/self root's
    write_file("/proc/self/setgroups", "deny")
    write_file("/proc/self/uid_map", f"{user} {user} 1")
    write_file("/proc/self/gid_map", f"{group} {group} 1")


def shift_clocks(seconds: int) -> str:
    """Of children; the clock of the day has no namespace."""
    checked("unshare", LIBC.unshare(CLONE_NEW_TIME))
    write_file("/proc/self/timens_offsets", f"monotonic {seconds} 0\nboottime {seconds} 0\n")
    return f"monotonic clocks {seconds} s ahead"


def become_init() -> None:
    """Goes on in a child that is process 1 of its namespace: when it ends, the kernel ends all in there."""
    supervisor = os.getppid()
    process = os.fork()
    if process != 0:
        _stand_guard(process, supervisor)
    prctl(PR_SET_PDEATHSIG, SIGKILL)


def _stand_guard(process: int, supervisor: int) -> NoReturn:
    """Is only the child that the supervisor knows; holds no descriptor that would hide an end of file."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != supervisor:
        os._exit(1)
    os.closerange(0, 1 << 16)
    _, status = os.waitpid(process, 0)
    os._exit(0 if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else 1)


def start_numbering_at(first_process: int) -> None:
    """Process ids differ between fork servers, so that a program that depends on its own is found out."""
    write_file("/proc/sys/kernel/ns_last_pid", str(first_process))


def empty_root() -> str:
    """An empty read-only file system in place of the host's."""
    _mount(None, b"/", None, MS_PRIVATE_RECURSIVE, None)
    _mount(b"none", b"/proc", b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, b"size=4k,nr_inodes=1")
    os.chdir("/proc")
    system_call("pivot_root", PIVOT_ROOT[MACHINE], ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    checked("umount2", LIBC.umount2(b".", MNT_DETACH))
    _mount(None, b"/", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, None)
    os.chdir("/")
    return "pivoted to an empty root"


def drop_capabilities() -> None:
    """A new user namespace begins with all of them."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    system_call("capset", CAPSET[MACHINE], ctypes.byref(header), ctypes.byref(none))


def _mount(
    source: bytes | None, target: bytes, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    checked(f"mount {target.decode()}", LIBC.mount(source, target, kind, ctypes.c_ulong(flags), options))
