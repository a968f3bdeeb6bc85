"""The app of background jobs. It knows nothing of those who have any."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "chatsite.jobs"
    verbose_name = _("Background jobs")
