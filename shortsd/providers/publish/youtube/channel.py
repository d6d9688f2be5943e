"""The channel's own uploads, in which a job's video is looked for by its mark.

https://developers.google.com/youtube/v3/guides/implementation/videos#videos-retrieve-uploads
"""

from typing import TypeVar

import msgspec

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.publish.youtube.api import Api, no_channel, reasons

PAGES = 20
"""Pages of uploads that are looked through, newest first: more than a project may send in the week that Google keeps an
upload for, a hundred a day."""
NONE_YET = "playlistNotFound"
"""https://developers.google.com/youtube/v3/docs/playlistItems/list#errors"""
A_PAGE = 50
"""Most that the API gives at a time."""

T = TypeVar("T")


class _Resource(msgspec.Struct, rename="camel", frozen=True):
    """A part of an answer, which names things in camel case."""


class _Lists(_Resource, frozen=True):
    uploads: str = ""


class _ChannelDetails(_Resource, frozen=True):
    related_playlists: _Lists = _Lists()


class _Channel(_Resource, frozen=True):
    content_details: _ChannelDetails = _ChannelDetails()


class _Channels(_Resource, frozen=True):
    items: tuple[_Channel, ...] = ()


class _ItemDetails(_Resource, frozen=True):
    video_id: str


class _Item(_Resource, frozen=True):
    content_details: _ItemDetails


class _Items(_Resource, frozen=True):
    items: tuple[_Item, ...] = ()
    next_page_token: str = ""


class _Snippet(_Resource, frozen=True):
    tags: tuple[str, ...] = ()


class _Video(_Resource, frozen=True):
    id: str
    snippet: _Snippet = _Snippet()


class _Videos(_Resource, frozen=True):
    items: tuple[_Video, ...] = ()


async def find(api: Api, mark: str) -> str:
    """The id of the upload that carries a mark; empty if none of the newest does.

    Raises NotYet, ServiceFailed, ServiceRefused.
    """
    playlist, page = await _uploads(api), ""
    for _ in range(PAGES):
        query: dict[str, str | int] = {"part": "contentDetails", "playlistId": playlist, "maxResults": A_PAGE}
        answer = await _list(api, "playlistItems", query | ({"pageToken": page} if page else {}), _Items)
        ids = [item.content_details.video_id for item in answer.items]
        found = await _marked(api, ids, mark) if ids else ""
        page = answer.next_page_token
        if found or not page:
            return found
    return ""


async def _uploads(api: Api) -> str:
    """The playlist that holds all uploads. Raises ServiceRefused if there is no channel."""
    channels = await _list(api, "channels", {"part": "contentDetails", "mine": "true"}, _Channels)
    playlist = channels.items[0].content_details.related_playlists.uploads if channels.items else ""
    if not playlist:
        raise no_channel()
    return playlist


async def _marked(api: Api, ids: list[str], mark: str) -> str:
    """Which of some videos has the mark among its tags; empty if none has."""
    videos = await _list(api, "videos", {"part": "snippet", "id": ",".join(ids), "maxResults": A_PAGE}, _Videos)
    return next((video.id for video in videos.items if mark in map(str.casefold, video.snippet.tags)), "")


async def _list(api: Api, what: str, query: dict[str, str | int], kind: type[T]) -> T:
    """Ask for a list; an empty one if there is none: a channel that never had a video has no playlist of them.

    Any other 404 is not YouTube's word that there is no video. Raises NotYet, ServiceFailed, ServiceRefused.
    """
    answer = await api.ask(f"{what}.list", "GET", f"/youtube/v3/{what}", query=query, accept=(404,))
    if answer.status != 404:
        return api.service.decode(answer, kind)
    if NONE_YET not in reasons(answer):
        raise ServiceFailed(f"YouTube does not list what is on the channel ({answer.status}).", status=answer.status)
    return kind()
