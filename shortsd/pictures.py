"""Where pictures come from, on a user's settings. What speaks to services is loaded where there is one to speak to."""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shortsd.config.load import chain
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ServiceRefused
from shortsd.domain.memory import PictureLedger
from shortsd.domain.ports import Pictures, Workers
from shortsd.domain.style import Fit
from shortsd.kept import Kept
from shortsd.providers.images.chain import FirstOf, UnderWay
from shortsd.providers.images.library import LibraryPictures
from shortsd.providers.images.painter import PainterPictures
from shortsd.providers.images.source import Failing, Source

if TYPE_CHECKING:
    from shortsd.providers.images.stock import Agency

KEYS = {"pexels": "pexels_key", "unsplash": "unsplash_key"}
"""The secret that each service needs."""
NAMES = {"pexels": "Pexels", "unsplash": "Unsplash"}


def pictures(
    settings: Settings, secrets: Secrets, places: Places, workers: Workers, ledger: PictureLedger, kept: Kept
) -> Callable[[Fit], Pictures]:
    """Who finds the pictures of a short whose user gave none: images.provider in its order, the painter at last."""
    painter = PainterPictures(workers)
    names = sources(settings, secrets)
    if not names:
        return lambda _: painter
    found = [_source(name, settings, secrets, places, workers, kept) for name in names]
    under_way: UnderWay = kept.part("pictures under way", make=OrderedDict)
    return FirstOf(found, painter, "the painter", ledger, settings.images.repeat_after, under_way=under_way).fitted


def sources(settings: Settings, secrets: Secrets) -> list[str]:
    """Who is asked before the painter. With `auto` these are all that can be."""
    wanted = chain(settings.images.provider)
    if wanted == ("auto",):
        with_key = [name for name, secret in KEYS.items() if secret in secrets.found]
        return [*(["folder"] if settings.images.folder else []), *with_key]
    return list(wanted[: wanted.index("painter")] if "painter" in wanted else wanted)


def _source(name: str, settings: Settings, secrets: Secrets, places: Places, workers: Workers, kept: Kept) -> Source:
    """A source by its name; one that says so where it lacks a key or a folder."""
    if name == "folder":
        return _library(settings, workers)
    key = secrets.found.get(KEYS[name])
    if key is None:
        hint = f"Set {KEYS[name]} (docs/material.md), or take {name} out of images.provider."
        return Failing(NAMES[name], ServiceRefused(f"There is no key for {NAMES[name]} ({KEYS[name]}).", hint))
    return _stock(name, key.reveal(), settings, places, workers, kept)


def _library(settings: Settings, workers: Workers) -> Source:
    if not settings.images.folder:
        return Failing("your folder of pictures", BadInput("images.folder names none.", "Name your folder there."))
    return LibraryPictures(workers, Path(settings.images.folder).expanduser())


def _stock(name: str, key: str, settings: Settings, places: Places, workers: Workers, kept: Kept) -> Source:
    from shortsd.providers.images.cache import PictureCache  # noqa: PLC0415 - httpx takes a quarter of a second
    from shortsd.providers.images.stock import Stock, downloads  # noqa: PLC0415 - as above
    from shortsd.providers.web.guard import GuardedTransport  # noqa: PLC0415 - as above

    trusted = tuple(settings.services.trusted)
    files = kept.service("photos", name, trusted, make=lambda: downloads(NAMES[name], GuardedTransport(trusted)))
    folder = places.cache / "pictures" / name
    cache = kept.part("photos", name, make=lambda: PictureCache(folder, time.time))
    return Stock(_agency(name, key, settings, kept), files, workers, cache)


def _agency(name: str, key: str, settings: Settings, kept: Kept) -> "Agency":
    """Who has pictures in stock, asked within what an hour is left of by now."""
    from shortsd.providers.images import pexels, unsplash  # noqa: PLC0415 - as above
    from shortsd.providers.web.allowance import Allowance  # noqa: PLC0415 - as above
    from shortsd.providers.web.service import Ways  # noqa: PLC0415 - as above

    if name == "pexels":
        address = settings.services.pexels
        service = kept.service(name, address, key, make=lambda: pexels.service(address, key, Ways()))
        allowance = kept.part(name, address, key, make=lambda: Allowance(pexels.NAME, pexels.PER_HOUR))
        return pexels.Pexels(service, pexels.locale(settings.writer.language), allowance)
    address = settings.services.unsplash
    service = kept.service(name, address, key, make=lambda: unsplash.service(address, key, Ways()))
    allowance = kept.part(name, address, key, make=lambda: Allowance(unsplash.NAME, unsplash.PER_HOUR))
    return unsplash.Unsplash(service, allowance)
