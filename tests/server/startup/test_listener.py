"""Where the server listens."""

import socket

import pytest

from chatsite.server.startup import listener
from tests.e2e.site import free_port


def is_reachable(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="Only on machines with IPv6")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_two_colons_are_every_address_there_is(address: str) -> None:
    with listener.open_listener("::", free_port()) as server:
        assert is_reachable(address, server.getsockname()[1])


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="Only on machines with IPv6")
def test_one_address_is_that_address_alone() -> None:
    with listener.open_listener("::1", free_port()) as server:
        assert not is_reachable("127.0.0.1", server.getsockname()[1])
