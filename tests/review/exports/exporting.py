"""Exports as an administrator gets them, taken apart."""

import csv
import io
import json
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.accounts.models import User
from conversations.outbox import worker

URL = "/admin/review/export/"


def exported(client: Client, form: str, **data: str) -> str:
    worker.process_outbox()
    response = client.post(URL, {"format": form, **data})
    assert response.status_code == 200
    return response.getvalue().decode()


def lines(client: Client, form: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(client, form).splitlines()]


def table(client: Client) -> list[dict[str, str]]:
    text = exported(client, "csv")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def may_export(rita: User) -> None:
    rita.user_permissions.add(Permission.objects.get(codename="export_conversations"))


def turns(client: Client) -> list[list[tuple[str, str]]]:
    return [
        [(each["role"], each["content"]) for each in line["messages"]]
        for line in lines(client, "messages")
    ]
