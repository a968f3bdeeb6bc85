"""A title that is asked for, or about to be: what is known of its conversation, and a way to wait
for it.
"""

import threading
import uuid
from dataclasses import dataclass, field

from conversations.model_api import Cancellation


@dataclass(eq=False)
class AwaitedTitle:
    conversation_id: uuid.UUID
    owner_id: int
    model: str
    # The first reply, and how it begins.
    reply_id: int
    beginning: str
    cancellation: Cancellation = field(default_factory=Cancellation)
    _done: threading.Event = field(default_factory=threading.Event)

    def mark_done(self) -> None:
        """There is a title, or there will be none."""
        self._done.set()

    def wait_done(self, timeout: float) -> bool:
        """Wait until it is done; False when time runs out."""
        return self._done.wait(timeout)
