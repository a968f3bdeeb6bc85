"""The model's title for a conversation, asked for once, after its first reply.

pool.py          which titles are awaited, and the few threads that ask for them
awaited_title.py one of them, and a way to wait for it
writing.py       one of them, from the question whether it is wanted to the end
asking.py        what the model is sent, and what comes of it
cleaning.py      what it says → one short line
saving.py        the title and what it took, in one transaction
lifecycle.py     what ends one: the end of the process, or of somebody's access
"""

from conversations.services.model_titles.awaited_title import AwaitedTitle
from conversations.services.model_titles.pool import (
    cancel_title,
    expect_title,
    get_pool,
)

__all__ = [
    "AwaitedTitle",
    "cancel_title",
    "expect_title",
    "get_pool",
]
