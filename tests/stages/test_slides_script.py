"""Scripts of lectures: what Markdown becomes, and that what is written of it is read as the same again."""

from pathlib import Path

import pytest

from shortsd.domain.errors import BadInput
from shortsd.domain.slides import ItemKind, Script
from shortsd.domain.story import Article
from shortsd.stages.slides.file import ScriptFile
from shortsd.stages.slides.moments import moments, telling, without_pictures
from shortsd.stages.slides.outline import outlined
from shortsd.stages.slides.reading import MOST_CHARACTERS, name, read
from shortsd.stages.slides.settling import MOST_SLIDES
from shortsd.stages.slides.writing import written

LESSON = """\
# How tea is made

Tea is simple.

## What you *need*

Three things.

- A kettle
- Loose `leaves`

  Two grams for each cup.
- Water

That is all.

## A machine

Look at this:

```python
def brew(leaves):
    return steep(leaves)
```

It returns tea.

> Tea first, then the world.

![A kettle](https://tea.example/kettle.png)

## Patience

Wait three minutes. What is bitter comes out late, and nobody who has waited for longer than that was ever glad of it.
"""


def seen(script: Script) -> list[tuple[str, int, str]]:
    """The heading of each moment, how much is seen, and what is said."""
    return [(moment.heading, moment.shown, " | ".join(moment.says)) for moment in moments(script)]


def test_keys_for_other_programs_are_nothing() -> None:
    """What stands between two rules before all else is neither seen nor said; a rule alone begins no such thing."""
    keys = "---\ntitle: Tea\ntags:\n  - hot\n- drinks\n---\n\n"
    assert read(keys + LESSON) == read((keys + LESSON).replace("\n", "\r\n")) == read(LESSON)
    assert "Kettle: boil it." in str(read("---\n\nKettle: boil it.\n\n---\n\nTea."))


def test_what_a_text_is_called_before_it_is_read() -> None:
    """By the heading that it begins with, without keys for other programs; else by its words."""
    assert name("---\ntitle: Tea\n---\n\n" + LESSON) == "How tea is made"
    assert name("Tea is simple.\n\n# Later") == "Tea is simple.\n\n# Later"


def test_addresses_are_shown_whole_and_said_by_their_hosts() -> None:
    """Nobody has to listen to an address letter by letter; the slide has all of it, and so has the script."""
    whole = "https://www.tea.example/books/769-of-tea?format=html&images=true#one"
    points = f"- See {whole}.\n- Or ({whole}), or http://other.example: both\n- At https://tea.example/Cup_(China)!\n"
    script = read(f"# Tea\n\n{points}")
    assert [said for _, _, said in seen(script)] == [
        "Tea",
        "See tea.example.",
        "Or (tea.example), or other.example: both",
        "At tea.example!",
    ]
    assert whole in script.slides[0].items[0].text
    assert read(written(script)) == script


