"""Waits for a server's push in IMAP IDLE (RFC 2177) and misses none.

IMAPClient's own `idle_check` overlooks what the server sent together with its `+`, because imaplib has already read it
(the socket is then silent); it takes half a line for a broken connection (github.com/mjs/imapclient/issues/519) and
a dead connection for silence (issue 565 there). So here: what lies in the buffers counts as news, lines are
only ever read whole and blocking, and the end of the stream is an error.
The content of a push is never used: the caller looks for itself what is new.
"""

import imaplib
import select
import socket
import ssl

from imapclient import IMAPClient

TAG = b"IDLE0"  # imaplib's own tags begin with four letters of A to P, so none of them is this


def idle_wait(client: IMAPClient, seconds: float, wake: socket.socket | None = None) -> bool:
    """Stay in IDLE until the server says anything, `wake` has bytes to read, or `seconds` have passed.

    A folder must be selected. True if the server said something. Leaves `wake` unread and the connection out of IDLE.
    Raises imaplib.IMAP4.error when IDLE is refused, its subclass abort on the end of the stream or a BYE,
    and OSError when the connection breaks or stalls for longer than its read timeout.
    """
    imap: imaplib.IMAP4 = client._imap  # noqa: SLF001 - IMAPClient shows only the socket; its major version is pinned
    imap.send(TAG + b" IDLE\r\n")
    news = _read_until(imap, b"+")
    if not news and not _holds_bytes(imap):
        pause(seconds, imap.sock, *([wake] if wake else []))
    imap.send(b"DONE\r\n")
    return _read_until(imap, TAG) or news


def pause(seconds: float, *sockets: socket.socket) -> None:
    """Until one of `sockets` can be read or has ended, or `seconds` have passed. Reads nothing."""
    poller = select.poll()
    for sock in sockets:
        poller.register(sock, select.POLLIN)
    poller.poll(max(0, seconds) * 1000)


def _read_until(imap: imaplib.IMAP4, wanted: bytes) -> bool:
    """Read whole lines up to one that begins with `wanted`. True if there were others before it."""
    others = False
    while True:
        line = imap.readline()
        if not line:
            raise imaplib.IMAP4.abort("the server closed the connection")
        first, _, rest = line.strip().partition(b" ")
        if first == b"*" and rest.upper().startswith(b"BYE"):
            raise imaplib.IMAP4.abort(rest.decode(errors="replace"))
        if first == TAG and (wanted != TAG or not rest.upper().startswith(b"OK")):
            raise imaplib.IMAP4.error(f"IDLE failed: {rest.decode(errors='replace')}")
        if first == wanted:
            return others
        others = True


def _holds_bytes(imap: imaplib.IMAP4) -> bool:
    """Whether bytes of the server lie in imaplib's reader or in the TLS layer, where poll() cannot see them."""
    if hasattr(imap, "_readbuf"):  # Python 3.14 keeps its own list of pieces
        return any(imap._readbuf) or _tls_pending(imap.sock)  # noqa: SLF001
    timeout = imap.sock.gettimeout()
    imap.sock.setblocking(False)  # peek() reads from the socket when its buffer is empty
    try:
        return bool(imap.file.peek(1)) or _tls_pending(imap.sock)  # type: ignore[union-attr]  # a BufferedReader
    except ssl.SSLWantReadError:  # nothing there; a plain socket says the same with b""
        return False
    finally:
        imap.sock.settimeout(timeout)


def _tls_pending(sock: socket.socket) -> bool:
    return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
