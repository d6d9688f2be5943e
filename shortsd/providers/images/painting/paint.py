"""Paints the pictures of a short, in a worker."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from shortsd.domain.story import SceneBrief
from shortsd.providers.images.aim import aim
from shortsd.providers.images.painting import atmosphere, finish, palette
from shortsd.providers.images.painting.canvas import Canvas
from shortsd.providers.images.painting.noise import Mask
from shortsd.providers.images.painting.plan import Plan, plan
from shortsd.providers.images.painting.scenes import (
    city,
    clock,
    corridor,
    fog,
    forest,
    graveyard,
    hills,
    house,
    road,
    room,
    sea,
    stars,
)
from shortsd.providers.images.saving import save

_SCENES: Mapping[str, Callable[[Canvas, int], None]] = {
    "boat": sea.boat,
    "city": city.city,
    "clock": clock.clock,
    "corridor": corridor.corridor,
    "fog": fog.fog,
    "forest": forest.forest,
    "graveyard": graveyard.graveyard,
    "hills": hills.hills,
    "house": house.house,
    "lighthouse": sea.lighthouse,
    "road": road.road,
    "room": room.room,
    "sea": sea.sea,
    "stars": stars.stars,
}
_INDOORS = frozenset({"clock", "corridor", "room"})
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


def paint(request: dict[str, Any], progress: Callable[[float, float, str], None]) -> Any:
    """Paint a picture for each scene into a folder.

    The request has `scenes` (the fields of SceneBrief), `size` [width, height] in pixels and `folder`; the answer's
    `pictures` have `file`, `kind` and `aim`, what the eye goes to, in the scenes' order. Raises DiskFull, BadInput if
    the folder cannot be written.
    """
    cv2.setNumThreads(1)
    width, height = request["size"]
    plans = plan([SceneBrief(**scene) for scene in request["scenes"]])
    pictures = []
    for number, each in enumerate(plans, 1):
        file = f"{number:02}.jpg"
        painted = picture(each, width, height)
        _, data = cv2.imencode(".jpg", painted, _JPEG)
        save(Path(request["folder"]) / file, data.tobytes())
        pictures.append({"file": file, "kind": each.kind, "aim": aim(painted)})
        progress(number, len(plans), f"painted {each.kind}")
    return {"pictures": pictures}


def picture(each: Plan, width: int, height: int) -> Mask:
    """Paint one picture: 8-bit blue, green, red, (height, width, 3)."""
    shades = palette.names(each.mood)
    colours = palette.lit(palette.palette(each.mood, shades[each.shade % len(shades)]), each.light)
    rng = np.random.Generator(np.random.SFC64(each.seed))
    c = Canvas(width, height, rng, colours, peopled=each.peopled)
    _SCENES[each.kind](c, each.variant)
    if each.kind not in _INDOORS and each.weather == "rain":
        atmosphere.rain(c, 1)
    if each.kind not in _INDOORS and each.weather == "snow":
        atmosphere.snow(c, 1)
    painted = finish.finish(c)
    return np.ascontiguousarray(painted[:, ::-1]) if each.mirrored else painted
