"""A small web site, for whoever reads pages: articles as newspapers have them, and what else is met on the way.

HTTP is that of RFC 9110 (https://www.rfc-editor.org/rfc/rfc9110); pages are as https://html.spec.whatwg.org describes
them, with the metadata of https://ogp.me and https://schema.org/NewsArticle.
"""

import gzip
import io
import json
from typing import Any

from aiohttp import web
from PIL import Image

from servers.loopback import Handler, Loopback

PARAGRAPHS = tuple(
    """\
The lamp of the old lighthouse at Skerry Point has burned every night for eleven years, although nobody has been paid
to light it since the harbour office closed in 2015.

“I have asked everyone,” said the harbour master, who keeps the only key on a nail behind his door. “Nobody goes up
there. The stairs have been gone since the great storm.”

Fishermen who pass the point before dawn speak of a man at the rail. He does not wave back. He looks at the water, they
say, as if he were counting the boats that leave, and again those that return.

Last Thursday the count was wrong. The Marigold left at four with a crew of three; nobody saw her come back, and that
night, for the first time in eleven years, the lamp stayed dark.""".replace("\n\n", "\0")
    .replace("\n", " ")
    .split("\0")
)
TITLE = "The lamp that nobody lights"
RUSSIAN = "Маяк на мысе горит каждую ночь, хотя смотрителя там нет уже много лет, и никто не знает, кто зажигает его. "
JAPANESE = "岬の灯台は毎晩ともる。灯台守はもう何年も前にいなくなったのに、誰が火をともすのか、村の誰も知らない。"


def article(
    paragraphs: tuple[str, ...] = PARAGRAPHS, title: str = TITLE, language: str = "en-GB", head: str = ""
) -> str:
    """A page of a newspaper: the article among all that stands around one."""
    data: dict[str, Any] = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    data |= {"author": {"@type": "Person", "name": "Ida Marsh"}, "publisher": {"name": "The Skerry Post"}}
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html>
<html lang="{language}"><head>{head}<title>{title} | The Skerry Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Skerry Post">
<meta name="author" content="Ida Marsh"><script type="application/ld+json">{json.dumps(data)}</script></head>
<body><div class="cookie-banner"><p>We and our 842 partners value your privacy. Accept all cookies?</p></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By Ida Marsh</p>{text}</article>
<aside><h2>Read next</h2><ul><li><a href="/a">Ferry late again</a></li><li><a href="/b">Gulls</a></li></ul></aside>
</main>
<section id="comments"><p>First! Great piece, thanks for sharing it with all of us here.</p></section>
<footer><p>&copy; The Skerry Post. All rights reserved.</p></footer></body></html>"""


LESSON = f"""<!doctype html>
<html lang="en"><head><title>On tea | The Skerry Post</title><meta property="og:title" content="On tea"></head><body>
<nav><a href="/">Home</a></nav><main><article><h1>On tea</h1><p>{PARAGRAPHS[0]}</p><h2>What you need</h2>
<p>All of it is cheap, and lasts for many years if you treat it well.</p><ul><li>A kettle with a lid</li>
<li>Loose leaves</li></ul><p><img src="/kettle.png" alt="A kettle"></p><h2>The machine</h2><p>{PARAGRAPHS[2]}</p>
<pre><code>brew(leaves)</code></pre></article></main></body></html>"""
"""An article with headings, a list, code and a picture."""


def _kettle() -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").save(file, "PNG")
    return file.getvalue()


def page(content: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> Handler:
    """A page of this kind; `Content_Encoding="gzip"` becomes the header Content-Encoding."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = content.encode() if isinstance(content, str) else content

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=data, headers={"Content-Type": kind, **named})

    return answer


def bomb(megabytes: int, layers: int = 1) -> Handler:
    """So many megabytes of spaces, packed once or more often."""
    data = b" " * (megabytes << 20)
    for _ in range(layers):
        data = gzip.compress(data)
    return page(data, "application/json", Content_Encoding=", ".join(["gzip"] * layers))


class Site(Loopback):
    """Pages under one address each; `/hops/N` redirects N times."""

    def routes(self) -> list[web.RouteDef]:
        russian = article((RUSSIAN * 4,), "Маяк", "ru", '<meta charset="windows-1251">')
        pages = {
            "/article": page(article()),
            "/lesson": page(LESSON),
            "/kettle.png": page(_kettle(), "image/png"),
            "/json": page('{"ok": true}', "application/json"),
            "/plain": page("\n\n".join((TITLE, *PARAGRAPHS)), "text/plain; charset=utf-8"),
            "/packed": page(gzip.compress(article().encode()), Content_Encoding="gzip"),
            "/latin": page(
                article((*PARAGRAPHS, "The café’s naïve “fée” paid 5 €.")).encode("cp1252"),
                "text/html; charset=iso-8859-1",
            ),
            "/russian": page(russian.encode("cp1251"), "text/html"),
            "/japanese": page(article((JAPANESE,), "灯台", "ja").encode("shift_jis"), "text/html; charset=Shift_JIS"),
            "/utf16": page(article().encode("utf-16"), "text/html"),
            "/odd-charset": page(article(), "text/html; charset=rot13"),
            "/scripts": page('<html><body><div id="root"></div><script src="/app.js"></script></body></html>'),
            "/login": page(
                "<html><body><form><h1>Log in</h1><p>To read on, log in or subscribe.</p></form></body></html>"
            ),
            "/nested": page("<html><body>" + "<div>" * 100_000 + "deep"),
            "/long": page(article(PARAGRAPHS * 150)),
            "/pdf": page(b"%PDF-1.7\n", "application/pdf"),
        }
        return [*(web.get(path, handler) for path, handler in pages.items()), web.get("/hops/{count}", _hop)]


async def _hop(request: web.Request) -> web.StreamResponse:
    count = int(request.match_info["count"])
    return web.Response(status=302, headers={"Location": f"/hops/{count - 1}" if count else "/article"})
