"""Models in the administration: what they are called, what they cost and take, who may use them;
asking the server which it has, and trying one.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.budgets.usage import format_dollars
from conversations.model_api import ModelError
from conversations.model_catalog.catalog import ensure_settings_row, make_ordering
from conversations.model_catalog.server_models import (
    SHOWN,
    add_models,
    list_offers,
    read_signed,
)
from conversations.models import ChatModel
from conversations.services import model_trials

LIST = "admin:conversations_chatmodel_changelist"
SEARCH_LENGTH = 200


class ChatModelForm(forms.ModelForm[ChatModel]):
    class Meta:
        model = ChatModel
        fields = (
            *("identifier", "label", "description", "position", "is_on"),
            *("is_for_all", "groups"),
            *("context_window", "longest_reply", "reads_images", "reads_files"),
            *("price_input", "price_cached_input", "price_output"),
        )
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def clean_identifier(self) -> str:
        identifier: str = self.cleaned_data["identifier"].strip()
        is_of_settings = self.instance.identifier == settings.CHAT_MODEL
        if is_of_settings and identifier != settings.CHAT_MODEL:
            raise forms.ValidationError(
                gettext("This is the model of CHAT_MODEL. Add another one, and switch this off.")
            )
        return identifier

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        window, longest = data.get("context_window"), data.get("longest_reply")
        if window is not None and longest is not None and longest >= window:
            self.add_error(
                "longest_reply",
                gettext("This has to be less than the context window: the question has to fit in."),
            )
        self._check_prices(data)
        return data

    def _check_prices(self, data: dict[str, Any]) -> None:
        """Both of what is read and what is written, or neither."""
        pair = {name: data.get(name) for name in ("price_input", "price_output")}
        missing = [name for name, price in pair.items() if price is None]
        if len(missing) == 1 or (missing and data.get("price_cached_input") is not None):
            self.add_error(missing[0], gettext("Give this price as well, or none at all."))


class RowForm(forms.ModelForm[ChatModel]):
    """What is changed in the list, where each field is named by its column alone to those who see
    it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance.label}"


