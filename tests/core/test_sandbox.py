"""What a helper process can't do, whoever has taken it over."""

import platform
import struct
import sys
from collections.abc import Iterator

import pytest

from chatsite.core import sandbox
from chatsite.core.helper_process import HelperProcess
from tests.core.helper_functions import INTRUSIONS

HARMLESS = {"begin a thread", "import of Python's own", "change its own limits"}
FILES = {
    *("read a file", "read the parent's environment", "list a folder"),
    *("write a file", "make a folder"),
}
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in sandbox.ARCHITECTURES,
    reason="There are such rights only in Linux, and its calls are listed for some processors",
)


@pytest.fixture
def helper() -> Iterator[HelperProcess]:
    process = HelperProcess("tests.core.helper_functions:intrude")
    yield process
    process.stop()


@pytest.mark.parametrize("what", sorted(FILES))
def test_a_helper_has_no_files(helper: HelperProcess, what: str) -> None:
    if sandbox.find_landlock() < 1:
        pytest.skip("This kernel has no Landlock")
    assert helper.call(what.encode(), timeout=30) == b"EACCES"


@pytest.mark.parametrize("what", sorted(INTRUSIONS.keys() - FILES - HARMLESS))
def test_a_helper_reaches_nothing_outside(helper: HelperProcess, what: str) -> None:
    assert helper.call(what.encode(), timeout=30) == b"EPERM"


@pytest.mark.parametrize("what", sorted(HARMLESS))
def test_a_helper_may_do_what_libraries_need(helper: HelperProcess, what: str) -> None:
    assert helper.call(what.encode(), timeout=30) == b"done"


@pytest.mark.parametrize("machine", sandbox.ARCHITECTURES)
def test_every_way_through_the_filter_ends_in_a_decision(machine: str) -> None:
    program = list(struct.iter_unpack("=HBBI", sandbox.make_filter(machine, 1)))
    assert program[-1][0] == sandbox.RETURN
    for place, (code, if_so, else_, _value) in enumerate(program):
        if code != sandbox.RETURN:
            assert place + 1 + max(if_so, else_) < len(program)


@pytest.mark.parametrize("machine", sandbox.ARCHITECTURES)
def test_the_filter_decides_by_the_number_of_the_call(machine: str) -> None:
    refused = {number for number in range(500) if decide(machine, number) != sandbox.ALLOW}
    by_argument = {sandbox.CLONE[machine], sandbox.TGKILL[machine], sandbox.PRLIMIT[machine]}
    assert refused == sandbox.FORBIDDEN[machine] | by_argument | {sandbox.CLONE3}


def test_calls_of_another_architecture_end_the_helper() -> None:
    assert decide("x86_64", 1, architecture=0x40000003) == sandbox.KILL
    assert decide("x86_64", sandbox.FIRST_OF_X32 + 1) == sandbox.KILL


def decide(machine: str, number: int, architecture: int = 0) -> int:
    """What the filter says about a call whose first argument is that of nobody's process."""
    offsets = {
        sandbox.NUMBER: number,
        sandbox.ARCHITECTURE: architecture or sandbox.ARCHITECTURES[machine],
        sandbox.FIRST_ARGUMENT: 2,
    }
    program = list(struct.iter_unpack("=HBBI", sandbox.make_filter(machine, 1)))
    place = loaded = 0
    while True:
        code, if_so, else_, value = program[place]
        place += 1
        if code == sandbox.RETURN:
            return int(value)
        if code == sandbox.LOAD:
            loaded = offsets[value]
        else:
            is_so = {
                sandbox.JUMP_EQUAL: loaded == value,
                sandbox.JUMP_AT_LEAST: loaded >= value,
                sandbox.JUMP_SET: bool(loaded & value),
            }[code]
            place += if_so if is_so else else_
