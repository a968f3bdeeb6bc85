"""Review in the administration, a module a subject."""

from conversations.review.admin import (
    access,
    exports,
    figures,
    judging,
    keeping,
    policy,
    reviews,
    rules,
)

__all__ = ["access", "exports", "figures", "judging", "keeping", "policy", "reviews", "rules"]
