"""What pages show of the request that they answer."""

from django import template

from chatsite.server.request_id import current_request_id

register = template.Library()
register.simple_tag(current_request_id, name="request_id")
