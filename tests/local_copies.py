"""What each process keeps a copy of, for tests that count queries."""

from conversations.assistants.queries import has_any
from conversations.model_catalog.catalog import read_catalog
from conversations.models import InstructionPolicy, ParameterPolicy


def fill_copies() -> None:
    """Have everything known that a process asks for once in a while."""
    ParameterPolicy.current()
    InstructionPolicy.current()
    read_catalog()
    has_any()
