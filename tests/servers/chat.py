"""Chat completions as OpenAI's API reference describes them, and as others give them: a stand-in on loopback.

The request and the answer: https://platform.openai.com/docs/api-reference/chat/create and …/chat/object.
Errors, `{"error": {"message", "type", "param", "code"}}`: https://platform.openai.com/docs/guides/error-codes.
"""

import json
import random
import re
from collections import deque
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from servers.loopback import Loopback

NOUNS = """
anchor attic barn bell bridge candle cellar chair clock coat corridor curtain door drawer ferry fence garden glove
harbour key ladder lamp lantern letter lock mill mirror orchard piano photograph pond quarry radio river roof shovel
shore stair stone stove tower train tunnel violin wall well window yard
"""
VERBS = (
    "blamed buried carried counted covered feared followed guarded hid kept missed moved opened painted sold watched"
)
PEOPLE = "baker captain child doctor farmer fisherman gardener judge miller neighbour nurse painter priest sailor"


class ChatServer(Loopback):
    """Any model behind `/v1/chat/completions`. It answers what it is told to, else a story made of the question."""

    def __init__(self, key: str = "", models: Iterable[str] = ()) -> None:
        super().__init__()
        self.key = key
        """That has to come as a Bearer; empty if anybody may ask."""
        self.models = frozenset(models)
        """That there are; all, if none is named."""
        self.contents: deque[str | dict[str, Any]] = deque()
        """What the next answers say: a text, or what an answer's choice is to have in place of the usual."""
        self.json_mode = True
        """Whether `response_format` is known."""

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def asked_for(self) -> list[dict[str, Any]]:
        """The bodies of all requests."""
        return [json.loads(request.body) for request in self.requests]

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/chat/completions", self._complete)]

    async def _complete(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        if self.key and token != f"Bearer {self.key}":
            said = f"Incorrect API key provided: {token.removeprefix('Bearer ')}."
            return _error(401, said, "invalid_request_error", "invalid_api_key")
        asked = await request.json()
        if self.models and asked["model"] not in self.models:
            said = f"The model `{asked['model']}` does not exist or you do not have access to it."
            return _error(404, said, "invalid_request_error", "model_not_found")
        if "response_format" in asked and not self.json_mode:
            return _error(400, "Unrecognized request argument supplied: response_format", "invalid_request_error", None)
        return web.json_response(_completion(asked, self.contents.popleft() if self.contents else made(asked)))


def _completion(asked: dict[str, Any], said: str | dict[str, Any]) -> dict[str, Any]:
    """A chat completion object; tokens are counted as words."""
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "logprobs": None}
    message = {"role": "assistant", "content": said if isinstance(said, str) else None, "refusal": None}
    if isinstance(said, dict):
        message |= said.get("message", {})
        choice["finish_reason"] = said.get("finish_reason", "stop")
    read = sum(len(one["content"].split()) for one in asked["messages"])
    wrote = len((message["content"] or "").split())
    usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_800_000_000,
        "model": asked["model"],
        "choices": [{**choice, "message": message}],
        "usage": usage,
    }


def made(asked: dict[str, Any]) -> str:
    """A story for a question, or titles if it asks for these; the same for the same question, another for another."""
    shape, question = asked["messages"][0]["content"], asked["messages"][-1]["content"]
    chance = random.Random(question)
    if '"titles"' in shape:
        return json.dumps({"titles": [f"What the {_one(PEOPLE, chance)} kept about the {_one(NOUNS, chance)}"]})
    found = re.search(r"[Aa]bout (\d+) words", question)
    return json.dumps(story(chance, int(found[1]) if found else 140))


def story(chance: random.Random, words: int) -> dict[str, Any]:
    """A story of about so many words, in the shape that is asked for."""
    passages: list[dict[str, Any]] = []
    while sum(len(passage["text"].split()) for passage in passages) < words - 7:
        person, verb = _one(PEOPLE, chance), _one(VERBS, chance)
        first, second, third, fourth = chance.sample(NOUNS.split(), 4)
        text = f"Our {person} {verb} {first}, {second}, {third} and {fourth}."
        passages.append({"text": text, "keywords": [f"old {first}", second]})
    return {
        "title": f"The {_one(PEOPLE, chance)} and the {_one(NOUNS, chance)}",
        "passages": passages,
        "description": "Nobody was to hear of it.",
        "tags": ["scary stories", "storytime"],
        "mood": chance.choice(["eerie", "dread", "melancholy", "wonder"]),
    }


def _one(words: str, chance: random.Random) -> str:
    return chance.choice(words.split())


def _error(status: int, message: str, kind: str, code: str | None) -> web.Response:
    said = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": said}, status=status)
