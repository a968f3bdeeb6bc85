"""No formula ends the process: math-core reads what is nested by recursion, in C's stack."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("hostile.py")


@pytest.mark.parametrize("seed", range(4))
def test_no_generated_formula_ends_a_process_with_a_small_stack(seed: int) -> None:
    command = [sys.executable, str(SCRIPT), str(seed), "300"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stderr.count("\n") == 300
