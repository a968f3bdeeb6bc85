"""The one `requests.Session` of a client: pooled, TLS verified, and close-mouthed about its key."""

import os
import ssl
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import override
from urllib.parse import urlsplit

import certifi
import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies

from conversations.model_api.connections import CancellableAdapter

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Key(AuthBase):
    """The API key. Puts itself into requests' headers and shows itself nowhere else.

    An empty key sends no header: servers of one's own often want none. Raises ValueError when the
    key cannot be one, as http.client would quote it in its own complaint.
    """

    def __init__(self, key: str) -> None:
        if not key.isascii() or not (key.isprintable() and " " not in key):
            raise ValueError("The API key has characters that no key has: look for a stray space.")
        self._key = key

    @override
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def redact(self, text: str) -> str:
        """Return the text without the key, which services like to quote when they refuse it."""
        return text.replace(self._key, "[key]") if self._key else text

    @override
    def __repr__(self) -> str:
        return "<Key>"

    @override
    def __reduce__(self) -> str:
        raise TypeError("An API key is not to be pickled.")


class Session(requests.Session):
    """Follows no redirects: the key and the conversation go to the configured address only."""

    @override
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


def open_session(base_url: str, key: Key) -> Session:
    """Open a session for calls to `base_url`. Proxies and root certificates are taken from the
    environment (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE), once."""
    host = urlsplit(base_url).hostname
    session = Session()
    # Off, so that neither ~/.netrc nor a later change of the environment has a say.
    session.trust_env = False
    session.auth = key
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if host not in LOOPBACK:
        session.proxies = get_environ_proxies(base_url)
    adapter = CancellableAdapter(_tls_context() if base_url.startswith("https:") else None)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _tls_context() -> ssl.SSLContext:
    bundle = (
        os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
    )
    if Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)
