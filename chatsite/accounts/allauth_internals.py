"""What is used of allauth that it calls internal: nothing else imports `allauth.*.internal`.

A release of allauth may change these without a word, so `tests/accounts/test_allauth_internals.py`
names the version that they were read in. For none of them is there a public way:

- `clear_login`: forgets a sign-in that has begun, when it is refused between two of its steps.
- `record_authentication`: notes in the session that who is signed in has shown it once more.
- `get_rates`, `get_cache_key`: the limits of tries and where these are counted. The public
  `allauth.core.ratelimit` counts a try, and doesn't say how long to wait for the next.
- `clean_client_ip`: an address without its port. The public `get_client_ip` of the account adapter
  raises an error for a header that came past the proxies, which anybody may send.
- `normalize_user_code`: a code as allauth compares it, so that no other spelling makes it new.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.httpkit import clean_client_ip
from allauth.core.internal.ratelimit import get_cache_key, get_rates

__all__ = [
    "clean_client_ip",
    "clear_login",
    "get_cache_key",
    "get_rates",
    "normalize_user_code",
    "record_authentication",
]
