"""What is counted of replies, for `/metrics/`."""

from prometheus_client import Counter, Gauge, Histogram

from chatsite.server.metrics.registry import Metrics
from conversations.models import ModelRequest
from conversations.services.replies import streams
from conversations.services.replies.channel import get_channel
from conversations.services.replies.usage import Spent
from conversations.services.replies.worker import ReplyOutcome
from conversations.signals import model_request_made, reply_ended, saving_failed

# Seconds.
FIRST_WORD_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
WHOLE_REPLY_BUCKETS = (0.5, 1, 2, 5, 10, 20, 40, 60, 120, 300, 600)


class ReplyMetrics:
    """Counts by signals, which those who write replies send."""

    def __init__(self, metrics: Metrics) -> None:
        registry = metrics.process
        self.replies = Counter(
            "chatsite_replies", "Replies that have ended.", ("status",), registry=registry
        )
        self.errors = Counter(
            "chatsite_model_errors", "Replies that failed, by why.", ("code",), registry=registry
        )
        self.first_word = Histogram(
            "chatsite_reply_first_word_seconds",
            "Time from the start of a reply to its first word, or thought.",
            buckets=FIRST_WORD_BUCKETS,
            registry=registry,
        )
        self.whole = Histogram(
            "chatsite_reply_duration_seconds",
            "Time from the start of a reply until it is saved.",
            buckets=WHOLE_REPLY_BUCKETS,
            registry=registry,
        )
        self.tokens = Counter(
            "chatsite_tokens",
            "Tokens that were charged. Cached ones are among those of the input as well.",
            ("kind", "purpose"),
            registry=registry,
        )
        self.cost = Counter(
            "chatsite_cost_usd",
            "US dollars that replies and titles took, reported or estimated.",
            ("purpose",),
            registry=registry,
        )
        self.saving_failures = Counter(
            "chatsite_saving_failures",
            "Times that the database did not take how a reply ended; it is tried again.",
            registry=registry,
        )
        # They are held by nothing else.
        reply_ended.connect(self.count_reply, weak=False, dispatch_uid="metrics")
        model_request_made.connect(self.count_request, weak=False, dispatch_uid="metrics")
        saving_failed.connect(self.count_failure, weak=False, dispatch_uid="metrics")

    def count_reply(self, *, outcome: ReplyOutcome, seconds: float, **_signal: object) -> None:
        self.replies.labels(outcome.status).inc()
        self.whole.observe(seconds)
        if outcome.first_token_at:
            self.first_word.observe((outcome.first_token_at - outcome.began_at).total_seconds())
        if outcome.error_code:
            self.errors.labels(outcome.error_code).inc()
        if outcome.spent:
            self.count_usage("reply", outcome.spent)

    def count_request(self, *, request: ModelRequest, **_signal: object) -> None:
        self.count_usage("title", request)

    def count_failure(self, **_signal: object) -> None:
        self.saving_failures.inc()

    def count_usage(self, purpose: str, spent: Spent | ModelRequest) -> None:
        self.tokens.labels("input", purpose).inc(spent.prompt_tokens)
        self.tokens.labels("cached", purpose).inc(spent.cached_tokens or 0)
        self.tokens.labels("output", purpose).inc(spent.completion_tokens)
        self.cost.labels(purpose).inc(float(spent.cost_usd))


def add_metrics(metrics: Metrics) -> None:
    ReplyMetrics(metrics)
    live = Gauge(
        "chatsite_live_replies",
        "Replies being written; of these, unsaved ones wait for the database.",
        ("state",),
        registry=metrics.process,
    )
    live.labels("all").set_function(lambda: len(get_channel().list_replies()))
    live.labels("unsaved").set_function(
        lambda: sum(reply.unsaved for reply in get_channel().list_replies())
    )
    open_streams = Gauge(
        "chatsite_open_streams",
        "Streams to browsers: of growing replies, and of the list's changes.",
        ("kind",),
        registry=metrics.process,
    )
    open_streams.labels("reply").set_function(streams.replies.count_streams)
    open_streams.labels("feed").set_function(streams.feeds.count_streams)
