"""Asks a language model over HTTP for its opinion on a reply: one request, one answer, nothing kept.

Invariants: certificates are verified, and plain HTTP goes no further than this machine; nothing is followed elsewhere;
an answer that is late, too large or not 200 is none. No error shows the key, the mail or what the server said.
"""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from lorbot.errors import ConfigurationError
from lorbot.reading.language_model import NoOpinionError, Opinion, opinion, request
from lorbot.reading.reader import Said
from lorbot.shell.accounts import is_loopback, tls_context

ANSWER_LIMIT = 1_000_000  # bytes; models that think aloud write much, but not that much
PIECE = 65_536  # bytes


@dataclass(frozen=True, kw_only=True)
class ModelAccount:
    """Where a model answers, in the manner of https://platform.openai.com/docs/api-reference/chat.

    `key` gives the bearer token, "" for none; asked at each request. Raises ConfigurationError for an address to which
    mentors' words must not be sent.
    """

    url: str  # without /chat/completions
    name: str
    key: Callable[[], str] = field(repr=False)
    timeout_s: float = 20

    def __post_init__(self) -> None:
        if says := wrong_with_url(self.url):
            raise ConfigurationError(f"model_url in [reader] {says}")


def wrong_with_url(url: str) -> str:
    """What is wrong with the address of a model, in words that follow its name; "" where nothing is."""
    form = "write it like http://127.0.0.1:11434/v1 or https://api.example.org/v1"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"is no address; {form}"
    if parts.scheme not in {"http", "https"} or not host or not url.isascii() or not url.isprintable() or " " in url:
        return f"is no address; {form}"
    if parts.username is not None or parts.query or parts.fragment:
        return f"holds more than an address, such as a key; {form}, and the key in model_key_file"
    if parts.scheme == "http" and not is_loopback(host):
        return "would send mentors' words over the network unencrypted; begin it with https://"
    return ""


class ModelClient:
    """One account. Holds no connection between questions."""

    def __init__(self, account: ModelAccount) -> None:
        self._account = account

    def opinion(self, said: Said) -> Opinion:
        """What the model takes `said` to say; waits no longer than the account allows. Raises NoOpinionError."""
        try:
            return opinion(self._answer(said), said)
        except NoOpinionError as error:
            raise NoOpinionError(f"the language model at {self._account.url} had no say: {error}") from None

    def _answer(self, said: Said) -> bytes:
        """Asked in a thread: no time-out of the library's bounds a look-up of the name or a trickle of headers."""
        try:
            key = self._account.key()
        except ConfigurationError as error:
            raise NoOpinionError(f"its key (model_key in [reader]) cannot be had: {error}") from None
        if not key.isascii() or not key.isprintable():
            raise NoOpinionError("its key (model_key in [reader]) has characters that no header can hold")
        answers: SimpleQueue[bytes | NoOpinionError] = SimpleQueue()
        Thread(target=lambda: answers.put(self._tried(said, key)), daemon=True, name="language model").start()
        try:
            answer = answers.get(timeout=self._account.timeout_s)
        except Empty:
            raise NoOpinionError(_trouble(TimeoutError())) from None
        if isinstance(answer, NoOpinionError):
            raise answer
        return answer

    def _tried(self, said: Said, key: str) -> bytes | NoOpinionError:
        try:
            return self._posted(said, key)
        except NoOpinionError as error:
            return error
        except urllib.error.HTTPError as error:  # a redirect too
            error.close()
            return NoOpinionError(f"it answered with HTTP status {error.code}")
        except urllib.error.URLError as error:
            return NoOpinionError(_trouble(error.reason))
        except (OSError, UnicodeError) as error:  # the latter for a name that cannot be one
            return NoOpinionError(_trouble(error))
        except http.client.HTTPException:
            return NoOpinionError("what it answered is no HTTP")

    def _posted(self, said: Said, key: str) -> bytes:
        account, ends = self._account, time.monotonic() + self._account.timeout_s
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        post = urllib.request.Request(  # noqa: S310 - the scheme was checked when the account was made
            f"{account.url.rstrip('/')}/chat/completions",
            data=json.dumps(request(account.name, said)).encode(),
            headers=headers,
            method="POST",
        )
        with _opener().open(post, timeout=account.timeout_s) as answer:
            if answer.status != 200:
                raise NoOpinionError(f"it answered with HTTP status {answer.status}")
            return _whole(answer, ends)


def _whole(answer: http.client.HTTPResponse, ends: float) -> bytes:
    """The body. Raises TimeoutError for one that is not there in time, NoOpinionError for one that is too large."""
    body = bytearray()
    while piece := answer.read1(PIECE):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise NoOpinionError(f"it answered with more than {ANSWER_LIMIT} bytes")
        if time.monotonic() > ends:
            raise TimeoutError
    return bytes(body)


def _opener() -> urllib.request.OpenerDirector:
    """Opens http and https alone: no redirect, no file, no login. A proxy, if any, sees only what is encrypted."""
    opener = urllib.request.OpenerDirector()
    proxies = {scheme: proxy for scheme, proxy in urllib.request.getproxies().items() if scheme == "https"}
    for handler in (
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=tls_context("")),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _trouble(why: object) -> str:
    match why:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted ({why.verify_message})"
        case TimeoutError():
            return "it did not answer within model_timeout_seconds"
        case ConnectionRefusedError():
            return "nothing listens on that port; start it, or mend model_url in [reader]"
        case OSError():
            return f"it cannot be reached ({why.strerror or type(why).__name__})"
        case _:
            return "it cannot be reached; check model_url in [reader]"
