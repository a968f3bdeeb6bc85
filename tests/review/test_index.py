"""Review in the administration's index."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_index_lists_review_in_the_order_of_work(ada_client: Client) -> None:
    (app,) = [
        app for app in ada_client.get("/admin/").context["app_list"] if app["app_label"] == "review"
    ]
    assert [model["object_name"] for model in app["models"]][:3] == ["Review", "SiteDay", "Export"]


def test_the_index_leads_reviewers_to_search_and_dashboard(rita_client: Client) -> None:
    text = rita_client.get("/admin/").content.decode()
    tools = re.search(r'<ul class="object-tools">.*?</ul>', text, re.DOTALL)
    assert tools
    assert "/admin/review/review/search/" in tools[0]
    assert "/admin/review/siteday/" in tools[0]


@pytest.mark.parametrize(
    ("page", "name"),
    [("rule", "Rules"), ("retentionrule", "Retention rules"), ("hold", "Legal holds")],
)
def test_lists_are_called_what_the_menu_calls_them(
    ada_client: Client, page: str, name: str
) -> None:
    text = ada_client.get(f"/admin/review/{page}/").content.decode()
    assert f"<h1>{name}</h1>" in text
    assert f"<title>{name} |" in text
