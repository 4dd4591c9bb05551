"""Web connections: what `requests` connects with, so that every connection is checked and ends."""

from __future__ import annotations

import socket
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from blocker.calendars.web.addresses import Guard

_AGAIN_S = 0.2


class CheckedAdapter(HTTPAdapter):
    """Connects where its guard allows, and cuts its connections when asked."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._live: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Pools whose connections are opened by the guard."""
        super().init_poolmanager(*args, **more)
        guard, live = self._guard, self._live

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, _port(self), _seconds(self.timeout))

            def connect(self) -> None:
                super().connect()
                _add(live, self)

        class Encrypted(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, _port(self), _seconds(self.timeout))

            def connect(self) -> None:
                super().connect()
                _add(live, self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class EncryptedPool(HTTPSConnectionPool):
            ConnectionCls = Encrypted

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[threading.Event]:
        """Cut all connections when the body takes longer; the event given says that it did.

        A server that sends a byte now and then keeps every wait short and the whole endless.
        """
        is_done, is_cut = threading.Event(), threading.Event()

        def watch() -> None:
            is_done.wait(seconds)
            while not is_done.is_set():
                is_cut.set()
                self._cut()
                is_done.wait(_AGAIN_S)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield is_cut
        finally:
            is_done.set()
            watcher.join()

    def _cut(self) -> None:
        for connected in list(self._live):
            with suppress(OSError):  # not connected any more
                # the plain socket's: another thread may be reading the encrypted one
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _add(live: weakref.WeakSet[socket.socket], connection: HTTPConnection) -> None:
    """A connection's socket, kept by itself: a response outlives its connection."""
    if isinstance(connection.sock, socket.socket):
        live.add(connection.sock)


def _port(connection: HTTPConnection) -> int:
    return connection.port or connection.default_port


def _seconds(timeout: Any) -> float | None:
    return timeout if isinstance(timeout, (int, float)) else None
