"""Rights that a helper process gives up for good before it sees its first request.

Whoever takes it over by what it reads finds no network, no other program to run, no other process
to look into, and no file but Python's own and fonts. Linux on x86-64 and ARM only, as far as the
kernel knows how (Landlock since 5.13, seccomp longer); elsewhere, and where a container forbids it,
nothing happens. The limits of `helper_main` hold anywhere.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable

# prctl(2), from <sys/prctl.h>.
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

# landlock(7), from <linux/landlock.h>: the same numbers everywhere.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
RULE_PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many kinds of access to files there are, by version of Landlock.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NET_RIGHTS = 0b11  # since version 4: to bind TCP, to connect

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")  # for PDFs that don't bring theirs

# seccomp(2): by architecture the number it has in audit(7), and its system calls.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FORBIDDEN = {
    "x86_64": {
        *(41, 42, 49, 50),  # socket, connect, bind, listen
        *(57, 58, 59, 322),  # fork, vfork, execve, execveat
        *(62, 129, 200, 297, 424, 434, 438),  # kill and its kin, pidfd_open, pidfd_getfd
        *(101, 310, 311),  # ptrace, process_vm_readv, process_vm_writev
        *(248, 249, 250, 272, 308),  # add_key, request_key, keyctl, unshare, setns
        *(298, 321, 323, 425),  # perf_event_open, bpf, userfaultfd, io_uring_setup
    },
    "aarch64": {
        *(198, 203, 200, 201),
        *(221, 281),
        *(129, 138, 130, 240, 424, 434, 438),
        *(117, 270, 271),
        *(217, 218, 219, 97, 268),
        *(241, 280, 282, 425),
    },
}
# Threads are allowed, processes not: clone tells by its flags, clone3 can't be looked into.
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
CLONE_THREAD = 0x10000
# Allowed about this process only: abort() needs the first, and limits are set by the second.
TGKILL = {"x86_64": 234, "aarch64": 131}
PRLIMIT = {"x86_64": 302, "aarch64": 261}
FIRST_OF_X32 = 0x40000000

# Classic BPF, from <linux/filter.h>, and what a filter answers, from <linux/seccomp.h>.
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in seccomp_data


def give_up_rights() -> None:
    """Give up whatever a helper doesn't need; what it imports later must be Python's own."""
    if sys.platform != "linux" or platform.machine() not in ARCHITECTURES:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return
    give_up_files(libc, {sys.prefix, sys.base_prefix, *FONTS})
    give_up_calls(libc, platform.machine())


def give_up_files(libc: ctypes.CDLL, readable: Iterable[str]) -> None:
    """Leave only these folders, to be read, and no TCP."""
    version = find_landlock()
    if version < 1:
        return
    rights = (1 << FILE_RIGHTS.get(version, max(FILE_RIGHTS.values()))) - 1
    rules = struct.pack("=QQ", rights, NET_RIGHTS) if version >= 4 else struct.pack("=Q", rights)
    ruleset = libc.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0)
    if ruleset < 0:
        return
    for path in readable:
        try:
            folder = os.open(path, os.O_PATH)
        except OSError:
            continue
        rule = struct.pack("=Qi", READ_FILE | READ_DIR, folder)
        libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0)
        os.close(folder)
    libc.syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def find_landlock() -> int:
    """Return the kernel's version of Landlock, or less than 1 where there is none."""
    libc = ctypes.CDLL(None)
    return int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION))


def give_up_calls(libc: ctypes.CDLL, machine: str) -> None:
    """Have the kernel refuse system calls that only an intruder would make."""
    program = make_filter(machine, os.getpid())
    instructions = ctypes.create_string_buffer(program)
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0)


def make_filter(machine: str, pid: int) -> bytes:
    """Return the program by which the kernel decides about each system call."""
    refuse = instruction(RETURN, ERROR | errno.EPERM)
    allow = instruction(RETURN, ALLOW)
    parts = [
        instruction(LOAD, ARCHITECTURE),
        instruction(JUMP_EQUAL, ARCHITECTURES[machine], 1, 0),
        instruction(RETURN, KILL),
        instruction(LOAD, NUMBER),
        # x86-64's calls have a second set of numbers.
        instruction(JUMP_AT_LEAST, FIRST_OF_X32, 0, 1),
        instruction(RETURN, KILL),
        *when(CLONE3, instruction(RETURN, ERROR | errno.ENOSYS)),
        *when(CLONE[machine], argument(), instruction(JUMP_SET, CLONE_THREAD, 0, 1), allow, refuse),
        *when(TGKILL[machine], argument(), instruction(JUMP_EQUAL, pid, 0, 1), allow, refuse),
        *when(
            PRLIMIT[machine],
            argument(),
            instruction(JUMP_EQUAL, 0, 1, 0),
            instruction(JUMP_EQUAL, pid, 0, 1),
            allow,
            refuse,
        ),
    ]
    for number in sorted(FORBIDDEN[machine]):
        parts += when(number, refuse)
    return b"".join([*parts, allow])


def when(number: int, *then: bytes) -> list[bytes]:
    """Instructions for one system call, which decide about it."""
    return [instruction(JUMP_EQUAL, number, 0, len(then)), *then]


def argument() -> bytes:
    return instruction(LOAD, FIRST_ARGUMENT)


def instruction(code: int, value: int, if_so: int = 0, else_: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, else_, value)
