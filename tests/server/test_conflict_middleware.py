"""Two requests at the same moment, of which nothing else takes care: one is told so."""

from functools import partial

import pytest
from django.test import Client

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import Label
from tests.conftest import signed_in
from tests.core.crossing import amid, on_postgresql
from tests.views.html import HTMX, parse

pytestmark = [pytest.mark.django_db(transaction=True), on_postgresql]


def test_two_add_the_same_label(ada_client: Client) -> None:
    add = partial(ada_client.post, "/admin/review/label/add/", {"name": "Sample"})
    response = amid(lambda: Label.objects.create(name="Sample"), add)
    assert response.status_code == 409
    assert parse(response).one("h1").text == "Something else was faster"
    assert Label.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_sends_while_being_erased(
    alice: User, conversation: Conversation, headers: dict[str, str]
) -> None:
    form = {"text": "Hello", "token": "a form"}
    path = f"/c/{conversation.pk}/messages/"
    send = partial(signed_in(alice).post, path, form, headers=headers)
    response = amid(partial(erase_user, user=alice), send)
    assert response.status_code == 409
    assert not Conversation.objects.exists()
