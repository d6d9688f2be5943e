"""What goes wrong with requests to a service, told to people without its secrets."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from shortsd.domain.errors import ServiceFailed, ServiceRefused
from shortsd.providers.web.bodies import Answer, said
from shortsd.providers.web.waits import wished_s

PASSING = frozenset({408, 425, 500, 502, 503, 504})
"""Statuses after which the same request may do better; 429, which was not looked at, comes beside them."""
SAID = 200
"""Characters of what a service says of an error that are told."""
BROKEN = (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError, UnicodeError, OverflowError)
"""What is raised for a request that came to no answer."""
UNSENDABLE = (httpx.InvalidURL, httpx.LocalProtocolError, httpx.UnsupportedProtocol, UnicodeError, OverflowError)
"""Those of them for which the request is to blame: an address, a port, a header that there cannot be."""
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout)
"""Those after which the service has seen nothing of the request."""
SPENT = (TimeoutError, httpx.ReadTimeout)
"""Those for which all the time that an answer has was waited: who is asked instead is nearer than a second try."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Those of a service, by its name for people."""

    name: str
    secrets: Sequence[str] = field(repr=False)

    def said(self, answer: Answer) -> str:
        """What an answer that is no success says of itself, without a full stop; empty if nothing."""
        return self.told(said(answer.body))

    def told(self, text: str) -> str:
        """The beginning of what others say, without secrets; these go first, since half of one is too much."""
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "…").replace(quote(secret, safe=""), "…")
        return text[:SAID]

    def too_large(self, most_bytes: int) -> ServiceFailed:
        return ServiceFailed(f"{self.name} sent more than {most_bytes >> 20} MB.", retryable=False)

    def odd(self, answer: Answer, exc: Exception) -> ServiceFailed:
        """An answer that is not what was to come."""
        what = answer.headers.get("content-type", "something").partition(";")[0]
        return ServiceFailed(
            f"{self.name} answered with {self.told(what)} that is not understood: {self.told(str(exc))}.",
            "It may be out of order, or its address in [services] may be another's.",
        )

    def unwanted(self, kind: str, types: Sequence[str]) -> ServiceFailed:
        """A file of another type than is wanted."""
        sent = self.told(kind) or "something"
        return ServiceFailed(f"{self.name} sent {sent} where {' or '.join(types)} was wanted.", retryable=False)

    def broken(self, exc: Exception) -> ServiceFailed:
        """A request that came to no answer."""
        if isinstance(exc, UNSENDABLE):  # what is wrong with it is not told: it may be the key
            what = f"{self.name} cannot be asked: an address, a port or a header is none ({type(exc).__name__})."
            return ServiceFailed(what, "Look at its address in [services], and at its key.", retryable=False)
        if isinstance(exc, TimeoutError | httpx.TimeoutException):
            what = f"{self.name} did not answer in time"
        elif isinstance(exc, httpx.ConnectError):
            what = f"{self.name} cannot be reached"
        else:
            what = f"The answer of {self.name} broke off"
        why = self.told(str(exc)) or type(exc).__name__
        return ServiceFailed(f"{what} ({why}).", "See whether this machine reaches the network.")

    def refusal(self, answer: Answer, now: float) -> ServiceFailed:
        """An answer that is no success."""
        why = self.said(answer)
        why = f": {why}" if why else ""
        if answer.status in (401, 403):
            what = f"{self.name} refuses our key ({answer.status}){why}."
            return ServiceRefused(what, "Look at the key and its rights.", status=answer.status)
        return ServiceFailed(
            f"{self.name} answered {answer.status}{why}.",
            status=answer.status,
            retry_after_s=wished_s(answer.headers.get("retry-after"), now),
            retryable=answer.status in PASSING or answer.status == 429,
        )
