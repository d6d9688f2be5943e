"""An article retold without a language model: condensed, with what is said about it."""

from shortsd.domain.errors import BadInput
from shortsd.domain.keywords import keywords
from shortsd.domain.story import Article, Story, Twin
from shortsd.domain.text import cut, has_words, plain
from shortsd.providers.writer import data
from shortsd.providers.writer.summary import condense

TITLE = 70
TEASER = 200
"""Characters of a description before it names its source."""
MOODS = {mood: frozenset(words) for mood, words in data.table("moods.toml").items()}
"""Words by the mood of what is told with them."""
BRIGHT = "wonder"
"""The mood of an article that has none of them."""


def retell(article: Article, words: int, avoid: tuple[Twin, ...] = ()) -> Story:
    """An article in about so many of its own words; other ones than in `avoid`, as far as it has others.

    Raises BadInput for an article without a word.
    """
    if not has_words(article.text):
        raise BadInput(f"There is no text in {article.url}.", "Give the address of an article.")
    text = condense(article.text, words, article.language, [twin.text for twin in avoid])
    about = keywords(text, article.text)
    return Story(
        title=cut(" ".join(article.title.split()) or text, TITLE),
        text=text,
        description=_description(article),
        tags=tuple(word for word in about if len(word) <= 30),
        mood=_mood(article.text),
    )


def _description(article: Article) -> str:
    lead = cut(condense(article.text, 30, article.language), TEASER)
    return f"{lead} Source: {', '.join(filter(None, (article.author, article.site, article.url)))}"


def _mood(text: str) -> str:
    said = plain(text)
    found = {mood: sum(word in words for word in said) for mood, words in MOODS.items()}
    best = max(found, key=lambda mood: found[mood])
    return best if found[best] > 1 else BRIGHT
