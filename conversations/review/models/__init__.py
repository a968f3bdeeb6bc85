"""What review keeps: reviews, judgements, flags, the access log, documents to search, stats."""

from conversations.outbox.models import Change
from conversations.review.audit.models import AccessEntry, Disclosure, SearchWords
from conversations.review.decisions.models import Judgement, Label, Labelling, Note, Verdict
from conversations.review.exports.models import Export
from conversations.review.policy.models import ReviewPolicy
from conversations.review.queue.models import Review, SavedFilter
from conversations.review.retention.models import Hold, Regrouping, RetentionRule
from conversations.review.rules.models import Flag, Rule, Trial
from conversations.review.stats.models import DailyStats, SiteDay, UserDay
from conversations.search.models import Cleaning, MessageDay, MessageDocument, TitleDocument

__all__ = [
    "AccessEntry",
    "Change",
    "Cleaning",
    "DailyStats",
    "Disclosure",
    "Export",
    "Flag",
    "Hold",
    "Judgement",
    "Label",
    "Labelling",
    "MessageDay",
    "MessageDocument",
    "Note",
    "Regrouping",
    "RetentionRule",
    "Review",
    "ReviewPolicy",
    "Rule",
    "SavedFilter",
    "SearchWords",
    "SiteDay",
    "TitleDocument",
    "Trial",
    "UserDay",
    "Verdict",
]