def test_a_script_that_is_no_text(tmp_path: Path) -> None:
    """It is named, with the place where it is none."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "7.md").write_bytes("# Café".encode("latin-1"))
    with pytest.raises(BadInput, match=r"scripts/7\.md is not UTF-8: byte 5 \(0xe9\) does not fit"):
        ScriptFile.of(tmp_path, 7).edited("source")


def test_headings_lists_paragraphs_and_code() -> None:
    """A heading begins a slide, a point appears as it is said, paragraphs are said over what is seen by then."""
    script = read(LESSON)
    assert script.title == "How tea is made"
    assert seen(script)[:8] == [
        ("How tea is made", 0, "Tea is simple."),
        ("What you need", 0, "Three things."),
        ("What you need", 1, "A kettle"),
        ("What you need", 2, "Two grams for each cup."),
        ("What you need", 3, "Water | That is all."),
        ("A machine", 0, "Look at this:"),
        ("A machine", 1, "It returns tea."),
        ("A machine", 3, "Tea first, then the world."),
    ]
    code, quote, picture = script.slides[2].items
    assert (code.kind, code.detail) == (ItemKind.CODE, "python")
    assert (quote.kind, picture.detail) == (ItemKind.QUOTE, "https://tea.example/kettle.png")


def test_a_slide_of_paragraphs_shows_their_gist() -> None:
    """What is said is the paragraph, what is seen is the best of its short sentences; its heading is said first."""
    patience = read(LESSON).slides[-1]
    assert [item.text for item in patience.items] == ["Wait three minutes"]
    assert [shown for _, shown, _ in seen(Script("", (patience,)))] == [0, 1]


@pytest.mark.parametrize(
    "markdown",
    [
        LESSON,
        "Only a text.\n\nAnd another.",
        "# A title alone",
        "- #hash\n- = 3\n- 3. x\n- **b** and a_b _c_\n- &amp; &copy; <b>\n- \\* [x](y) `z` a|b ~~~",
        "1. one\n2. two\n\n- bullet\n\n4. four",
        "## Code\n\n```c\n" + "\n".join(f"int a{at};" for at in range(47)) + "\n```\n\nLong.\n\n````\n```\n````",
        "## Full\n\n" + "\n".join(f"- point {at}" for at in range(20)),
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n<!-- nothing -->\n\n---\n\nafter",
        "# T\n\n" + " ".join(["A sentence of some words that goes on."] * 20),
    ],
)
def test_what_is_written_is_read_again(markdown: str) -> None:
    """Whoever looks at the script without changing a word changes no slide."""
    script = read(markdown)
    assert read(written(script)) == script


def test_what_is_too_full_goes_on_on_the_next_slide() -> None:
    """Twenty points and long code are parted; the heading is said once, and code alone is seen for a while."""
    points = read("## Full\n\n" + "\n".join(f"- point {at}" for at in range(20)))
    assert [len(slide.items) for slide in points.slides] == [6, 6, 6, 2]
    assert [said for _, _, said in seen(points)].count("Full") == 1
    code = read("## Code\n\n```\n" + "\n".join(["x"] * 47) + "\n```\n\nThat was long.")
    assert len(code.slides) == 3
    assert telling(code, "en-us").counts == (1, 0, 1)


@pytest.mark.parametrize(
    ("markdown", "says"),
    [
        ("", "no word"),
        ("<!-- # hidden -->", "no word"),
        ("## A\n\n" * (MOST_SLIDES + 1), f"{MOST_SLIDES} is the limit"),
        ("a" * (MOST_CHARACTERS + 1), f"{MOST_CHARACTERS} is the limit"),
    ],
)
def test_what_is_no_lecture(markdown: str, says: str) -> None:
    """Nothing to say and too much of it are refused, in words."""
    with pytest.raises(BadInput, match=says):
        read(markdown)


def test_pictures_of_other_places_are_none() -> None:
    """Files of this machine and data in an address are not looked at."""
    script = read("# A\n\n![x](file:///etc/passwd) ![y](/etc/passwd) ![z](data:image/png;base64,AAAA)\n\nWords.")
    assert all(item.kind is not ItemKind.PICTURE for slide in script.slides for item in slide.items)


def test_a_lecture_without_its_pictures() -> None:
    """What is said to a picture that is not shown is said all the same, and no slide is left empty."""
    script = read("## A\n\n- one\n\n![x](https://a.example/x.png)\n\nSaid.\n\n---\n\n![y](https://a.example/y.png)")
    assert seen(without_pictures(script)) == [("A", 0, "A"), ("A", 1, "one | Said.")]


def test_an_article_by_its_structure() -> None:
    """Its title comes first, then its sections with about as many words as are wished for; lists and code stay."""
    text = " ".join(f"Sentence number {at} tells of tea and of kettles in some words." for at in range(60))
    markdown = f"# On tea\n\n{text}\n\n## Needed\n\n- A kettle\n- Leaves\n\n## Code\n\n{text}\n\n```\nbrew()\n```\n"
    script = outlined(Article("https://tea.example/", "On tea", text, language="en"), markdown, 200)
    assert (script.title, script.slides[0].items) == ("On tea", ())
    assert [heading for heading, *_ in dict.fromkeys(seen(script))][-1] == "Code"
    assert {"A kettle", "brew()"} <= {item.text for slide in script.slides for item in slide.items}
    count = sum(len(said.split()) for _, _, said in seen(script))
    assert 100 < count < 300
