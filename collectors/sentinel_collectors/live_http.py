"""The one polite HTTP client of all live sources: slow to ask again, quick to give up, silent about secrets."""

from __future__ import annotations

import base64
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sentinel import __version__
from sentinel.errors import SourceError

from .live_answers import Answer, Refused, WaitTooLong, place_of
from .live_limits import retry_after, spent, until_reset

if TYPE_CHECKING:
    import ssl

    import httpx
    import tenacity

__all__ = ["Client", "sleep"]

#: How all live sources wait; tests put something faster here.
sleep: Callable[[float], None] = time.sleep

ATTEMPTS: Final = 5
LONGEST_BACKOFF: Final = 30.0
# The largest page met, 100 tweets with all their references, has 2 MB.
MAX_ANSWER: Final = 16 * 2**20
# An answer may take this many time-outs altogether, so that none comes drop by drop without end.
SLOWEST: Final = 4
MAX_REDIRECTS: Final = 5
FOR_GOOD: Final = frozenset({301, 308})
TOO_MANY: Final = 429
SENDABLE: Final = re.compile(r"[!-~]+")
# To blot out anything shorter would spoil posts; no service gives such a token.
SHORTEST: Final = 6
# Not the request's fault: time-out, too early, too many, and all of the server's own errors.
AGAIN: Final = frozenset({408, 425, TOO_MANY, *range(500, 600)})


