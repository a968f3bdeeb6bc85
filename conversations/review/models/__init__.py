"""What review keeps: reviews, judgements, flags, the access log, documents to search, figures."""

from conversations.review.models.access import AccessEntry, Disclosure, SearchWords
from conversations.review.models.exports import Export, SavedFilter
from conversations.review.models.figures import Figures, SiteDay, UserDay
from conversations.review.models.judging import Judgement, Label, Labelling, Note, Verdict
from conversations.review.models.keeping import Hold, Regrouping, RetentionRule
from conversations.review.models.policy import ReviewPolicy
from conversations.review.models.reviews import Review
from conversations.review.models.rules import Flag, Rule, Trial
from conversations.review.models.search import (
    Change,
    Cleaning,
    MessageDay,
    MessageDocument,
    TitleDocument,
)

__all__ = [
    "AccessEntry",
    "Change",
    "Cleaning",
    "Disclosure",
    "Export",
    "Figures",
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
