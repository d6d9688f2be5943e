"""A small site with videos: an RSS feed (https://www.rssboard.org/rss-specification), a page for each with `<video>`
and `<track>` (https://html.spec.whatwg.org/multipage/media.html), subtitles as https://www.w3.org/TR/webvtt1/ has them.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from aiohttp import web

from servers.loopback import Loopback

NEWEST = datetime(2026, 11, 28, 12, tzinfo=UTC)
"""When the first video came; each further one came a day before."""
SENTENCES = ("The lamp burned every night.", "Nobody lit it.", "The keeper had left years ago.")


def vtt(*sentences: str, first_s: int = 0) -> str:
    """A WebVTT file with a cue of two seconds for each sentence."""
    cues = [
        f"00:00:{first_s + 2 * at:02}.000 --> 00:00:{first_s + 2 * at + 2:02}.000\n{text}\n"
        for at, text in enumerate(sentences)
    ]
    return "\n".join(["WEBVTT\n", *cues])


@dataclass
class Clip:
    """A video of the site."""

    title: str
    tracks: dict[str, str] = field(default_factory=lambda: {"en": vtt(*SENTENCES)})
    """WebVTT by language; the address of another place, if it begins with http or file."""
    name: str = ""
    """Its id in the feed; that of its page's address if empty."""


class VideoSite(Loopback):
    """`/feed` lists the clips, `/watch/N` shows one, `/subtitles/N/LANGUAGE.vtt` has what is said, `/sound/N.wav`."""

    def __init__(self, *clips: Clip, sound: bytes = b"RIFF", title: str = "Skerry & Sons") -> None:
        super().__init__()
        self.clips = list(clips)
        self.sound = sound
        self.title = title
        self.dated = True
        """Whether the feed tells when a clip came."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/feed", self._feed),
            web.get("/watch/{number}", self._watch),
            web.get("/subtitles/{number}/{language}.vtt", self._subtitles),
            web.get("/sound/{number}.wav", self._sound),
        ]

    async def _feed(self, _: web.Request) -> web.StreamResponse:
        items = "".join(self._item(number, clip) for number, clip in enumerate(self.clips))
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(self.title)}</title>{items}'
        return web.Response(text=f"{text}</channel></rss>", content_type="application/rss+xml")

    def _item(self, number: int, clip: Clip) -> str:
        came = format_datetime(NEWEST - timedelta(days=number))
        dated = f"<pubDate>{came}</pubDate>" if self.dated else ""
        named = f"<guid>{escape(clip.name)}</guid>" if clip.name else ""
        link = f"<link>{self.address}/watch/{number}</link>"
        return f"<item><title>{escape(clip.title)}</title>{link}{named}{dated}</item>"

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        tracks = "".join(
            f'<track kind="subtitles" srclang="{language}" src="{self._place(number, language, text)}">'
            for language, text in self.clips[number].tracks.items()
        )
        video = f'<video><source src="/sound/{number}.wav" type="audio/wav">{tracks}</video>'
        text = f"<!doctype html><html><head><title>A page</title></head><body>{video}</body></html>"
        return web.Response(text=text, content_type="text/html")

    def _place(self, number: int, language: str, text: str) -> str:
        return text if text.startswith(("http", "file:")) else f"/subtitles/{number}/{language}.vtt"

    async def _subtitles(self, request: web.Request) -> web.StreamResponse:
        text = self.clips[int(request.match_info["number"])].tracks[request.match_info["language"]]
        return web.Response(text=text, content_type="text/vtt")

    async def _sound(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=self.sound, content_type="audio/wav")
