"""Where migration 0001 finds `GramsField`; it is in `conversations.search.fields`."""

from conversations.search.fields import GramsField

__all__ = ["GramsField"]