class _Again(Exception):
    """A request that may do better later."""

    def __init__(self, reason: str, wait: float | None = None, limited: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.limited = limited


class Client:
    """Asks one service, one request at a time. A context manager.

    Parameters
    ----------
    user_agent : who asks: name, version and, if the user gave one, a contact.
    timeout_seconds : for connecting, and for every wait for more of an answer.
    max_wait_seconds : the longest pause that is kept when a service asks for one.

    Raises
    ------
    SourceError
        If the extra ``live`` is not installed.
    """

    def __init__(
        self, user_agent: str = "", timeout_seconds: float = 30, max_wait_seconds: float = 60
    ) -> None:
        for logger in ("httpx", "httpcore"):  # they log addresses, with a feed's key, and headers
            logging.getLogger(logger).setLevel(logging.WARNING)
        self._httpx = _installed("httpx")
        self._tenacity = _installed("tenacity")
        self._timeout = timeout_seconds
        self._max_wait = max_wait_seconds
        self._secrets: list[bytes] = []
        self._pause = 0.0
        self._http: httpx.Client = self._httpx.Client(
            headers={"User-Agent": user_agent or f"mood-sentinel/{__version__}"},
            timeout=timeout_seconds,
            verify=_trusted(),
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def keep_secret(self, secret: str) -> None:
        """Blot this out of every answer, whatever the service echoes, and however it is escaped.

        Raises
        ------
        SourceError
            If it cannot be sent in a header; does not show it.
        """
        if not SENDABLE.fullmatch(secret):
            raise SourceError("expected a token or password of plain characters without spaces")
        if len(secret) < SHORTEST:
            return
        forms = {secret, secret.replace("/", r"\/"), quote(secret, safe="")}
        self._secrets += [form.encode() for form in forms]

    def authorize(self, token: str) -> None:
        """Send a bearer token from now on, to this host alone."""
        self.keep_secret(token)
        self._http.headers["Authorization"] = f"Bearer {token}"

    def get(
        self, url: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """An answer with status 200, or 304 if `headers` made the request conditional.

        Parameters
        ----------
        params : those that are ``None`` are not sent.

        Raises
        ------
        Refused
            For any other final status; the message holds what the service said.
        WaitTooLong
            If it asks for a longer pause than is kept, or has still had enough after several.
        SourceError
            If it cannot be reached, or answers with more than a page.
        """
        given = {name: value for name, value in (params or {}).items() if value is not None}
        return self._asked(method="GET", url=url, params=given or None, headers=headers)

    def post(
        self,
        url: str,
        *,
        json: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """As `get`; but since what is sent is secret, no redirect is followed."""
        headers = None
        if auth is not None:
            basic = base64.b64encode(":".join(auth).encode()).decode()
            self.keep_secret(basic)
            headers = {"Authorization": f"Basic {basic}"}
        return self._asked(method="POST", url=url, json=json, data=form, headers=headers)

    def _asked(self, **request: Any) -> Answer:
        """An answer, after as many tries as it takes, within bounds."""
        if self._pause > self._max_wait:
            raise WaitTooLong(f"{place_of(request['url'])} asks to wait {self._pause:.0f} s")
        if self._pause:
            sleep(self._pause + random.random())
            self._pause = 0.0
        again = self._tenacity.Retrying(
            sleep=sleep,
            stop=self._tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._before_next,
            retry=self._tenacity.retry_if_exception_type(_Again),
            reraise=True,
        )
        try:
            answer: Answer = again(self._once, request)
        except _Again as error:
            if error.limited:
                raise WaitTooLong(str(error)) from None
            raise SourceError(f"{error}; tried {ATTEMPTS} times") from None
        if spent(answer.headers):
            self._pause = until_reset(answer.headers) or 0.0
        return answer

    def _before_next(self, state: tenacity.RetryCallState) -> float:
        """The pause that the service asked for, else one that doubles; both with jitter."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _Again) and error.wait is not None:
            return error.wait + random.random()
        longest = min(LONGEST_BACKOFF, self._max_wait)
        return float(self._tenacity.wait_exponential_jitter(initial=1, max=longest)(state))

    def _once(self, request: Mapping[str, Any]) -> Answer:
        place, httpx = place_of(request["url"]), self._httpx
        try:
            answer = self._followed(request)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise SourceError(f"{place}: {error}") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            slow = isinstance(error, httpx.TimeoutException)
            what = "no answer in time" if slow else str(error) or type(error).__name__
            raise _Again(f"{place}: {what}") from None
        if answer.status in AGAIN:
            raise self._another_time(answer)
        if answer.status not in (200, 304):
            raise Refused(answer)
        return answer

    def _another_time(self, answer: Answer) -> Exception:
        problem = f"{answer.place}: HTTP {answer.status}"
        wait = retry_after(answer.headers)
        if wait is None and answer.status == TOO_MANY:
            wait = until_reset(answer.headers)
        if wait is not None and wait > self._max_wait:
            return WaitTooLong(f"{problem}, asks to wait {wait:.0f} s")
        return _Again(problem, wait, limited=answer.status == TOO_MANY or wait is not None)

    def _followed(self, request: Mapping[str, Any]) -> Answer:
        """The answer at the end of the redirects. Where the host changes, httpx leaves the token behind."""
        given = {name: value for name, value in request.items() if value is not None}
        step: httpx.Request = self._http.build_request(**given)
        moved, for_good = None, True
        for _ in range(MAX_REDIRECTS + 1):
            with closing(self._http.send(step, stream=True)) as response:
                if response.next_request is None or step.method != "GET":
                    return self._whole(response, moved)
                step = response.next_request
                for_good = for_good and response.status_code in FOR_GOOD
                moved = str(step.url) if for_good else moved
        raise SourceError(f"{place_of(given['url'])}: more than {MAX_REDIRECTS} redirects")

    def _whole(self, response: httpx.Response, moved: str | None) -> Answer:
        """The answer, read to its end within bounds of size and time."""
        place = place_of(str(response.url))
        latest = time.monotonic() + SLOWEST * self._timeout
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise SourceError(
                    f"{place}: an answer of more than {MAX_ANSWER // 2**20} MiB is no page; refused"
                )
            if time.monotonic() > latest:
                raise _Again(f"{place}: no whole answer in {SLOWEST * self._timeout:.0f} s")
        headers = {name: self._blotted(value.encode()).decode() for name, value in response.headers.items()}
        return Answer(place, response.status_code, headers, self._blotted(bytes(body)), moved)

    def _blotted(self, text: bytes) -> bytes:
        for secret in self._secrets:
            text = text.replace(secret, b"***")
        return text


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; reading them takes longer than most answers."""
    context: ssl.SSLContext = _installed("httpx").create_ssl_context()
    return context


def _installed(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise SourceError(
            f"live sources need the package {name}, which is not installed: pip install 'mood-sentinel[live]'"
        ) from None
