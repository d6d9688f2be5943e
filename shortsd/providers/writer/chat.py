"""A writer that is a language model behind a chat endpoint."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.ports import Desk
from shortsd.domain.slides import Script
from shortsd.domain.story import Article, Assignment, Story, Twin
from shortsd.domain.text import cut, words
from shortsd.providers.music.moods import MOODS
from shortsd.providers.web.service import Service
from shortsd.providers.writer import answers
from shortsd.providers.writer.answers import Draft, Unfit
from shortsd.providers.writer.conversation import Conversation, Message
from shortsd.providers.writer.prompts import Prompts
from shortsd.providers.writer.summary import condense
from shortsd.providers.writer.titles import LIMIT, VARIANTS, best

T = TypeVar("T")

VERSION = 1
"""Raised when something else comes to be made of the same prompts."""
BEGINNING = 300
"""Characters of a story to be avoided that are told."""
ECHO = 20_000
"""Characters of an answer that its model sees again."""
ARTICLE = 2000
"""Words of an article that are given to be retold; a longer one is condensed. Some models of a laptop take no more."""


class ChatWriter:
    """Has a model write stories of about so many words in a language, a tag such as "en"."""

    def __init__(self, service: Service, model: str, prompts: Prompts, language: str, words: int, name: str) -> None:
        self._service = service
        self._model = model
        self._prompts = prompts
        self._language = language
        self._words = words
        self.name = name

    @property
    def key(self) -> str:
        return f"chat-{VERSION} {self.name} {self._model} {self._prompts.mark} {self._language} {self._words}"

    async def write(self, assignment: Assignment, desk: Desk) -> Story:
        """A story about a topic, or an article retold; progress counts words.

        Raises BadInput if there is nothing to write about; ServiceFailed, also if the model twice answers what is no
        story; ServiceRefused.
        """
        talk = Conversation(self._service, self._model)
        desk.progress(0, self._words, "words")
        try:
            draft = await self._draft(talk, assignment)
            title = await self._title(talk, draft, assignment.avoid, desk)
        finally:
            desk.log.info(f"{self.name} ({self._model}): {talk.tokens} tokens in {talk.requests} requests")
        count = len(words(draft.text))
        desk.progress(count, count, "words")
        return self._story(draft, title, talk.tokens)

    async def summarize(self, article: Article, words: int, desk: Desk) -> str:
        """A summary in the article's own language, if that is known. Raises ServiceFailed, ServiceRefused."""
        talk = Conversation(self._service, self._model)
        told = await asyncio.to_thread(_told, article)
        asked = self._prompts.summary.safe_substitute(told, words=words, language=article.language or self._language)
        try:
            said = answers.read_summary(await talk.ask(_messages(answers.SUMMARY, asked)))
        except Unfit as unfit:
            wrong = str(unfit).removeprefix("- ")
            raise ServiceFailed(f"{self.name} ({self._model}) answered with what is no summary. {wrong}") from None
        finally:
            desk.log.info(f"{self.name} ({self._model}): {talk.tokens} tokens in {talk.requests} requests")
        desk.progress(words, words)
        return said

    async def outline(self, article: Article, words: int, desk: Desk) -> Script | None:
        """A lecture of an article. Raises ServiceFailed, also for a model that twice answers none; ServiceRefused."""
        talk = Conversation(self._service, self._model)
        said = await asyncio.to_thread(_told, article)
        prompt = self._prompts.slides.safe_substitute(said, words=words, language=self._language)
        asked = _messages(answers.SLIDES, prompt)
        try:
            return await self._fit(talk, asked, lambda content: answers.read_slides(content, words), "no lecture")
        finally:
            desk.log.info(f"{self.name} ({self._model}): {talk.tokens} tokens in {talk.requests} requests")

    def _story(self, draft: Draft, title: str, tokens: int) -> Story:
        return Story(
            title=title,
            text=draft.text,
            description=draft.description,
            tags=draft.tags,
            mood=draft.mood,
            passages=draft.passages,
            writer=f"{self.name} {self._model}",
            tokens=tokens,
        )

    async def _draft(self, talk: Conversation, assignment: Assignment) -> Draft:
        """What the model writes, at the second attempt if need be."""
        asked = _messages(answers.STORY, await asyncio.to_thread(self._asked, assignment))
        return await self._fit(talk, asked, lambda content: answers.read_story(content, self._words), "no story")

    async def _fit(self, talk: Conversation, asked: list[Message], read: Callable[[str], T], what: str) -> T:
        """What the model answers, told once what is wrong with it."""
        content = await talk.ask(asked)
        try:
            return read(content)
        except Unfit as unfit:
            repair = self._prompts.repair.safe_substitute(wrong=unfit)
        told: list[Message] = [{"role": "assistant", "content": content[:ECHO]}, {"role": "user", "content": repair}]
        content = await talk.ask([*asked, *told])
        try:
            return read(content)
        except Unfit as unfit:
            wrong = " ".join(line.removeprefix("- ") for line in str(unfit).splitlines())
            raise ServiceFailed(
                f"{self.name} ({self._model}) answered twice with what is {what}. {wrong}",
                "Name another model (writer.model), or give fewer words (writer.words).",
            ) from None

    def _asked(self, assignment: Assignment) -> str:
        """The prompt for an assignment. Raises BadInput for one of nothing."""
        said = {
            "words": self._words,
            "language": self._language,
            "moods": ", ".join(MOODS),
            "seed": assignment.seed,
            "avoid": _avoid(assignment.avoid),
        }
        if assignment.article is not None:
            return self._prompts.retell.safe_substitute(said | _told(assignment.article))
        if not assignment.topic.strip():
            raise BadInput("The topic is empty.", "Say in a few words what the story should be about.")
        return self._prompts.story.safe_substitute(said, topic=" ".join(assignment.topic.split()))

    async def _title(self, talk: Conversation, draft: Draft, avoid: Sequence[Twin], desk: Desk) -> str:
        """The best of the titles that the model thinks of; no failure of it is one of the story."""
        others = [twin.title for twin in avoid]
        asked = self._prompts.title.safe_substitute(
            title=draft.title,
            story=draft.text,
            language=self._language,
            variants=VARIANTS,
            avoid="\n".join(f"- None like this one: “{other}”" for other in others),
        )
        try:
            variants = answers.read_titles(await talk.ask(_messages(answers.TITLES, asked)))
        except ServiceFailed as exc:
            desk.log.info(f"The title stays as it was: {exc.message}")
            return cut(draft.title, LIMIT)
        except Unfit as unfit:
            desk.log.info(f"The title stays as it was; {self.name} gave no others: {unfit}")
            return cut(draft.title, LIMIT)
        return best([draft.title, *variants], draft.text, others)


def _messages(shape: str, prompt: str) -> list[Message]:
    return [{"role": "system", "content": shape}, {"role": "user", "content": prompt}]


def _told(article: Article) -> dict[str, str]:
    """What is said of an article."""
    return {
        "title": article.title,
        "author": article.author or "an unknown author",
        "site": article.site or article.url,
        "text": condense(article.text, ARTICLE, article.language),
    }


def _avoid(twins: Sequence[Twin]) -> str:
    """What is said of stories that were told before; nothing if there were none."""
    if not twins:
        return ""
    known = dict.fromkeys(f"- “{twin.title}”: {cut(' '.join(twin.text.split()), BEGINNING)}" for twin in twins)
    return "\n".join(["These were told before. Tell none of them again, nor anything much like them:", *known])
