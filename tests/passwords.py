"""Passwords as administrators set them."""

from django.test import Client

from chatsite.accounts.models import User


def set_password(administrator: Client, user: User) -> None:
    password = "battery staple"
    form = {"usable_password": "true", "password1": password, "password2": password}
    url = f"/admin/accounts/user/{user.pk}/password/"
    assert administrator.post(url, form | {"set-password": ""}).status_code == 302
