"""YouTube's Data API as it is asked here: signed in, counted, and with its errors understood.

https://developers.google.com/youtube/v3/docs/errors
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from shortsd.domain.errors import ServiceFailed, ServiceRefused, ShortsError
from shortsd.providers.publish.youtube.account import Account
from shortsd.providers.publish.youtube.quota import Quota
from shortsd.providers.publish.youtube.tokens import AGAIN, Hidden
from shortsd.providers.web.bodies import Answer
from shortsd.providers.web.service import Service
from shortsd.providers.web.terms import Terms
from shortsd.providers.web.waits import ours_s

TERMS = Terms(at_once=2, whole_s=900.0, read_s=120.0)
"""A chunk of a film takes minutes on a slow line."""
UNDERSTOOD = (400, 401, 403)
"""Statuses of which YouTube says more than the number does."""
SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded"})
"""The project's day is used up, or the channel's (https://support.google.com/youtube/answer/4525689)."""
SLOWER = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
NO_CHANNEL = "youtubeSignupRequired"


@dataclass(frozen=True, slots=True)
class _One:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Error:
    errors: tuple[_One, ...] = ()


@dataclass(frozen=True, slots=True)
class _Body:
    error: _Error = _Error()


@dataclass(frozen=True, slots=True)
class Api:
    """One method asks for everything."""

    service: Service
    account: Account
    quota: Quota
    hidden: Hidden

    async def ask(
        self,
        call: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
        counted: bool = True,
        **how: Any,
    ) -> Answer:
        """Ask as `Service.ask` does, with a token, renewed if it is not taken.

        The `call` is counted, unless it goes on with one that was. Raises NotYet when the day's quota is spent,
        ServiceRefused, ServiceFailed.
        """
        token = await self.account.access()
        if counted:
            await self.quota.count(call)

        async def once(token: str) -> Answer:
            signed = {**(headers or {}), "Authorization": f"Bearer {token}"}
            expected = (*UNDERSTOOD, *accept)
            return await self.service.ask(method, path, headers=signed, accept=expected, **how)

        answer = await once(token)
        if answer.status == 401 and NO_CHANNEL not in reasons(answer):
            answer = await once(await self.account.renewed(token))
        if answer.status in UNDERSTOOD and answer.status not in accept:
            raise await self.refusal(call, answer)
        return answer

    async def pause(self, tries: int, wished: float | None) -> None:
        """Wait before a request is made in another way, after so many that failed."""
        terms, ways = self.service.terms, self.service.ways
        own = ours_s(tries, terms, ways.draw)
        await ways.wait(own if wished is None else min(wished, terms.longest_wait_s))

    def require_ours(self, address: str) -> str:
        """An address that may be told our token: YouTube's own, or another of Google's. Raises ServiceFailed."""
        to, own = urlsplit(address), urlsplit(self.service.base_url)
        googles = to.scheme == "https" and (to.hostname or "").endswith(".googleapis.com")
        if not googles and (to.scheme, to.netloc) != (own.scheme, own.netloc):
            raise ServiceFailed("YouTube named an address for the upload that is not its own.", retryable=False)
        return address

    async def refusal(self, call: str, answer: Answer) -> ShortsError:
        """What to raise for an answer that is UNDERSTOOD as a refusal."""
        said, why = self.service.said(answer), reasons(answer)
        if why & SPENT:
            return await self.quota.exhausted(call, said)
        told = f"{answer.status}{': ' if said else ''}{said}"
        if why & SLOWER:
            return ServiceFailed(f"YouTube wants to be asked more slowly ({told}).", status=answer.status)
        if NO_CHANNEL in why:
            return no_channel()
        if answer.status == 400:
            return ServiceFailed(f"YouTube does not take it ({told}).", status=400, retryable=False)
        return ServiceRefused(f"YouTube does not let us ({told}).", AGAIN, status=answer.status)


def no_channel() -> ServiceRefused:
    """What to raise where an account can have no videos."""
    return ServiceRefused("Who is signed in has no YouTube channel.", "Make one at youtube.com, or sign in anew.")


def reasons(answer: Answer) -> frozenset[str]:
    """The reasons that an error names."""
    try:
        body = msgspec.json.decode(answer.body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frozenset()
    return frozenset(one.reason for one in body.error.errors)
