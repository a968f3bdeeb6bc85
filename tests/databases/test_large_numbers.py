"""Numbers in forms and addresses that are larger than those of rows."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.test import Client

from chatsite.accounts.models import User
from tests.factories import make_assistant
from tests.views.html import parse

pytestmark = pytest.mark.django_db

LARGE = [str(2**63), "9" * 30, "9" * 4000]


@pytest.mark.parametrize("number", LARGE)
def test_a_form_of_several_rows_finds_none_by_it(number: str) -> None:
    field = forms.ModelMultipleChoiceField(Group.objects.all())
    with pytest.raises(forms.ValidationError, match="Select a valid choice"):
        field.clean([number])


@pytest.mark.parametrize("number", LARGE)
def test_rows_beside_it_are_found(number: str) -> None:
    group = Group.objects.create(name="gardeners")
    assert Group.objects.filter(pk__in=[group.pk, int(number)]).get() == group
    assert Group.objects.filter(pk__in=[group.pk, -int(number)]).get() == group


def test_sharing_with_a_group_of_such_a_number_is_refused_with_a_sentence(
    ada: User, ada_client: Client
) -> None:
    assistant = make_assistant(ada)
    answer = ada_client.post(f"/assistants/{assistant.pk}/share/", {"groups": ["9" * 30]})
    assert "Select a valid choice" in parse(answer).text
