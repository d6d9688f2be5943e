"""`python -m shortsd.demo FOLDER`: writes a small picture book, for `shortsctl creation demo` to be rendered."""

import sys
from pathlib import Path

import cv2

from shortsd.domain.story import SceneBrief
from shortsd.providers.images.painting.paint import picture
from shortsd.providers.images.painting.plan import plan

PAGES = (
    ("The lighthouse on the hill.", ("On a rock in the grey sea stood a small lighthouse.", "It had a very old lamp.")),
    ("A boat on the sea.", ("Every night the boats sailed home by its light.",)),
    ("Fog over the sea.", ()),
    ("Stars over the sea.", ("One night the lamp went out. The stars saw it first.",)),
    (
        "The lighthouse at night.",
        ("So they came down a little, all of them, and shone as brightly as they could.", "Every boat came home."),
    ),
)
"""What each page shows and says; the third says nothing."""
SIZE = (1600, 900)
MOOD, SEED = "wonder", 7


def write(folder: Path) -> None:
    """Write the book's pages as a creation has them. Raises OSError."""
    scenes = plan([SceneBrief(index, shown, MOOD, SEED) for index, (shown, _) in enumerate(PAGES)])
    for number, (scene, (_, texts)) in enumerate(zip(scenes, PAGES, strict=True), 1):
        page = folder / "assets" / str(number)
        page.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(page / "image.png"), picture(scene, *SIZE))
        for at, text in enumerate(texts, 1):
            (page / f"{at}.txt").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
