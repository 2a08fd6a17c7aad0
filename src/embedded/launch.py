"""Starts a program that does not watch its owner, so that the kernel ends it when the owner does.

    launch.py --owner PID --signal NAME --not-root auto|user --owns FOLDER --lock FILE -- PROGRAM ARGUMENT...

The program inherits an exclusive lock on FILE, which is free again when the last of its processes has ended.

The program never sees user id 0, which PostgreSQL refuses. With `auto` root is mapped to an unprivileged account in a
user namespace of the program's own: outside it nothing changes, files stay root's and folders of mode 700 passable.
Where the kernel denies the namespace, and with `user`, the program runs as that account, is given FOLDER, and keeps
the one capability that lets it pass folders of mode 700.

Exit status 111: the program could not be started; the last line on standard error says why.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import pwd
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

FAILED = 111
LOCK_WAIT_S = 15.0
ACCOUNTS = ("postgres", "nobody")

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def has_account(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def unprivileged_account() -> pwd.struct_passwd:
    """PostgreSQL's tools look their user up by name, so it must be one that the system knows."""
    accounts = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in ACCOUNTS:
        if name in accounts:
            return accounts[name]
    if not accounts:
        raise OSError("no account other than root is known here; add one (useradd postgres)")
    return next(iter(accounts.values()))


def enter_namespace(account: pwd.struct_passwd) -> None:
    uid, gid = os.getuid(), os.getgid()
    check(libc.unshare(CLONE_NEWUSER), "unshare")
    for name, content in (
        ("setgroups", "deny"),
        ("gid_map", f"{account.pw_gid} {gid} 1"),
        ("uid_map", f"{account.pw_uid} {uid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(content)


def namespace_allowed(account: pwd.struct_passwd) -> bool:
    """Tried in a child, because there is no way back out of a namespace."""
    child = os.fork()
    if child == 0:
        try:
            enter_namespace(account)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def give(folder: Path, uid: int, gid: int) -> None:
    """Makes the folder that account's, with all that is in it and itself last: where it is, nothing is left to do."""
    if not folder.is_dir() or folder.stat().st_uid == uid:
        return
    for path in [*folder.rglob("*"), folder]:
        os.chown(path, uid, gid, follow_symlinks=False)


def become(account: pwd.struct_passwd) -> None:
    """Keeps CAP_DAC_OVERRIDE and no other, in every set that survives the change of user and the exec."""
    check(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "prctl")
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    mask = 1 << CAP_DAC_OVERRIDE
    check(libc.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)), "capset")
    check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0), "prctl")


def leave_root(how: str, folder: Path) -> None:
    uid = os.getuid()
    if uid != 0 and has_account(uid):
        return
    account = unprivileged_account()
    if how == "auto" and namespace_allowed(account):
        give(folder, uid, os.getgid())
        enter_namespace(account)
        return
    try:
        give(folder, account.pw_uid, account.pw_gid)
        become(account)
    except OSError as error:
        raise OSError(
            f"user id {uid} needs a user namespace here, or the right to become {account.pw_name}, and the kernel "
            f"allows neither ({error.strerror}); run this as an ordinary user that has an account"
        ) from error


def hold(lock: str) -> None:
    """A server that was killed takes a moment to end, and its last processes a moment longer."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise OSError(f"another process still holds {lock}") from None
            time.sleep(0.05)
        else:
            os.set_inheritable(descriptor, True)
            return


def end_with(owner: int, death_signal: signal.Signals) -> None:
    """After every change of credentials, which would undo it. An owner that is gone already sends no signal."""
    check(libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0), "prctl")
    if os.getppid() != owner:
        raise OSError("the process that asked for this is gone")


def main() -> NoReturn:
    parser = argparse.ArgumentParser(prog="launch.py")
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--signal", choices=signal.Signals.__members__, required=True)
    parser.add_argument("--not-root", choices=("auto", "user"), required=True)
    parser.add_argument("--owns", type=Path, required=True)
    parser.add_argument("--lock", required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    try:
        hold(options.lock)
        leave_root(options.not_root, options.owns)
        end_with(options.owner, signal.Signals[options.signal])
        os.execv(options.command[0], options.command)
    except OSError as error:
        print(f"cannot start {options.command[0]}: {error.strerror or error}", file=sys.stderr)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
