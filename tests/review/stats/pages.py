"""What the page of stats and its files say."""

import csv
import io

from django.test import Client

from tests.views.html import parse

PAGE = "/admin/review/siteday/"


def tiles(client: Client, query: str = "") -> dict[str, str]:
    page = parse(client.get(PAGE + query))
    names = [name.text.strip() for name in page.all("dt")]
    return dict(zip(names, [" ".join(each.text.split()) for each in page.all("dd")], strict=True))


def rows(client: Client, what: str, query: str = "") -> list[dict[str, str]]:
    content = client.get(f"{PAGE}csv/{what}/{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))
