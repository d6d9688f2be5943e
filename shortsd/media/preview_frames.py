"""Drawing single frames of a short, by the ordinary camera or by a look, for a preview."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import cv2
import msgspec

from shortsd.domain.timeline import Timeline
from shortsd.media.frames import Film
from shortsd.media.planes import Plane


class Drawn(Protocol):
    """A short of which each frame can be had."""

    def frame(self, number: int) -> Plane:
        """Frame `number` as I420."""
        ...


def draw(request: Mapping[str, Any], progress: Callable[[float, float, str], None]) -> None:
    """Worker target: write frames of a short into a file, one after the other, as raw I420.

    Request: `timeline` (of the domain), `pictures` (their folder), `numbers` (of the frames), `out` (the file), and
    `look`: null, or the `file` of a look, its `mark`, and what it is to know `about` the short.
    Raises BadInput for a bad picture or look, OSError.
    """
    cv2.setNumThreads(1)  # the other cores are the jobs'
    film = _film(request)
    numbers = request["numbers"]
    with Path(request["out"]).open("wb") as out:
        for done, number in enumerate(numbers, 1):
            out.write(film.frame(number).tobytes())
            progress(done, len(numbers), "")


def _film(request: Mapping[str, Any]) -> Drawn:
    timeline, pictures = msgspec.convert(request["timeline"], Timeline), Path(request["pictures"])
    look = request["look"]
    if look is None:
        return Film(timeline, pictures)
    from shortsd.media.look_frames import LookFilm  # noqa: PLC0415 - MoviePy takes half a second to load
    from shortsd.media.short import About, Short  # noqa: PLC0415 - as above

    short = Short(timeline, pictures, msgspec.convert(look["about"], About))
    return LookFilm(Path(look["file"]), look["mark"], short)
