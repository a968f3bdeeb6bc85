"""The steps of a sign-in, where allauth's own don't fit."""

from allauth.account import stages
from django.http import HttpResponse


class EmailVerificationStage(stages.EmailVerificationStage):  # type: ignore[misc]
    """Nothing is to be confirmed by those without an address: they joined before there was mail."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user and not self.login.user.email:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response
