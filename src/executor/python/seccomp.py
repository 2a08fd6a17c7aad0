"""The system call filter of a child: an allow-list; EPERM for the rest, death for what only attacks use.

It assumes that the program runs native code of its own choice, so it judges arguments as well as numbers.
"""

from __future__ import annotations

import ctypes
import errno
import struct

from syscall_numbers import ALLOWED, KILLED, MMAP, MPROTECT, WRITE
from syscalls import MACHINE, PR_SET_SECCOMP, prctl

SECCOMP_MODE_FILTER = 2
KILL_PROCESS = 0x80000000
ALLOW = 0x7FFF0000
DENY = 0x00050000 | errno.EPERM

# Opcodes of classic BPF: load a word, return, jump, jump if equal / greater or equal / any bit set.
LOAD, RETURN, JUMP, EQUAL, AT_LEAST, ANY_BIT = 0x20, 0x06, 0x05, 0x15, 0x35, 0x45

# Offsets in `struct seccomp_data`; both machines are little-endian, so an argument's low word comes first.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
LOW, HIGH = 0, 4

AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
PROT_EXEC = 4


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


ALLOWED_CALL, DENIED, KILLED_FOR = (instruction(RETURN, action) for action in (ALLOW, DENY, KILL_PROCESS))


def argument(index: int, half: int) -> bytes:
    return instruction(LOAD, FIRST_ARGUMENT + 8 * index + half)


def not_executable() -> list[bytes]:
    """Allows memory whose protection (third argument) has no PROT_EXEC."""
    return [argument(2, LOW), instruction(ANY_BIT, PROT_EXEC, 0, 1), DENIED, ALLOWED_CALL]


def writes_up_to(descriptor: int) -> list[bytes]:
    return [
        argument(0, HIGH),
        instruction(EQUAL, 0, 0, 2),
        argument(0, LOW),
        instruction(AT_LEAST, descriptor + 1, 0, 1),
        DENIED,
        ALLOWED_CALL,
    ]


def decide(rules: list[tuple[int, list[bytes]]]) -> list[bytes]:
    """Halves the sorted rules down to one: the kernel tries every number when a filter is installed."""
    if len(rules) == 1:
        [(number, then)] = rules
        return [instruction(EQUAL, number, 0, len(then)), *then, DENIED]
    middle = len(rules) // 2
    below, from_middle = decide(rules[:middle]), decide(rules[middle:])
    return [
        instruction(AT_LEAST, rules[middle][0], 0, 1),
        instruction(JUMP, len(below)),
        *below,
        *from_middle,
    ]


def build_filter(result_descriptor: int, machine: str = MACHINE) -> bytes:
    """The filter's instructions. Raises KeyError on a machine without one."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    rules: dict[int, list[bytes]] = {numbers[column]: [ALLOWED_CALL] for numbers in ALLOWED.values()}
    rules |= {number: [KILLED_FOR] for numbers in KILLED.values() if (number := numbers[column]) is not None}
    rules |= {numbers[column]: not_executable() for numbers in (MMAP, MPROTECT)}
    rules[WRITE[column]] = writes_up_to(result_descriptor)
    foreign_numbers = [instruction(AT_LEAST, X32_BIT, 0, 1), KILLED_FOR] if machine == "x86_64" else []
    return b"".join(
        [
            instruction(LOAD, ARCHITECTURE),
            instruction(EQUAL, AUDIT_ARCHITECTURE[machine], 1, 0),
            KILLED_FOR,
            instruction(LOAD, NUMBER),
            *foreign_numbers,
            *decide(sorted(rules.items())),
        ]
    )


class FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def as_program(instructions: bytes) -> FilterProgram:
    """The structure keeps its instructions alive."""
    return FilterProgram(len(instructions) // 8, instructions)


def install(program: FilterProgram) -> None:
    """For this process and for good; needs no-new-privs."""
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))
