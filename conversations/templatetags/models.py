"""The models that may be chosen, at the box in which a message is written."""

from django import template
from django.template import Context

from conversations.model_catalog.picker import ModelPicker, make_picker

register = template.Library()


@register.simple_tag(takes_context=True)
def model_picker(context: Context) -> ModelPicker:
    """Return what who looks at the page may choose from: chosen is what they have picked in the
    form that was sent, or what the assistant of a new chat has.
    """
    request, conversation = context["request"], context.get("conversation")
    sent, usual = request.POST.get("model", ""), request.POST.get("usual_model")
    assistants = None if conversation else context.get("assistants")
    wanted = [assistants.chosen.latest.model] if assistants and assistants.chosen else []
    picked = "" if sent == usual else sent
    return make_picker(request.user, conversation, picked=picked, wanted=wanted)
