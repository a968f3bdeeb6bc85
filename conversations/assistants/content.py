"""What an assistant is like, apart from who has it: what a version keeps. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from conversations.assistants.models import AssistantVersion


@dataclass(frozen=True)
class AssistantContent:
    """`model`: its name at the API, "" for the default; `starters`: a line each."""

    name: str
    emoji: str = ""
    description: str = ""
    instructions: str = ""
    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    starters: str = ""

    @classmethod
    def of_version(cls, version: AssistantVersion) -> Self:
        return cls(**{each.name: getattr(version, each.name) for each in fields(cls)})

    def to_fields(self) -> dict[str, Any]:
        return asdict(self)
