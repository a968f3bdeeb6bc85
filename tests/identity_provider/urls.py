"""The provider's pages, and what the tests tell it."""

import json

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tests.identity_provider.claims import CLAIMS
from tests.identity_provider.password import PASSWORD


@csrf_exempt
def people(request: HttpRequest) -> HttpResponse:
    """Makes somebody, or changes what is known of them."""
    told = json.loads(request.body)
    person, _created = User.objects.get_or_create(username=told["username"])
    person.set_password(PASSWORD)
    person.first_name, _space, person.last_name = told["name"].partition(" ")
    person.save()
    # Of several tests the latest has the address.
    EmailAddress.objects.filter(Q(user=person) | Q(email=told["email"])).delete()
    if told["email"]:
        EmailAddress.objects.create(
            user=person, email=told["email"], verified=told["verified"], primary=True
        )
    CLAIMS[person.username] = {"id_token": told["id_token"], "userinfo": told["userinfo"]}
    return HttpResponse(str(person.pk))


@csrf_exempt
def clients(request: HttpRequest) -> HttpResponse:
    """Registers a site."""
    told = json.loads(request.body)
    client = Client(id=told["id"], name=told["name"], skip_consent=False)
    client.set_secret(told["secret"])
    client.set_scopes(["openid", "email", "profile"])
    client.set_redirect_uris([told["redirect_uri"]])
    client.save()
    return HttpResponse()


urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
    path("tests/people/", people),
    path("tests/clients/", clients),
]
