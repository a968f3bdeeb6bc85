"""The form of one's own profile: name, theme, language and time zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from chatsite.accounts.profile.preferences import build_language_field, build_time_zone_field


class ProfileForm(forms.ModelForm[User]):
    """`browser_time_zone` is where the browser says that its reader is."""

    class Meta:
        model = User
        fields = ("name", "theme")
        labels = {"name": _("Name"), "theme": _("Theme")}
        help_texts = {"name": _("How the site calls you. Without one it uses your username.")}
        widgets = {
            "name": forms.TextInput({"autocomplete": "name", "dir": "auto"}),
            "theme": forms.RadioSelect,
        }

    def __init__(self, *args: Any, browser_time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance
        self.browser_time_zone = browser_time_zone
        chosen = user.time_zone if user.time_zone_is_chosen else ""
        self.fields["language"] = build_language_field(user.language)
        self.fields["time_zone"] = build_time_zone_field(
            browser=browser_time_zone or user.time_zone, chosen=chosen
        )
        self.initial.update(language=user.language, time_zone=chosen)

    def save(self, commit: bool = True) -> User:
        user = self.instance
        zone = self.cleaned_data["time_zone"]
        user.language = self.cleaned_data["language"]
        user.time_zone_is_chosen = bool(zone)
        user.time_zone = zone or self.browser_time_zone or user.time_zone
        user.save(update_fields=["name", "theme", "language", "time_zone", "time_zone_is_chosen"])
        return user
