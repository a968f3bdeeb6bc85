"""Invitations in the administration: made there, their link shown, revoked; never edited."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.invitations.services import (
    INVITATION_LIFETIME,
    build_invitation_link,
    create_invitation,
    find_invitation_warning,
    revoke_invitation,
    send_invitation,
)
from chatsite.accounts.models import Invitation, User
from chatsite.accounts.names import fold_name
from chatsite.accounts.roles import Role

MOST_USES = 10_000


class InvitationForm(forms.ModelForm[Invitation]):
    uses_allowed = forms.IntegerField(
        initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_USES)],
        label=_("Uses allowed"),
        help_text=_("How many accounts may be made with the link; one where it is for an address."),
    )
    group = forms.ModelChoiceField(
        Group.objects.exclude(name__in=Role.values), required=False, label=_("Group")
    )

    class Meta:
        model = Invitation
        fields = ("email", "uses_allowed", "role", "group", "expires_at")
        help_texts = {
            "email": _("Leave it empty for a link that anybody may use who has it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "expires_at" in self.fields:
            self.fields["expires_at"].initial = timezone.now() + INVITATION_LIFETIME

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email_key=fold_name(email)).exists():
            raise forms.ValidationError(gettext("There is an account with this address already."))
        return email

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at <= timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(gettext("Choose a time that is still to come."))
        return expires_at


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    form = InvitationForm
    list_display = ("__str__", "state", "used", "role", "group", "expires_at", "created_by")
    list_filter = ("role", "group")
    list_select_related = ("group", "created_by")
    search_fields = ("email", "created_by__username")
    readonly_fields = ("link", "state", "used", "users", "created_by", "created_at")
    actions = ("revoke", "send_again")

    def get_fieldsets(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        chosen = ("email", "uses_allowed", "role", "group", "expires_at")
        made = ("link", "state", "used", "users", "created_by", "created_at")
        return ((None, {"fields": made + chosen if obj else chosen}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        # What somebody was sent doesn't change under their hands: revoke it and make another.
        return (*self.readonly_fields, *InvitationForm.Meta.fields) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: ModelForm[Invitation], change: bool
    ) -> None:
        if change:
            return
        data = form.cleaned_data
        made = create_invitation(
            **data | {"role": Role(data["role"])},
            created_by=request.user if isinstance(request.user, User) else None,
        )
        obj.__dict__.update(made.__dict__)
        self.message_user(request, format_link_message(made), messages.SUCCESS)
        if warning := find_invitation_warning():
            self.message_user(request, warning, messages.WARNING)

    @admin.display(description=_("link"))
    def link(self, invitation: Invitation) -> str:
        return build_invitation_link(invitation) if invitation.is_open else "–"

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        return {
            "open": gettext("Open"),
            "used": gettext("Used"),
            "expired": gettext("Expired"),
            "revoked": gettext("Revoked"),
        }[invitation.state]

    @admin.display(description=_("used"))
    def used(self, invitation: Invitation) -> str:
        return f"{invitation.uses} / {invitation.uses_allowed}"

    @admin.display(description=_("accounts made with it"))
    def users(self, invitation: Invitation) -> str:
        return ", ".join(user.username for user in invitation.users.all()) or "–"

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        for invitation in chosen:
            revoke_invitation(invitation=invitation)
            self.log_change(request, invitation, gettext("Revoked."))
        count = len(chosen)
        sentence = ngettext("%(n)d invitation revoked.", "%(n)d invitations revoked.", count)
        self.message_user(request, sentence % {"n": count}, messages.SUCCESS)

    @admin.action(description=_("Send the mail again"), permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        sent = sum(send_invitation(invitation=each) for each in chosen if each.is_open)
        sentence = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", sent)
        self.message_user(request, sentence % {"n": sent}, messages.SUCCESS)


def format_link_message(invitation: Invitation) -> SafeString:
    return format_html(
        "{} <code>{}</code>",
        gettext("Hand this link to whom you invite:"),
        build_invitation_link(invitation),
    )
