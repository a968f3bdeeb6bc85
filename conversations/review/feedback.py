"""What feedback means for review: it is counted, and a bad reply is to be looked at."""

from typing import Any

from conversations.models import Feedback, Message
from conversations.review import review_rows as reviews
from conversations.review.stats import services as stats


def on_feedback_changed(*, message: Message, before: str, after: str, **_signal: Any) -> None:
    stats.count_feedback(message, before=before, after=after)
    reviews.refresh_rows({message.conversation_id})
    if after == Feedback.Rating.DOWN and before != after:
        reviews.enqueue_conversations({message.conversation_id})
