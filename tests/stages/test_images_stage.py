from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from support import InProcess, ListLedger, TestDesk

from shortsd.domain.memory import Seen
from shortsd.domain.ports import Desk
from shortsd.domain.story import Passage, Picture, SceneBrief, Sentence, Story
from shortsd.media.direction import Span
from shortsd.providers.images.chain import FirstOf
from shortsd.providers.images.library import LibraryPictures
from shortsd.providers.images.painter import PainterPictures
from shortsd.stages.images import Gallery, briefs, images, keywords_of
from shortsd.stages.pieces import Pieces
from shortsd.stages.publish import LIMIT, credit, description
from shortsd.stages.render import Render
from shortsd.stages.runner import Work
from shortsd.stages.voice import Narration
from shortsd.store.database import Database
from shortsd.store.ledger import PictureRecords

SEA = "The sea was calm. Nobody rowed."
HOUSE = "Then the house woke, and its windows lit one by one."
ROAD = "On the road stood a man with no shadow."
FILM = Render(100, 10.0, -14.0, -1.0, "")


def told(*passages: Passage) -> Story:
    text = "\n\n".join(passage.text for passage in passages)
    return Story("A title", text, mood="eerie", passages=passages)


def spoken(*texts: str) -> Narration:
    """Sentences of five seconds each, so that each is a scene."""
    sentences = tuple(Sentence(text, 5.5 * number, 5.5 * number + 5, ()) for number, text in enumerate(texts))
    return Narration(5.5 * len(texts), sentences)


def work(folder: Path, job: int = 1) -> Work:
    desk = TestDesk(job=job)
    return Work(job, "images", folder, desk.log, desk.progress, Pieces(folder / "pieces"))


def stock(author: str, number: int = 1) -> Picture:
    page, own = f"https://example.org/photo/{number}", f"https://example.org/@{author}"
    return Picture("1.jpg", 9, 16, "Pexels", author, "Pexels License", id=str(number), page=page, author_page=own)


def gallery(*pictures: Picture) -> Gallery:
    return Gallery(tuple(Span("", 0, 1) for _ in pictures), pictures)


PAINTED = Picture("1.jpg", 9, 16, "painted", "shortsd", "CC0-1.0")


def test_scenes_have_the_keywords_of_their_passages() -> None:
    """Each by the place of its text in the story's; several scenes may lie in one passage."""
    story = told(Passage(SEA, ("sea",)), Passage(HOUSE, ("house", "night")), Passage(ROAD, ("road",)))
    made = briefs(spoken("The sea was calm.", "Nobody rowed.", HOUSE, ROAD), story, 7)
    assert [brief.keywords for brief in made] == [("sea",), ("sea",), ("house", "night"), ("road",)]
    assert [(brief.index, brief.mood, brief.seed) for brief in made] == [(number, "eerie", 7) for number in range(4)]


def test_a_scene_over_two_passages_has_both_their_keywords() -> None:
    """Those of the passage that it has most of come first."""
    story = told(Passage(SEA, ("sea",)), Passage(HOUSE, ("house",)))
    assert keywords_of(["The sea was calm.", f"Nobody rowed. {HOUSE}"], story) == [("sea",), ("house", "sea")]


def test_what_is_not_spoken_moves_nothing() -> None:
    """A line of stars between sentences, or a text that comes twice, leaves each scene in its place."""
    story = told(
        Passage(SEA, ("sea",)), Passage("* * *", ("stars",)), Passage(HOUSE, ("house",)), Passage(SEA, ("end",))
    )
    assert keywords_of([SEA, HOUSE, SEA], story) == [("sea", "stars"), ("house",), ("end",)]


def test_passages_that_are_not_word_for_word_are_found() -> None:
    """One that is longer than what the story has of it takes no place from those behind it."""
    story = told(Passage(SEA, ("sea",)), Passage(HOUSE, ("house",)), Passage(ROAD, ("road",)))
    longer = replace(story.passages[0], text=f"{SEA} Or so it seemed to those who stood at the shore, and slept.")
    assert keywords_of([SEA, HOUSE, ROAD], replace(story, passages=(longer, *story.passages[1:]))) == [
        ("sea",),
        ("house",),
        ("road",),
    ]


def test_a_sentence_that_is_said_again_is_another_scene() -> None:
    """Each of two scenes of the same words lies where it is said."""
    story = told(Passage(SEA, ("sea",)), Passage(SEA, ("again",)))
    assert keywords_of([SEA, SEA], story) == [("sea",), ("again",)]


def test_a_story_without_passages_has_keywords_all_the_same() -> None:
    """They are words of the scene's own text."""
    story = Story("A title", f"{SEA} {HOUSE}")
    for text, keywords in zip((SEA, HOUSE), keywords_of([SEA, HOUSE], story), strict=True):
        assert keywords
        assert all(word in text.casefold() for word in keywords)


