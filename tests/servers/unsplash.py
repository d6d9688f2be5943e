"""Unsplash, as https://unsplash.com/documentation has it: authorization, errors, rate limits, search photos, tracking a
photo download, dynamically resizable images.
"""

from typing import Any

from aiohttp import web

from servers.stock import Shot, StockServer, picture


class UnsplashServer(StockServer):
    """Its photos are served from the same address, to who keeps what their addresses have in them."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/search/photos", self._search),
            web.get("/photos/{id}/download", self._download),
            web.get("/photo-{id}", self._picture),
        ]

    @property
    def used(self) -> list[str]:
        """The ids of photos that were told to be used."""
        return [request.path.split("/")[2] for request in self.requests if request.path.endswith("/download")]

    def _refused(self, request: web.Request) -> web.StreamResponse | None:
        if self.remaining <= 0:
            return web.Response(status=403, text="Rate Limit Exceeded", headers={"X-Ratelimit-Remaining": "0"})
        if request.headers.get("Authorization") != f"Client-ID {self.key}":
            return web.json_response({"errors": ["OAuth error: The access token is invalid"]}, status=401)
        return None

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused(request):
            return refused
        query = request.query
        per_page = int(query.get("per_page", "10"))
        if query.get("orientation", "portrait") not in ("landscape", "portrait", "squarish") or per_page > 30:
            return web.json_response({"errors": ["orientation does not have a valid value"]}, status=400)
        shots = self.stock(query["query"])
        found = {"total": len(shots), "total_pages": 1, "results": [self._photo(shot) for shot in shots[:per_page]]}
        return web.json_response(found, headers=self.rates())

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused(request):
            return refused
        if "ixid" not in request.query:
            return web.json_response({"errors": ["ixid is missing"]}, status=400)
        return web.json_response({"url": f"{self.address}/photo-{request.match_info['id']}"}, headers=self.rates())

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        return await picture(request) if "ixid" in request.query else web.Response(status=400)

    def _photo(self, shot: Shot) -> dict[str, Any]:
        name = f"Dwu85P{shot.number}"
        raw = f"{self.address}/photo-{name}?ixid=M3wxMjA3{shot.number}&ixlib=rb-4.0.3"
        return {
            "id": name,
            "slug": f"a-house-by-night-{name}",
            "created_at": "2024-11-18T13:51:10Z",
            "width": shot.width,
            "height": shot.height,
            "color": "#60544D",
            "blur_hash": "LoC%a7IoIVxZ_NM|M{s:%hRjWAo0",
            "likes": 286,
            "description": None,
            "alt_description": "a house by night",
            "user": {
                "id": "QPxL2MGqfrw",
                "username": f"ben{shot.number}",
                "name": f"Ben Example {shot.number}",
                "portfolio_url": None,
                "links": {
                    "self": f"https://api.unsplash.com/users/ben{shot.number}",
                    "html": f"https://unsplash.com/@ben{shot.number}",
                    "photos": f"https://api.unsplash.com/users/ben{shot.number}/photos",
                },
            },
            "urls": {
                "raw": raw,
                "full": f"{raw}&q=85&fm=jpg&crop=entropy&cs=srgb",
                "regular": f"{raw}&q=80&fm=jpg&crop=entropy&cs=tinysrgb&w=1080&fit=max",
                "small": f"{raw}&q=80&fm=jpg&crop=entropy&cs=tinysrgb&w=400&fit=max",
                "thumb": f"{raw}&q=80&fm=jpg&crop=entropy&cs=tinysrgb&w=200&fit=max",
            },
            "links": {
                "self": f"https://api.unsplash.com/photos/{name}",
                "html": f"https://unsplash.com/photos/{name}",
                "download": f"https://unsplash.com/photos/{name}/download",
                "download_location": f"https://api.unsplash.com/photos/{name}/download?ixid=M3wxMjA3{shot.number}",
            },
        }
