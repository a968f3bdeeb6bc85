"""The open end of a growing text, made to look as it will when it is complete."""

from conversations.rendering.masking import Masked
from conversations.rendering.references import References
from conversations.rendering.scan import mask


def repaired(source: str, references: References) -> tuple[Masked, References]:
    return mask(source, growing=True), references.copy()
