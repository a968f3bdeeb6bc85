"""Numbers of what was used, written as the charts write them."""

from decimal import Decimal

from django import template

from chatsite.accounts.budgets import usage

register = template.Library()


@register.filter
def whole(amount: Decimal | int) -> str:
    return usage.whole(Decimal(amount))


@register.filter
def dollars(amount: Decimal) -> str:
    return usage.dollars(amount)