class Numbered:
    """Pictures with the ids that it was told."""

    key = "numbered"

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.asked: list[SceneBrief] = []

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        del folder, desk
        self.asked = list(scenes)
        return [Picture("1.jpg", *size, "Pexels", id=name) for name in self.ids]


async def test_what_a_job_shows_is_kept(tmp_path: Path) -> None:
    """The ledger has the pictures with an id, in the place of those that the job showed before."""
    ledger = ListLedger({1: [Seen("Pexels", "9")]})
    story = told(Passage(SEA, ("sea",)), Passage(HOUSE, ("house",)))
    source = Numbered("1", "")
    made = await images(spoken(SEA, HOUSE), story, 7, (1080, 1920), source, ledger, work(tmp_path))
    assert ledger.shown == {1: [Seen("Pexels", "1")]}
    assert [brief.keywords for brief in source.asked] == [("sea",), ("house",)]
    assert (made.pictures[0].width, made.pictures[0].height) == (1440, 2560)


async def test_a_preview_keeps_nothing(tmp_path: Path) -> None:
    """It belongs to no job."""
    ledger = ListLedger()
    story = told(Passage(SEA))
    await images(spoken(SEA), story, 7, (1080, 1920), Numbered("1"), ledger, work(tmp_path, job=0))
    assert ledger.shown == {}


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[PictureRecords]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    yield PictureRecords(database, lambda: 0.0)
    await database.close()


async def test_no_picture_comes_again_within_fifty_shorts(tmp_path: Path, ledger: PictureRecords) -> None:
    """Of 53 pictures, 52 shorts of one scene show as many; the 54th short may show that of the first three again."""
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(53):
        Image.new("RGB", (90, 160), (number, 0, 0)).save(folder / f"sea {number}.png")
    sources = [LibraryPictures(InProcess(), folder)]
    source = FirstOf(sources, PainterPictures(InProcess()), "the painter", ledger, 50)
    shown = []
    for job in range(1, 55):
        to = tmp_path / str(job)
        to.mkdir()
        made = await images(spoken(SEA), told(Passage(SEA, ("sea",))), job, (68, 120), source, ledger, work(to, job))
        shown.append(made.pictures[0].id)
    assert all(len(set(shown[at : at + 51])) == 51 for at in range(4))
    assert "" not in shown


def test_pictures_from_elsewhere_are_credited_once() -> None:
    """With photographer, service and pages; the painter's need none."""
    thanks = credit(gallery(stock("Ann"), PAINTED, stock("Ann"), stock("Ben", 2)), FILM)
    assert thanks == [
        "Photo by Ann (https://example.org/@Ann) on Pexels: https://example.org/photo/1",
        "Photo by Ben (https://example.org/@Ben) on Pexels: https://example.org/photo/2",
    ]


def test_the_users_own_credits_have_their_licence() -> None:
    """As `credits.toml` has them, and as the music's credit is."""
    own = Picture("1.jpg", 9, 16, "folder", "Ann", "CC BY 4.0", id="x.jpg", page="https://example.org/x")
    film = Render(100, 10.0, -14.0, -1.0, "“Night” by Ben (CC BY 4.0)")
    assert credit(gallery(own), film) == [
        "Picture by Ann (CC BY 4.0): https://example.org/x",
        "Music: “Night” by Ben (CC BY 4.0)",
    ]


def test_a_description_ends_with_whom_to_thank() -> None:
    """In a paragraph of their own; where nobody has to be thanked the text stands alone."""
    text = description("A tale.", gallery(stock("Ann")), FILM)
    assert text == "A tale.\n\nCredits\nPhoto by Ann (https://example.org/@Ann) on Pexels: https://example.org/photo/1"
    assert description("A tale.", gallery(PAINTED), FILM) == "A tale."
    assert description("", gallery(stock("Ann")), FILM).startswith("Credits\n")


@pytest.mark.parametrize(("said", "count"), [("Ä tale. " * 1000, 3), ("A tale. " * 5, 90), ("Ä tale. " * 1000, 90)])
def test_a_description_is_not_longer_than_youtube_takes(said: str, count: int) -> None:
    """The text is cut first; of very many pictures the names alone are told, all of them."""
    pictures = [stock(f"Änn{number}", number) for number in range(count)]
    text = description(said, gallery(*pictures), FILM)
    assert len(text.encode()) <= LIMIT
    assert text.startswith(said[:30])
    assert all(f"Änn{number}" in text for number in range(count))


def test_even_endless_credits_are_bounded() -> None:
    """What no description could hold is cut."""
    pictures = [stock(f"Somebody with a name that is long {number}" * 3, number) for number in range(300)]
    assert len(description("A tale.", gallery(*pictures), FILM).encode()) <= LIMIT
