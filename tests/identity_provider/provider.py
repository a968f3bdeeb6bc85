"""What a test has in hand of the identity provider: its process, and the people that it knows."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from tests.e2e.site import ROOT, free_port
from tests.identity_provider.visitor import Visitor
from tests.waiting import wait_until

SECRET = "the client’s secret"


class IdentityProvider:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        port = free_port()
        self.issuer = f"http://localhost:{port}"
        self.log = (data_dir / "log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.identity_provider", str(port)],
            cwd=ROOT,
            env={
                **{name: value for name, value in os.environ.items() if "DJANGO" not in name},
                "IDENTITY_PROVIDER_DATABASE": str(data_dir / "provider.sqlite3"),
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        wait_until(self.answers, "its first answer", 60, instead=self.read_log)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.read_log()
        try:
            return requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=10).ok
        except requests.ConnectionError:
            return False

    def register(self, client_id: str, origin: str) -> dict[str, str]:
        """Makes a site known to it; returns the site's environment."""
        self.tell(
            "clients",
            id=client_id,
            name="Chat",
            secret=SECRET,
            redirect_uri=f"{origin}/accounts/oidc/sso/login/callback/",
        )
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": client_id,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_LABEL": "Example ID",
        }

    def person(
        self,
        username: str,
        email: str | None = None,
        *,
        verified: bool = True,
        name: str = "",
        claims: dict[str, Any] | None = None,
        **claims_by_place: dict[str, Any],
    ) -> Visitor:
        """Somebody it knows; `claims` are said everywhere, `id_token` and `userinfo` there only."""
        said: dict[str, dict[str, Any]] = {
            place: (claims or {}) | claims_by_place.get(place, {})
            for place in ("id_token", "userinfo")
        }
        self.tell("people", username=username, email=email, verified=verified, name=name, **said)
        return Visitor(username)

    def tell(self, what: str, **told: Any) -> None:
        response = requests.post(f"{self.issuer}/tests/{what}/", json=told, timeout=10)
        assert response.ok, self.read_log()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def read_log(self) -> str:
        return (self.data_dir / "log").read_text()
