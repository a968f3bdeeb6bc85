"""Argon2, away from the event loop: one hash is 50 to 200 ms in which nothing else would move."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from chatsite.core.offload import offload


class Argon2Hasher(Argon2PasswordHasher):
    def encode(self, password: str, salt: str) -> str:
        return offload(super().encode, password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        return offload(super().verify, password, encoded)
