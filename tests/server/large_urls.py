"""URLs of which one takes larger bodies than the others."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from chatsite.server.body_middleware import accepts_body
from chatsite.urls import urlpatterns as site_urls

LARGE = 8 * 1024 * 1024


@csrf_exempt
@accepts_body(lambda _request: LARGE)
def large(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [path("large/", large), *site_urls]
