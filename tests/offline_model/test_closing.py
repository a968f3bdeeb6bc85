"""What becomes of clients that connect at the moment when the server closes."""

import gc
import random
import socket
import time
import warnings
from contextlib import ExitStack, suppress
from threading import Thread

from conversations.offline_model import OfflineModel

ROUNDS = 20
CLIENTS = 3
CONNECTIONS = 40


def connect_again_and_again(model: OfflineModel, sockets: ExitStack) -> None:
    with suppress(OSError):
        for _ in range(CONNECTIONS):
            address = "127.0.0.1", model.port
            sockets.enter_context(socket.create_connection(address, timeout=1))


def test_connections_that_come_while_it_closes_are_closed_as_well() -> None:
    moments = random.Random(1)
    with warnings.catch_warnings(record=True) as unclosed:
        warnings.simplefilter("always")
        for _ in range(ROUNDS):
            with ExitStack() as sockets:
                with OfflineModel() as model:
                    clients = [
                        Thread(target=connect_again_and_again, args=(model, sockets))
                        for _ in range(CLIENTS)
                    ]
                    for client in clients:
                        client.start()
                    time.sleep(moments.uniform(0, 0.004))
                for client in clients:
                    client.join()
        gc.collect()
    assert [str(warning.message) for warning in unclosed] == []
