"""The roles, and the one table of what each may do.

A role is a Django group of the same name. `migrate` makes the groups and gives them just what this
table says; other groups are the administrators' own, for budgets and invitations.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    USER = "user", _("User")
    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who enters the administration at all.
STAFF = {Role.REVIEWER, Role.ADMINISTRATOR}

REVIEWING = (
    "review.view_review",
    "review.change_review",
    "review.view_siteday",
    "review.view_verdict",
    "review.view_label",
    "review.add_label",
)
ADMINISTERING = (
    "accounts.add_user",
    "accounts.change_user",
    "accounts.delete_user",
    "accounts.view_user",
    "accounts.change_sitepolicy",
    "accounts.view_sitepolicy",
    "accounts.add_invitation",
    "accounts.change_invitation",
    "accounts.view_invitation",
    "accounts.add_limit",
    "accounts.change_limit",
    "accounts.delete_limit",
    "accounts.view_limit",
    "accounts.view_usageday",
    "auth.add_group",
    "auth.change_group",
    "auth.delete_group",
    "auth.view_group",
    "review.see_identities",
    "review.export_conversations",
    "review.add_verdict",
    "review.change_verdict",
    "review.delete_verdict",
    "review.change_label",
    "review.delete_label",
    "review.add_rule",
    "review.change_rule",
    "review.delete_rule",
    "review.view_rule",
    "review.view_accessentry",
    "review.export_access_log",
    "review.change_reviewpolicy",
    "review.view_reviewpolicy",
    "review.add_retentionrule",
    "review.change_retentionrule",
    "review.delete_retentionrule",
    "review.view_retentionrule",
    "conversations.change_instructionpolicy",
    "conversations.view_instructionpolicy",
    "conversations.change_assistant",
    "conversations.add_chatmodel",
    "conversations.change_chatmodel",
    "conversations.delete_chatmodel",
    "conversations.view_chatmodel",
    "conversations.change_parameterpolicy",
    "conversations.view_parameterpolicy",
    "conversations.change_savedprompt",
    "jobs.change_crasheditem",
    "jobs.view_crasheditem",
    "review.add_hold",
    "review.delete_hold",
    "review.view_hold",
)
PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.USER: (),
    Role.REVIEWER: REVIEWING,
    Role.ADMINISTRATOR: REVIEWING + ADMINISTERING,
}


def make_groups(**_signal: Any) -> None:
    """Make the groups after `migrate`, with the permissions of the table and no others."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Each app's permissions are made in its turn; some of the table's come after ours.
    for label in {name.partition(".")[0] for name in PERMISSIONS[Role.ADMINISTRATOR]}:
        create_permissions(apps.get_app_config(label), verbosity=0)
    for role, names in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        wanted = models.Q(pk=None)
        for name in names:
            app, _dot, codename = name.partition(".")
            wanted |= models.Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.filter(wanted))
