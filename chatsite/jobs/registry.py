"""Which jobs there are: what administrators read of them, and how one is asked for once more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Name of a job → the job.
JOBS: dict[str, "Job"] = {}


def goes_on_by_itself(_item: str) -> None:
    """For jobs that come back to everything that isn't set aside."""


@dataclass(frozen=True)
class Job:
    name: str
    # What is not done while an item is set aside; a lazy translation.
    consequence: Any
    # Asks for what was left out, once an item may be tried again.
    ask_again: Callable[[str], None] = goes_on_by_itself


def register_job(job: Job) -> None:
    """Register a background job; for apps, in their `ready()`."""
    JOBS[job.name] = job
