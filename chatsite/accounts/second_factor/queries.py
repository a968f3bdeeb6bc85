"""Reads about second factors: those that the account pages show their owner."""

from dataclasses import dataclass

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.adapter import SecretUnreadableError


@dataclass(frozen=True)
class RecoveryCodeCount:
    # None: they can't be read, because the secret key has changed.
    left: int | None
    total: int


@dataclass(frozen=True)
class UserFactors:
    """What somebody has beside their password."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: RecoveryCodeCount | None

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def find_factors(user: User) -> UserFactors:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return UserFactors(
        app=by_type.get(Authenticator.Type.TOTP),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes=count_recovery_codes(codes) if codes else None,
    )


def count_recovery_codes(row: Authenticator) -> RecoveryCodeCount:
    try:
        left = len(row.wrap().get_unused_codes())
    except SecretUnreadableError:
        left = None
    return RecoveryCodeCount(left, mfa_settings.RECOVERY_CODE_COUNT)
