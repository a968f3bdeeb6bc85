"""How often the words of a reply are read from the model and sent to who follows it.

Each read and each event costs the same, however short it is, and more often than ten times a second
readers see no difference. With many open streams it is less often, so that a crowd is served evenly
instead of late.
"""

from conversations.services.replies import streams

# Seconds between two events of a stream; so many for each that is open, but never more than the
# last.
PACE = 0.1
PACE_PER_STREAM = 0.003
LONGEST_PACE = 0.5


def choose_pace() -> float:
    """Return the seconds to let pass between two events of a stream, for now."""
    return min(max(PACE, PACE_PER_STREAM * streams.replies.count_streams()), LONGEST_PACE)
