"""`manage.py ask "Hello"`: the provider's documented call, to check the key and the settings."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chatsite.server.startup.offline_model import OfflineModelProcess
from conversations.model_api import ModelError, Usage
from conversations.model_catalog.catalog import read_settings_prices
from conversations.services.model_client import get_model_client


class Command(BaseCommand):
    help = "Send one message to the model and print its reply, what it used and what it cost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("message", help="what to say to the model")
        output = parser.add_mutually_exclusive_group()
        output.add_argument(
            "--stream", action="store_true", help="print the reply while it arrives"
        )
        output.add_argument("--json", action="store_true", help="print the raw response")

    def handle(self, *args: Any, **options: Any) -> None:
        if OfflineModelProcess.is_needed():
            raise CommandError("AIMLAPI_API_KEY is not set. The README tells how to get a key.")
        messages = [{"role": "user", "content": options["message"]}]
        try:
            if options["stream"]:
                self.stream(messages)
            else:
                self.complete(messages, raw=options["json"])
        except ModelError as error:
            raise CommandError(f"{error.sentence}\n({error})") from None

    def stream(self, messages: list[Any]) -> None:
        with get_model_client().stream(messages, request_id="ask") as stream:
            for delta in stream:
                self.stdout.write(delta.text, ending="")
                self.stdout.flush()
        self.stdout.write("")
        self.report(stream.model, stream.usage)

    def complete(self, messages: list[Any], *, raw: bool) -> None:
        completion = get_model_client().complete(messages, request_id="ask")
        if raw:
            self.stdout.write(json.dumps(completion.raw, indent=2, ensure_ascii=False))
            return
        self.stdout.write(completion.text)
        self.report(completion.model, completion.usage)

    def report(self, model: str | None, usage: Usage | None) -> None:
        """On standard error, so that the reply alone can be piped on."""
        if usage is None:
            line = "The service reported no usage."
        else:
            cost = usage.cost_usd
            if cost is None:
                cost = read_settings_prices().cost(
                    prompt=usage.prompt_tokens,
                    cached=usage.cached_tokens,
                    completion=usage.completion_tokens,
                )
            line = (
                f"{usage.prompt_tokens} tokens in ({usage.cached_tokens} from the cache), "
                f"{usage.completion_tokens} out, ${cost:f}"
            )
        self.stderr.write(f"{model or settings.CHAT_MODEL}: {line}")