@admin.register(ChatModel)
class ChatModelAdmin(admin.ModelAdmin[ChatModel]):
    form = ChatModelForm
    list_display = ("label", "identifier", "prices", "audience", "position", "is_on")
    list_editable = ("position", "is_on")
    list_display_links = ("label",)
    search_fields = ("label", "identifier")
    fieldsets = (
        (None, {"fields": ("identifier", "label", "description", "position", "is_on")}),
        (
            _("Who may use it"),
            {
                "fields": ("is_for_all", "groups"),
                "description": _(
                    "Everybody, or the members of the chosen groups. Who may use several chooses "
                    "one at the box; the first of the list is the default."
                ),
            },
        ),
        (
            _("What it takes"),
            {
                "fields": ("context_window", "longest_reply", "reads_images", "reads_files"),
                "description": _(
                    "A request has at most the tokens of CONTEXT_BUDGET, and at most what the "
                    "window leaves when the longest reply is taken from it, but half of the "
                    "window in any case."
                ),
            },
        ),
        (
            _("What it costs"),
            {
                "fields": ("price_input", "price_cached_input", "price_output"),
                "description": _(
                    "US dollars for a million tokens, where the provider doesn’t say what a reply "
                    "cost. Without prices it counts as the dearest model that is known, so that "
                    "budgets in dollars hold; the model of CHAT_MODEL has those of PRICE_INPUT, "
                    "PRICE_CACHED_INPUT and PRICE_OUTPUT. For one that costs nothing enter 0."
                ),
            },
        ),
    )

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=RowForm, **kwargs)

    @admin.display(description=_("prices"))
    def prices(self, model: ChatModel) -> str:
        if model.price_input is not None and model.price_output is not None:
            return gettext("%(input)s in, %(output)s out") % {
                "input": format_dollars(model.price_input),
                "output": format_dollars(model.price_output),
            }
        if model.identifier == settings.CHAT_MODEL:
            return gettext("those of the settings")
        return gettext("none: counts as the dearest")

    @admin.display(description=_("who"))
    def audience(self, model: ChatModel) -> str:
        if model.is_for_all:
            return gettext("everybody")
        return ", ".join(group.name for group in model.groups.all()) or gettext("nobody")

    def get_ordering(self, request: HttpRequest) -> Any:
        return make_ordering()

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChatModel]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("server/", view(self.handle_server), name="conversations_chatmodel_server"),
            path("<int:pk>/try/", view(self.handle_trial), name="conversations_chatmodel_try"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_view_permission(request):
            ensure_settings_row()
        answer = super().changelist_view(request, *args, **kwargs)
        if request.method == "POST" and isinstance(answer, HttpResponse):
            self.warn_of_gaps(request)
        return answer

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.warn_of_gaps(request)

    def has_delete_permission(self, request: HttpRequest, obj: ChatModel | None = None) -> bool:
        """Without its row, the model of the settings is there all the same."""
        is_of_settings = obj is not None and obj.identifier == settings.CHAT_MODEL
        return not is_of_settings and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [str(each) for each in objs if each.identifier == settings.CHAT_MODEL]
        return deleted, counts, lacking, [*protected, *kept]

    def warn_of_gaps(self, request: HttpRequest) -> None:
        """Say who can't send anything now."""
        usable = ChatModel.objects.filter(is_on=True)
        if usable.filter(is_for_all=True).exists():
            return
        sentence = gettext("No model is on for everybody: users in none of the groups can’t send.")
        if not usable.exists():
            sentence = gettext("No model is on: nobody can send anything.")
        self.message_user(request, sentence, messages.WARNING)

    def handle_server(self, request: HttpRequest) -> HttpResponse:
        """Asks the server which models it has, and adds those that are chosen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "add" in request.POST:
            return self.add_chosen(request)
        search = request.POST.get("search", "")[:SEARCH_LENGTH]
        context: dict[str, Any] = {
            "title": gettext("Models of the server"),
            "address": settings.AIMLAPI_BASE_URL,
            "search": search,
        }
        status = 200
        if request.method == "POST":
            try:
                offers, total = list_offers(model_trials.ask_server(), search)
                context |= {"offers": offers, "total": total, "is_cut": total > SHOWN}
            except ModelError as error:
                context["error"] = model_trials.explain_failure(error)
                status = 502
        return self.render_page(request, "conversations/models/server.html", context, status)

    def add_chosen(self, request: HttpRequest) -> HttpResponse:
        added = add_models(read_signed(request.POST.getlist("chosen")))
        for model in added:
            self.log_addition(request, model, gettext("Taken over from the server."))
        sentence = ngettext(
            "%(count)d model was added, switched off. Look at its prices and whom it is for, try "
            "it, and switch it on.",
            "%(count)d models were added, switched off. Look at their prices and whom they are "
            "for, try them, and switch them on.",
            len(added),
        ) % {"count": len(added)}
        if added:
            self.message_user(request, sentence, messages.SUCCESS)
        else:
            self.message_user(
                request, gettext("Nothing was added. Choose a model first."), messages.WARNING
            )
        return redirect(LIST)

    def handle_trial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sends one message to a model, and shows what it says, takes and costs."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        model = ChatModel.objects.filter(pk=pk).first()
        if model is None:
            raise Http404
        text = request.POST.get("text", gettext("Say hello, and which model you are."))
        text = text.strip()[: model_trials.LONGEST_MESSAGE]
        context: dict[str, Any] = {
            "title": gettext("Try “%(label)s”") % {"label": model.label},
            "model": model,
            "text": text,
        }
        if request.method == "POST" and text:
            context["trial"] = model_trials.try_model(model.identifier, text)
            with transaction.atomic():
                self.log_change(request, model, gettext("Tried."))
        return self.render_page(request, "conversations/models/try.html", context)

    def render_page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        around = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "list_url": reverse(LIST),
        }
        return TemplateResponse(request, template, around | context, status=status)
