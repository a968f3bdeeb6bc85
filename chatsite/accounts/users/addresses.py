"""Addresses that need no confirming, because an administrator vouches for them."""

from allauth.account.models import EmailAddress
from django.db import transaction

from chatsite.accounts.models import User


@transaction.atomic
def confirm_address(*, user: User) -> None:
    """Make the user's address their one address, confirmed."""
    others = EmailAddress.objects.filter(user=user)
    if not user.email:
        others.delete()
        return
    others.exclude(email__iexact=user.email).delete()
    # Whoever claimed the address without proof loses the claim.
    EmailAddress.objects.filter(email__iexact=user.email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )


def confirm_unknown_address(*, user: User) -> None:
    """Confirm the address of an account made by a command or before there was mail: whoever made
    it chose the address.
    """
    if user.email and not EmailAddress.objects.filter(user=user).exists():
        confirm_address(user=user)
