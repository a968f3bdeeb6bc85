"""The parts of a system prompt, and the whole that is sent. Pure.

They stand in the order of how seldom they change, so that conversations share as long a front as
can be with each other: the provider's cache serves what is the same at the beginning.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self


@dataclass(frozen=True)
class PromptParts:
    """`preamble`: of the administrators, for all; `base`: of the assistant, or else of the site,
    the variables of both resolved; `own`: of the user, "" where they are off. `preamble_version`
    tells which text of the administrators' the preamble was made of, and `name` the user's where it
    stands in the preamble or the base.
    """

    preamble: str = ""
    base: str = ""
    own: str = ""
    preamble_version: str = ""
    name: str = ""

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any] | None, system_prompt: str) -> Self:
        """Return the parts of a conversation; null is one whose whole system prompt is the base."""
        return cls(base=system_prompt) if stored is None else cls(**stored)

    def to_stored(self) -> dict[str, str] | None:
        return asdict(self) if self.preamble or self.own or self.name else None

    def conceal_name(self, pseudonym: str) -> Self:
        """Return them for somebody who isn't to know whose they are."""
        if not self.name:
            return self
        name = re.compile(rf"(?<!\w){re.escape(self.name)}(?!\w)")
        preamble, base = (
            name.sub(lambda _: pseudonym, text) for text in (self.preamble, self.base)
        )
        return replace(self, preamble=preamble, base=base, name="")

    def compose(self) -> str:
        """Return the system prompt that is sent."""
        parts = (self.preamble, self.base, self.own)
        return "\n\n".join(part.strip() for part in parts if part.strip())
