"""What the pages' forms send."""

from django.http import HttpRequest


def sent_text(request: HttpRequest) -> str:
    """The message: what a starter's button sends where the box is empty."""
    return next((text for text in request.POST.getlist("text") if text.strip()), "")
