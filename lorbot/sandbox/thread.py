"""A thread in which asyncio servers listen, and how they get their ports.

What is started is stopped: no thread and no port outlives `stop`, nor a start that fails.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from lorbot.errors import LorbotError

T = TypeVar("T")

ANSWER_WITHIN = 30.0  # seconds


class CannotListenError(LorbotError):
    """A port asked for cannot be had."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"cannot listen on {host} port {port} ({why}); choose another port, or 0 for any free one")


class ServerThread:
    """An asyncio loop in a thread of its own, for as long as its servers listen."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def start(self, open_ports: Callable[[AsyncExitStack], Awaitable[None]]) -> None:
        """Run `open_ports` in the loop, and wait for it. It puts on the stack what `stop` has to close.

        Raises what `open_ports` raises; then no thread is left.
        """
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(open_ports, started)), name="mail server", daemon=True
        )
        self._thread.start()
        if started.exception() is not None:
            self._thread.join()
        started.result()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine run in the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(ANSWER_WITHIN)

    def stop(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self, open_ports: Callable[[AsyncExitStack], Awaitable[None]], started: Future[None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            try:
                await open_ports(stack)
            except Exception as error:  # noqa: BLE001 - handed to the thread that called start
                started.set_exception(error)
                return
            started.set_result(None)
            await self._stopping.wait()
        # asyncio.run cancels the connections that are left, and waits for them.


async def listen(open_port: Callable[[str, int], Awaitable[asyncio.Server]], host: str, port: int) -> asyncio.Server:
    """Raises CannotListenError when the port cannot be had."""
    try:
        return await open_port(host, port)
    except OSError as error:
        raise CannotListenError(host, port, error.strerror or str(error)) from error


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
