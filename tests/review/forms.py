"""What a page leads to: its links, and its forms as they would be sent untouched."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Leads(HTMLParser):
    """Of a page at this address. A field with several choices has the first, or the chosen one."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href"):
            self.links.append(self.local(has["href"]))
        elif tag == "form":
            action = self.local(has.get("action", ""))
            self.forms.append(Form(has.get("method", "get").lower(), action))
        elif self.forms:
            self.handle_field(tag, has)

    def handle_field(self, tag: str, has: dict[str, str]) -> None:
        name, value = has.get("name", ""), has.get("value", "")
        fields = self.forms[-1].fields
        known = {each for each, _value in fields}
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            chosen = has.get("type") not in {"radio", "checkbox"} or "checked" in has
            if chosen or name not in known:
                fields.append((name, value))
        elif tag == "button" and name and name not in known:
            fields.append((name, value))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and self._select not in known and value:
            fields.append((self._select, value))
        elif tag == "textarea" and name:
            fields.append((name, "Words"))

    def local(self, address: str) -> str:
        parts = urlsplit(urljoin(self.address, address))
        if parts.scheme or parts.netloc:
            return ""
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def leads_of(html: str, address: str) -> Leads:
    reader = Leads(address)
    reader.feed(html)
    reader.close()
    return reader
