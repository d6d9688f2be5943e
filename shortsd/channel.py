"""The channel that shorts go to, on a user's settings. What speaks HTTP is loaded only where it is needed."""

import asyncio
import time
from typing import TYPE_CHECKING

from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import ServiceRefused
from shortsd.domain.finish import in_thread
from shortsd.domain.memory import Uploads
from shortsd.domain.ports import Clock, Publisher
from shortsd.kept import Kept

if TYPE_CHECKING:
    from shortsd.providers.publish.youtube.account import Account
    from shortsd.providers.publish.youtube.tokens import Hidden
    from shortsd.providers.web.service import Service


def channel(
    settings: Settings, secrets: Secrets, places: Places, uploads: Uploads, kept: Kept, clock: Clock = time.time
) -> Publisher | None:
    """The channel; None if shorts are not uploaded."""
    wanted = settings.youtube
    if not wanted.upload:
        return None
    from shortsd.providers.publish.youtube.api import TERMS, Api  # noqa: PLC0415 - httpx costs a start 250 ms
    from shortsd.providers.publish.youtube.metadata import Manner  # noqa: PLC0415 - as above
    from shortsd.providers.publish.youtube.quota import Quota  # noqa: PLC0415 - as above
    from shortsd.providers.publish.youtube.tokens import Hidden  # noqa: PLC0415 - as above
    from shortsd.providers.publish.youtube.youtube import YoutubePublisher  # noqa: PLC0415 - as above
    from shortsd.providers.web.service import Service  # noqa: PLC0415 - as above

    address = settings.services.youtube
    hidden = kept.part("YouTube's secrets", make=Hidden)
    service = kept.service("YouTube", address, make=lambda: Service("YouTube", address, TERMS, secrets=hidden))
    quota = Quota(uploads, wanted.quota_units, clock)
    manner = Manner(
        privacy=wanted.privacy,
        category=wanted.category,
        made_for_kids=wanted.made_for_kids,
        synthetic=wanted.synthetic,
    )
    api = Api(service, _account(settings, secrets, places, clock, kept), quota, hidden)
    return YoutubePublisher(api, uploads, manner, clock, turn=kept.part("YouTube's turn", make=asyncio.Lock))


async def prospects(settings: Settings, places: Places, uploads: Uploads, clock: Clock) -> list[str]:
    """Whether anybody is signed in, and what is left of today's quota, in a line; none if shorts are not uploaded."""
    if not settings.youtube.upload:
        return []
    from shortsd.providers.publish.youtube.quota import WHOLE, Quota  # noqa: PLC0415 - as above
    from shortsd.providers.publish.youtube.tokens import FILE, TokenFile  # noqa: PLC0415 - as above

    try:
        await in_thread(TokenFile(places.state / FILE).read)
    except ServiceRefused as exc:
        return [f"{exc.message} All uploads fail before `shortsctl auth youtube`"]
    videos, units = await Quota(uploads, settings.youtube.quota_units, clock).left()
    return [f"YouTube takes {min(videos, units // WHOLE)} more videos today; those beyond it wait for the next day"]


def account(settings: Settings, secrets: Secrets, places: Places, clock: Clock = time.time) -> "Account":
    """Who is signed in, or will be: for one sign-in, which lets go of its connections itself."""
    from shortsd.providers.publish.youtube import tokens  # noqa: PLC0415 - as above
    from shortsd.providers.web.service import Service  # noqa: PLC0415 - as above

    hidden = tokens.Hidden()
    service = Service("Google", settings.services.google_tokens, secrets=hidden)
    return _let_in(settings, secrets, places, service, hidden, clock)


def _account(settings: Settings, secrets: Secrets, places: Places, clock: Clock, kept: Kept) -> "Account":
    """Who is signed in, for all uploads: jobs that find a token too old together have it renewed once."""
    from shortsd.providers.publish.youtube import tokens  # noqa: PLC0415 - as above
    from shortsd.providers.web.service import Service  # noqa: PLC0415 - as above

    to, pages = settings.services.google_tokens, settings.services.google_accounts
    hidden = kept.part("YouTube's secrets", make=tokens.Hidden)
    service = kept.service("Google", to, make=lambda: Service("Google", to, secrets=hidden))
    return kept.part("account", to, pages, make=lambda: _let_in(settings, secrets, places, service, hidden, clock))


def _let_in(
    settings: Settings, secrets: Secrets, places: Places, service: "Service", hidden: "Hidden", clock: Clock
) -> "Account":
    """An account; `hidden` is what no message may hold, and grows."""
    from shortsd.providers.publish.youtube import tokens  # noqa: PLC0415 - as above
    from shortsd.providers.publish.youtube.account import Account, Client  # noqa: PLC0415 - as above

    client = Client(_revealed(secrets, "youtube_client_id"), _revealed(secrets, "youtube_client_secret"))
    file = tokens.TokenFile(places.state / tokens.FILE)
    return Account(client, file, service, settings.services.google_accounts, hidden, clock)


def _revealed(secrets: Secrets, name: str) -> str:
    found = secrets.found.get(name)
    return found.reveal() if found else ""
