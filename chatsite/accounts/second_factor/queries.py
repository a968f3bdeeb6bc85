"""Reads about second factors: those that the account pages show their owner."""

from dataclasses import dataclass

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.adapter import SecretUnreadableError


@dataclass(frozen=True)
class RecoveryCodes:
    # None: they can't be read, because the secret key has changed.
    left: int | None
    total: int


@dataclass(frozen=True)
class Factors:
    """What somebody has beside their password."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: RecoveryCodes | None

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(user: User) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=by_type.get(Authenticator.Type.TOTP),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes=recovery_codes(codes) if codes else None,
    )


def recovery_codes(row: Authenticator) -> RecoveryCodes:
    try:
        left = len(row.wrap().get_unused_codes())
    except SecretUnreadableError:
        left = None
    return RecoveryCodes(left, mfa_settings.RECOVERY_CODE_COUNT)
