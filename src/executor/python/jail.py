"""The jail: one part is put round the fork server and inherited, the other round each child.

Each layer that the host refuses is reported; the supervisor decides whether the rest is enough.
"""

from __future__ import annotations

import os
import resource

import landlock
import namespaces
from protocol import NULL, RESULT
from syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    SIGINT,
    SIGKILL,
    ignore,
    prctl,
    write_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY = 65534
TIER_WITH_NAMESPACES = 1
TIER_WITH_LANDLOCK = 2


class Check:
    """One line of the report; `layer` is `base`, `namespaces`, `clocks`, `landlock`, `seccomp` or `limits`."""

    def __init__(self, name: str, layer: str, held: bool, detail: str) -> None:
        self.name = name
        self.layer = layer
        self.held = held
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.name}\t{self.layer}\t{int(self.held)}\t{self.detail}"


def attempt(name: str, layer: str, step: Callable[[], object]) -> Check:
    try:
        answer = step()
    except (OSError, KeyError, AttributeError) as error:
        return Check(name, layer, False, str(error) or repr(error))
    return Check(name, layer, True, answer if isinstance(answer, str) else "done")


def confine_server(tier: int, first_process: int, clock_seconds: int) -> list[Check]:
    """Everything that the process will ever read must be imported and open by now.

    `tier` is the strongest to build. With namespaces the call returns in a child; its parent stays behind.
    Process numbers begin with `first_process` there, and the monotonic clocks are `clock_seconds` ahead.
    """
    ignore(SIGINT)  # Ctrl-C is the supervisor's to answer
    checks = [
        attempt("drop-root", "base", drop_root),
        attempt("no-new-privileges", "base", lambda: prctl(PR_SET_NO_NEW_PRIVS, 1)),
    ]
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    attempt("volunteer", "base", volunteer_for_out_of_memory)
    if tier <= TIER_WITH_NAMESPACES:
        checks += enter_namespaces(first_process, clock_seconds)
    checks.append(attempt("drop-capabilities", "base", namespaces.drop_capabilities))
    if tier <= TIER_WITH_LANDLOCK:
        checks.append(attempt("apply-landlock", "landlock", landlock.restrict_self))
    checks.append(attempt("hide-memory", "base", lambda: prctl(PR_SET_DUMPABLE, 0)))
    limit_server()
    return checks


def enter_namespaces(first_process: int, clock_seconds: int) -> list[Check]:
    user, group = os.getuid(), os.getgid()
    checks = [attempt("enter-namespaces", "namespaces", namespaces.enter)]
    if checks[0].held:
        checks.append(attempt("map-user", "namespaces", lambda: namespaces.map_user(user, group)))
        checks.append(attempt("shift-clocks", "clocks", lambda: namespaces.shift_clocks(clock_seconds)))
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


def limit_server() -> None:
    """The limits of children that the fork server can bear itself."""
    for limit in (
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_CORE,
        resource.RLIMIT_MEMLOCK,
        resource.RLIMIT_MSGQUEUE,
    ):
        resource.setrlimit(limit, (0, 0))


def limit_child(address_space: int, cpu_seconds: int) -> None:
    """`address_space` in bytes, the interpreter's own included; `cpu_seconds` for all the child's life."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_NOFILE, (RESULT + 1, RESULT + 1))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


def isolate_child(result: int, server: int) -> None:
    """Leaves the null device and the result pipe open, and dies with the fork server."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != server:
        os._exit(1)
    os.dup2(NULL, 2)
    os.dup2(result, RESULT)
    os.closerange(RESULT + 1, 1 << 16)
