"""A plain HTTP client for the offline model, as any program would be one."""

import json
from typing import Any

import requests


class Client:
    """Asks an offline model as any program would; closes what it opened."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._session = requests.Session()
        self._session.headers["Authorization"] = "Bearer key"
        self._responses: list[requests.Response] = []

    def chat(self, text: str = "Hello", **body: Any) -> requests.Response:
        """A chat request of one message; it returns when the response's headers are there."""
        body = {"model": "m", "messages": [{"role": "user", "content": text}], **body}
        return self.post(body)

    def stream(self, text: str = "Hello", **body: Any) -> requests.Response:
        return self.chat(text, **{"stream": True, **body})

    def post(self, body: Any, **options: Any) -> requests.Response:
        url = f"{self.base_url}/chat/completions"
        response = self._session.post(url, json=body, stream=True, timeout=10, **options)
        self._responses.append(response)
        return response

    def get(self, path: str) -> requests.Response:
        return self._session.get(f"{self.base_url}{path}", timeout=10)

    def close(self) -> None:
        for response in self._responses:
            response.close()
        self._session.close()


def events(response: requests.Response) -> list[dict[str, Any]]:
    """The JSON events of a whole stream, without the end mark."""
    frames = response.content.decode().split("\n\n")
    data = [frame.removeprefix("data: ") for frame in frames if frame.startswith("data: ")]
    return [json.loads(item) for item in data if item != "[DONE]"]


def text_of(events: list[dict[str, Any]]) -> str:
    return "".join(
        choice["delta"].get("content") or "" for event in events for choice in event["choices"]
    )
