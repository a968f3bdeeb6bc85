"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest


def offline_model(request: HttpRequest) -> dict[str, bool]:
    return {"offline_model": settings.OFFLINE_MODEL}
