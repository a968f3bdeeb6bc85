"""What stands beside the transcript: what was judged, and the forms to judge with."""

from collections.abc import Mapping
from typing import Any

from django import forms

from chatsite.accounts.models import User
from conversations.review.decisions.decisions import is_own
from conversations.review.models import Review
from conversations.review.permissions import JUDGE
from conversations.review.transcript.annotations import Annotations
from conversations.review.transcript.choices import (
    list_assignee_choices,
    list_label_choices,
    list_verdict_choices,
    mark_chosen,
)
from conversations.review.transcript.forms import NoteForm

ADD_LABEL = "review.add_label"


def build_sidebar(
    reader: User, review: Review, annotations: Annotations, sent: Mapping[str, forms.Form]
) -> dict[str, Any]:
    """`sent` holds the form that was refused, to be shown as it was typed."""
    verdicts = mark_chosen(list_verdict_choices(review), typed_values(sent.get("judge"), "verdict"))
    assignees = mark_chosen(
        list_assignee_choices(review), typed_values(sent.get("assign"), "assignee")
    )
    labels = list_label_choices(review)
    return {
        "labels": [label.name for label in labels if label.is_chosen],
        "judgements": annotations.judgements,
        "flag_by_hand": annotations.flag_by_hand,
        "is_own": is_own(review, reader),
        "may_judge": reader.has_perm(JUDGE) and not is_own(review, reader),
        "may_add_labels": reader.has_perm(ADD_LABEL),
        "judge_form": sent.get("judge"),
        "assign_form": sent.get("assign"),
        "labels_form": sent.get("labels"),
        "note_form": sent.get("note") or NoteForm(),
        "verdicts": verdicts,
        "has_verdict": any(each.is_chosen for each in verdicts),
        "assignees": assignees,
        "label_choices": mark_chosen(labels, typed_values(sent.get("labels"), "labels")),
    }


def typed_values(form: forms.Form | None, name: str) -> set[str] | None:
    """What was sent for a field; None where nothing was."""
    if form is None:
        return None
    value = form[name].value()
    sent = value if isinstance(value, list) else [value]
    return {str(each) for each in sent if each not in (None, "")}
