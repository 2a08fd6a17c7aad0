"""The jail: one part is put round the fork server and inherited, the other round each child.

Each layer that the host refuses is reported; the supervisor decides whether the rest is enough.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from typing import NamedTuple

import landlock
import namespaces
from protocol import RESULT
from syscalls import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, prctl, write_file

NOBODY = 65534
TIER_WITH_NAMESPACES = 1
TIER_WITH_LANDLOCK = 2


class Check(NamedTuple):
    """One line of the report; `layer` is `base`, `namespaces`, `landlock`, `seccomp` or `limits`."""

    name: str
    layer: str
    held: bool
    detail: str


def attempt(name: str, layer: str, step: Callable[[], object]) -> Check:
    try:
        answer = step()
    except (OSError, KeyError, AttributeError) as error:
        return Check(name, layer, False, str(error) or repr(error))
    return Check(name, layer, True, answer if isinstance(answer, str) else "done")


def confine_server(tier: int, first_process: int) -> list[Check]:
    """Everything that the process will ever read must be imported and open by now.

    `tier` is the strongest to build. With namespaces the call returns in a child; its parent stays behind.
    """
    checks = [
        attempt("drop-root", "base", drop_root),
        attempt("no-new-privileges", "base", lambda: prctl(PR_SET_NO_NEW_PRIVS, 1)),
    ]
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    attempt("volunteer", "base", volunteer_for_out_of_memory)
    if tier <= TIER_WITH_NAMESPACES:
        checks += enter_namespaces(first_process)
    checks.append(attempt("drop-capabilities", "base", namespaces.drop_capabilities))
    if tier <= TIER_WITH_LANDLOCK:
        checks.append(attempt("apply-landlock", "landlock", landlock.restrict_self))
    checks.append(attempt("hide-memory", "base", lambda: prctl(PR_SET_DUMPABLE, 0)))
    return checks


def enter_namespaces(first_process: int) -> list[Check]:
    user, group = os.getuid(), os.getgid()
    checks = [attempt("enter-namespaces", "namespaces", namespaces.enter)]
    if checks[0].held:
        checks.append(attempt("map-user", "namespaces", lambda: namespaces.map_user(user, group)))
        namespaces.become_init()
        attempt("process-numbers", "namespaces", lambda: namespaces.start_numbering_at(first_process))
        checks.append(attempt("empty-root", "namespaces", namespaces.empty_root))
    return checks


def drop_root() -> str:
    """Root could undo what follows; the interpreter's files, which may be root's alone, are not read again."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        prctl(PR_SET_DUMPABLE, 1)
    return f"user {os.getuid()}"


def volunteer_for_out_of_memory() -> None:
    """To be the first that a host without memory ends."""
    write_file("/proc/self/oom_score_adj", "1000")


def limit_child(address_space: int, cpu_seconds: int) -> None:
    """`address_space` in bytes, the interpreter's own included; `cpu_seconds` for all the child's life."""
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: RESULT + 1,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


def isolate_child(null_device: int, result: int, server: int) -> None:
    """Leaves the result pipe and the null device open, and dies with the fork server."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)
    for descriptor in range(3):
        os.dup2(null_device, descriptor)
    os.dup2(result, RESULT)
    os.closerange(RESULT + 1, 1 << 16)
