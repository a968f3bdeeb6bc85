"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    OK = "OK"
    WRONG = "WRONG"
    NOT_CHECKED = "NOT CHECKED"


@dataclass(frozen=True)
class Finding:
    """`meaning`: what is so, in words. `remedy`: how to mend it, where it is wrong."""

    status: Status
    meaning: str
    remedy: str = ""


def ok(meaning: str) -> Finding:
    return Finding(Status.OK, meaning)


def wrong(meaning: str, remedy: str) -> Finding:
    return Finding(Status.WRONG, meaning, remedy)


def not_checked(why: str) -> Finding:
    return Finding(Status.NOT_CHECKED, why)
