"""The administrators' preamble in the administration: one text, with what it counts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conversations.attachments.tokens import estimate_text_tokens
from conversations.form_fields import PlainTextField
from conversations.instructions.models import PREAMBLE_LENGTH, InstructionPolicy
from conversations.instructions.variables import DESCRIPTIONS


class InstructionPolicyForm(forms.ModelForm[InstructionPolicy]):
    preamble = PlainTextField(
        label=_("Preamble"),
        required=False,
        max_length=PREAMBLE_LENGTH,
        widget=forms.Textarea({"rows": 12, "dir": "auto", "class": "vLargeTextField"}),
        help_text=_(
            "The model is told this first, in every conversation, whatever the assistant. Users "
            "can read it, and can’t remove it. A change holds from the next reply on."
        ),
    )

    class Meta:
        model = InstructionPolicy
        fields = ("preamble",)


@admin.register(InstructionPolicy)
class InstructionPolicyAdmin(admin.ModelAdmin[InstructionPolicy]):
    form = InstructionPolicyForm
    fields = ("preamble", "length", "variables")
    readonly_fields = ("length", "variables")

    @admin.display(description=_("length"))
    def length(self, policy: InstructionPolicy) -> str:
        count = estimate_text_tokens(policy.preamble) if policy.preamble.strip() else 0
        return ngettext(
            "About %(count)s token, in each request. The provider serves most of them from its "
            "cache.",
            "About %(count)s tokens, in each request. The provider serves most of them from its "
            "cache.",
            count,
        ) % {"count": number_format(count, force_grouping=True)}

    @admin.display(description=_("variables"))
    def variables(self, _policy: InstructionPolicy) -> SafeString:
        rows = format_html_join(
            "",
            "<li><code>{}</code>: {}</li>",
            ((f"{{{{{n}}}}}", d) for n, d in DESCRIPTIONS.items()),
        )
        return format_html("<ul>{}</ul>", rows)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: InstructionPolicy | None = None
    ) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return redirect("admin:conversations_instructionpolicy_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, *_: Any) -> InstructionPolicy | None:
        return InstructionPolicy.objects.get_or_create(pk=1)[0] if object_id == "1" else None
