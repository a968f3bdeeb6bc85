"""The client of the model's API that all of a process share, made from the settings."""

import functools

from django.conf import settings

from conversations.model_api import ModelClient, Timeouts
from conversations.services.replies.pace import choose_pace


@functools.cache
def get_model_client() -> ModelClient:
    """Return the one client of this process: it pools connections."""
    return make_model_client(
        timeouts=Timeouts(
            connect=settings.MODEL_CONNECT_TIMEOUT,
            first_byte=settings.MODEL_FIRST_BYTE_TIMEOUT,
            silence=settings.MODEL_SILENCE_TIMEOUT,
            whole=settings.MODEL_REPLY_TIMEOUT,
        ),
        max_retries=2,
    )


def make_model_client(*, timeouts: Timeouts, max_retries: int) -> ModelClient:
    return ModelClient(
        base_url=settings.AIMLAPI_BASE_URL,
        # The offline model takes any key; somebody's own server may want none.
        api_key=settings.AIMLAPI_API_KEY or ("offline" if settings.OFFLINE_MODEL else ""),
        model=settings.CHAT_MODEL,
        timeouts=timeouts,
        max_retries=max_retries,
        # Those of the model that was asked, which the catalog has.
        prices=None,
        pace=choose_pace,
    )
