"""The way to the identity provider and back: allauth's, through pages of ours."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from requests import RequestException

from chatsite.accounts.single_sign_on.provider import SingleSignOnAdapter


@never_cache
def redirect_to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A form begins it, so that no other site can; a page goes on to the provider by itself.

    A redirect would end at the content security policy: `form-action` holds for every address that
    a form's redirects pass through, and which these are is the provider's to know.
    """
    response = call_provider_view(request, provider_id, OAuth2LoginView)
    if isinstance(response, HttpResponseRedirect):
        return render(request, "socialaccount/leave.html", {"address": response.url})
    return response


@never_cache
def handle_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return call_provider_view(request, provider_id, OAuth2CallbackView)


def call_provider_view(
    request: HttpRequest, provider_id: str, view: type[OAuth2LoginView | OAuth2CallbackView]
) -> HttpResponse:
    """Call allauth's view, and show the provider's failures that it lets through."""
    try:
        provider = get_adapter(request).get_provider(request, provider_id)
        adapter = SingleSignOnAdapter(request, provider_id)
        response: HttpResponse = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        context = {"state": None}
        response = render_authentication_error(
            request, provider, exception=error, extra_context=context
        )
    return response
