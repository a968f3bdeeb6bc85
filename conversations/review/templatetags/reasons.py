"""The reason for access as pages show it: what was given, whether one has to be."""

from typing import Any

from django import template
from django.template import Context

from conversations.review.audit import reasons
from conversations.review.models import AccessEntry, ReviewPolicy

register = template.Library()


@register.simple_tag(takes_context=True)
def reason_for_access(context: Context) -> dict[str, Any]:
    return {
        "text": reasons.given_reason(context["request"]),
        "is_asked_for": reasons.reason_policy() != ReviewPolicy.Reason.NONE,
        "is_required": reasons.reason_policy() == ReviewPolicy.Reason.REQUIRED,
        "max_length": AccessEntry.REASON_LENGTH,
        "help": reasons.HELP,
    }
