"""The app of the server: it has `manage.py serve`, and no models."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "chatsite.server"
