"""The fields of what people choose for themselves: language and time zone. "" is what the browser
says.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chatsite.accounts.models import list_time_zones

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@functools.cache
def list_zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """List zones and the places they are named after, without the names kept for old programs."""
    regions = defaultdict(list)
    for zone in sorted(list_time_zones()):
        region, slash, place = zone.partition("/")
        if slash and region in REGIONS:
            regions[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    return [*regions.items(), ("UTC", [("UTC", "UTC")])]


class TimeZoneSelect(forms.Select):
    """A select that is written at once: Django renders a template for each of its options."""

    def render(
        self, name: str, value: object, attrs: Any = None, renderer: object = None
    ) -> SafeString:
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            format_html_join("", ' {}="{}"', self.build_attrs(self.attrs, attrs).items()),
            format_html_join("", "{}", ((render_group(*group, value),) for group in self.groups())),
        )

    def groups(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Return the regions, and what stands outside them."""
        for label, options in self.choices:
            if isinstance(options, list):
                yield str(label), options
            else:
                yield "", [(str(label), str(options))]


def render_group(label: str, options: list[tuple[str, str]], chosen: object) -> SafeString:
    html = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((zone, SafeString(" selected") if zone == chosen else "", text) for zone, text in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', label, html) if label else html


def build_time_zone_field(*, browser: str, chosen: str) -> forms.ChoiceField:
    """`browser` is the browser's zone, `chosen` the account's, which is always on the list."""
    as_browser = (
        _("As the browser says (%(zone)s)") % {"zone": browser}
        if browser
        else _("As the browser says")
    )
    groups = list(list_zones_by_region())
    if chosen and chosen not in {zone for _region, zones in groups for zone, _place in zones}:
        groups.insert(0, (_("Other"), [(chosen, chosen)]))
    return forms.ChoiceField(
        label=_("Time zone"),
        choices=[("", as_browser), *groups],
        required=False,
        widget=TimeZoneSelect,
        error_messages={"invalid_choice": _("“%(value)s” is not a time zone.")},
    )


def build_language_field(chosen: str) -> forms.ChoiceField:
    choices = [("", _("As the browser says")), *settings.LANGUAGES]
    if chosen and chosen not in dict(settings.LANGUAGES):
        choices.append((chosen, chosen))
    return forms.ChoiceField(label=_("Language"), choices=choices, required=False)
