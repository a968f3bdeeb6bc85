"""Requests of a page that stay unanswered until a test lets them go on."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route


class Held:
    """What was asked for at addresses of a pattern, and waits; by one method, if it is named."""

    def __init__(self, page: Page, pattern: str | re.Pattern[str], method: str = "") -> None:
        self._is_holding = True
        self._method = method
        self._waiting: list[Route] = []
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._is_holding and self._method in ("", route.request.method):
            self._waiting.append(route)
        else:
            route.fallback()

    def let_go(self) -> None:
        """What waits goes on, and from now on nothing waits."""
        self._is_holding = False
        while self._waiting:
            self._waiting.pop(0).continue_()


type Hold = Callable[..., Held]
