"""The models that may be chosen, at the box in which a message is written."""

from django import template
from django.template import Context

from conversations.model_catalog.picker import ModelPicker, make_picker

register = template.Library()


@register.simple_tag(takes_context=True)
def model_picker(context: Context) -> ModelPicker:
    """Return what who looks at the page may choose from: chosen is what a form that was refused
    had, or what the assistant of a new chat has.
    """
    request, conversation = context["request"], context.get("conversation")
    wanted = [request.POST.get("model", "")]
    assistants = None if conversation else context.get("assistants")
    if assistants and assistants.chosen:
        wanted.append(assistants.chosen.latest.model)
    return make_picker(request.user, conversation, wanted=wanted)
