"""A role that is taken away takes effect at once, on every page of review."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import UUIDConverter

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation
from tests.conftest import with_role
from tests.review.test_pseudonyms import patterns


def addresses() -> list[str]:
    """Of every page of review; which ids stand in them makes no difference."""
    return [
        reverse(
            f"admin:{pattern.name}",
            kwargs={
                name: uuid.uuid4() if isinstance(converter, UUIDConverter) else 1
                for name, converter in pattern.pattern.converters.items()
            },
        )
        for pattern in patterns()
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_no_reviewer_any_more_is_led_away(
    rita: User, rita_client: Client, conversation: Conversation, method: str
) -> None:
    assert rita_client.get("/admin/review/review/reason/").status_code == 200
    set_role(rita, Role.USER)
    for address in addresses():
        response = getattr(rita_client, method)(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")


def test_who_is_no_administrator_any_more_does_what_reviewers_do(
    ada: User, ada_client: Client
) -> None:
    with_role("other", Role.ADMINISTRATOR)
    assert ada_client.get("/admin/review/accessentry/").status_code == 200
    set_role(ada, Role.REVIEWER)
    assert ada_client.get("/admin/review/accessentry/").status_code == 403
    assert ada_client.post("/admin/review/accessentry/export/").status_code == 403
    assert ada_client.get("/admin/review/review/reason/").status_code == 200
