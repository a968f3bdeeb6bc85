"""Histograms of the seconds until a reply's first words: small, merged by adding, and good enough
for quantiles.

A bucket is 5 % wide, and stands for its middle: a quantile is at most 2.5 % off the reply that it
is the time of. Everything below a millisecond is in the first bucket, where it can be a millisecond
off. A histogram maps the bucket's number, in decimal because JSON's keys are text, to how many
replies fell into it.
"""

import math
from collections.abc import Mapping

from conversations.models import Message

WIDTH = 1.05
# The ratio between a bucket's middle and its ends.
ERROR = math.sqrt(WIDTH)
LEAST = 0.001  # seconds
# An hour: no reply takes as long, so whatever says so is a clock that was set.
LAST = math.floor(math.log(3600 / LEAST, WIDTH))

type Histogram = Mapping[str, int]


def measure_first_token(reply: Message) -> float | None:
    """Return the seconds from asking the model to its first words; None when it said nothing."""
    if reply.started_at is None or reply.first_token_at is None:
        return None
    return (reply.first_token_at - reply.started_at).total_seconds()


def find_bucket(seconds: float) -> str:
    if seconds <= LEAST:
        return "0"
    return str(min(math.floor(math.log(seconds / LEAST, WIDTH)), LAST))


def get_bucket_middle(bucket: str) -> float:
    return LEAST * WIDTH ** int(bucket) * ERROR


def compute_quantile(histogram: Histogram, share: float) -> float | None:
    """Return the seconds within which that share of replies had begun; None without any."""
    rank = math.ceil(share * sum(histogram.values()))
    for number in sorted(histogram, key=int):
        rank -= histogram[number]
        if rank <= 0 and histogram[number]:
            return get_bucket_middle(number)
    return None
