"""Second factors for tests: an authenticator app, recovery codes, passkeys, and a policy."""

import os
import time
from collections.abc import Mapping
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from chatsite.accounts.models import SitePolicy, User

PASSWORD = "correct horse"


def require(whom: str) -> None:
    SitePolicy(pk=1, second_factor=whom).save()


def add_app(user: User) -> str:
    """The app's secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def add_codes(user: User) -> list[str]:
    return list(RecoveryCodes.activate(user).get_unused_codes())


def add_passkey(user: User, name: str = "Laptop") -> Authenticator:
    data = {"name": name, "credential": Passkey().registration()}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


class Passkey:
    """What a browser at http://localhost sends of one; tests/e2e/test_passkeys.py has real ones."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        self.public = AttestedCredentialData.create(Aaguid.NONE, os.urandom(16), public)

    def registration(self) -> dict[str, Any]:
        data = self.data(AuthenticatorData.FLAG.AT, self.public)
        answer = {
            "attestationObject": AttestationObject.create("none", AuthenticatorData(data), {})
        }
        return self.sent(b"challenge", "webauthn.create", answer)

    def assertion(self, user: User, challenge: str) -> dict[str, Any]:
        data = self.data()
        client = CollectedClientData.create("webauthn.get", challenge, "http://localhost")
        signature = self.key.sign(data + sha256(client), ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(user).encode()
        answer = {"authenticatorData": data, "signature": signature, "userHandle": handle}
        return self.sent(challenge, "webauthn.get", answer)

    def data(self, flags: int = 0, public: bytes = b"") -> bytes:
        known = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | flags
        return bytes(AuthenticatorData.create(sha256(b"localhost"), known, 0, public))

    def sent(self, challenge: Any, type: str, answer: Mapping[str, bytes]) -> dict[str, Any]:  # noqa: A002
        client = CollectedClientData.create(type, challenge, "http://localhost")
        return {
            "id": websafe_encode(self.public.credential_id),
            "rawId": websafe_encode(self.public.credential_id),
            "type": "public-key",
            "response": {
                name: websafe_encode(value)
                for name, value in {**answer, "clientDataJSON": client}.items()
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def code_at(secret: str, counter: int) -> str:
    """What the app shows in the period of this number."""
    return str(format_hotp_value(hotp_value(secret, counter)))


def code(secret: str) -> str:
    """What the app shows now."""
    return code_at(secret, int(time.time()) // app_settings.TOTP_PERIOD)


def wrong(secret: str) -> str:
    """What it shows at none of the clocks that are tolerated."""
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    right = {code_at(secret, counter + shift) for shift in range(-3, 4)}
    return next(str(number) for number in range(100_000, 100_008) if str(number) not in right)
