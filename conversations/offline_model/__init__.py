"""The offline model: a small HTTP server that speaks the wire format of the model's API.

It answers when no API key is set (`manage.py offline_model`), it is what the tests talk to over a
real socket, and it is the upstream that the benchmarks measure against. Standard library only.

    with OfflineModel(rate=50) as model:
        model.script(Fault(status=429, retry_after="1"))
        requests.post(f"{model.base_url}/chat/completions", ...)
        assert model.requests[0].body["messages"]

`README.md` has its map.
"""

from conversations.offline_model.connection import ReceivedRequest
from conversations.offline_model.faults import Fault
from conversations.offline_model.gate import Gate
from conversations.offline_model.server import OfflineModel

__all__ = ["Fault", "Gate", "OfflineModel", "ReceivedRequest"]
