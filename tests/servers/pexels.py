"""Pexels, as https://www.pexels.com/api/documentation/ has it: Authorization, Photo Resource, Search for Photos."""

from typing import Any

from aiohttp import web

from servers.stock import Shot, StockServer, picture


class PexelsServer(StockServer):
    """Its photos are served from the same address."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/v1/search", self._search), web.get("/photos/{number}/{name}", picture)]

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != self.key:
            return web.json_response({"error": "Unauthorized"}, status=401)
        query = request.query
        per_page = int(query.get("per_page", "15"))
        known = query.get("orientation", "portrait") in ("landscape", "portrait", "square")
        if not query.get("query") or not known or per_page > 80 or query.get("size", "small") not in _SIZES:
            return web.json_response({"status": 400, "code": "Bad Request"}, status=400)
        shots = self.stock(query["query"])
        found = {
            "total_results": len(shots),
            "page": 1,
            "per_page": per_page,
            "photos": [self.photo(shot) for shot in shots[:per_page]],
            "next_page": f"{self.address}/v1/search/?page=2&per_page={per_page}&query={query['query']}",
        }
        return web.json_response(found, headers={**self.rates(), "X-Ratelimit-Reset": "1800003600"})

    def photo(self, shot: Shot) -> dict[str, Any]:
        """It as a Photo Resource."""
        original = f"{self.address}/photos/{shot.number}/pexels-photo-{shot.number}.jpeg"
        return {
            "id": shot.number,
            "width": shot.width,
            "height": shot.height,
            "url": f"https://www.pexels.com/photo/a-house-by-night-{shot.number}/",
            "photographer": f"Ann Example {shot.number}",
            "photographer_url": f"https://www.pexels.com/@ann-{shot.number}",
            "photographer_id": 680589,
            "avg_color": "#978E82",
            "src": {
                "original": original,
                "large2x": f"{original}?auto=compress&cs=tinysrgb&dpr=2&h=650&w=940",
                "large": f"{original}?auto=compress&cs=tinysrgb&h=650&w=940",
                "medium": f"{original}?auto=compress&cs=tinysrgb&h=350",
                "small": f"{original}?auto=compress&cs=tinysrgb&h=130",
                "portrait": f"{original}?auto=compress&cs=tinysrgb&fit=crop&h=1200&w=800",
                "landscape": f"{original}?auto=compress&cs=tinysrgb&fit=crop&h=627&w=1200",
                "tiny": f"{original}?auto=compress&cs=tinysrgb&dpr=1&fit=crop&h=200&w=280",
            },
            "liked": False,
            "alt": "A house by night",
        }


_SIZES = ("large", "medium", "small")
