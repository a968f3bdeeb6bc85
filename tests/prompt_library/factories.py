"""Prompts for tests to work on."""

from chatsite.accounts.models import User
from conversations.prompt_library.models import SavedPrompt


def make_prompt(owner: User | None, name: str = "summary", **fields: object) -> SavedPrompt:
    usual = {"text": f"The text of {name}."}
    return SavedPrompt.objects.create(owner=owner, name=name, **(usual | fields))
