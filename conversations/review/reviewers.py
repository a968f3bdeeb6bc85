"""Who may judge conversations: reviewers see each other's names, and assign work to each other."""

from django.db.models import QuerySet

from chatsite.accounts.models import User

JUDGE = "review.change_review"


def reviewers() -> QuerySet[User]:
    """By their names."""
    able = User.objects.with_perm(JUDGE).filter(is_staff=True)
    return able.only("username").order_by("username")
