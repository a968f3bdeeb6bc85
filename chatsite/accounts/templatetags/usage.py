"""Filters that write numbers of what was used as the charts do."""

from decimal import Decimal

from django import template

from chatsite.accounts.budgets import usage

register = template.Library()


@register.filter
def format_count(amount: Decimal | int) -> str:
    return usage.format_count(Decimal(amount))


@register.filter
def format_dollars(amount: Decimal) -> str:
    return usage.format_dollars(amount)
