"""The writer behind a chat endpoint: what it asks, what it makes of answers, and what it says of failures."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from servers.chat import ChatServer, story
from servers.loopback import Handler, Time, body, huge, reset, status
from support import TestDesk
from writing import KEY, LIGHTHOUSE, PROMPTS, close, writer

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused, ShortsError
from shortsd.domain.prompts import NEEDED
from shortsd.domain.story import Assignment, Story, Twin
from shortsd.providers.writer import answers, titles
from shortsd.providers.writer.prompts import Prompts

TOPIC = Assignment(topic="the old piano", seed=12)
GOOD = story(random.Random(1), 140)


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    yield
    await close()


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(key=KEY) as running:
        yield running


def answer(**changes: Any) -> str:
    """A good answer, with some of it changed."""
    return json.dumps(GOOD | changes)


def offered(*variants: str) -> str:
    return json.dumps({"titles": variants})


async def test_it_asks_as_the_reference_says(server: ChatServer, desk: TestDesk) -> None:
    """Model, messages and JSON mode, with the key as a Bearer; nothing that only some models take."""
    await writer(server).write(TOPIC, desk)
    first = server.asked_for()[0]
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert first.keys() == {"model", "messages", "response_format"}
    assert first["model"] == "gpt-5-mini"
    assert first["response_format"] == {"type": "json_object"}
    assert "JSON" in first["messages"][0]["content"]
    assert "the old piano" in first["messages"][1]["content"]
    assert "12" in first["messages"][1]["content"]


async def test_a_lecture_of_an_article(server: ChatServer, desk: TestDesk) -> None:
    """Slides with points, each with what is said to it; an answer that is none is asked for again, once."""
    point = {"shown": "The lamp went out", "said": "After so many years the lamp went out on Tuesday, by hand."}
    good = {"title": "The lamp", "slides": [{"heading": f"Part {at}", "points": [point, point]} for at in range(4)]}
    server.contents.extend(["{}", json.dumps(good)])
    script = await writer(server).outline(LIGHTHOUSE, 90, desk)
    assert script is not None
    assert [slide.heading for slide in script.slides] == ["The lamp", "Part 0", "Part 1", "Part 2", "Part 3"]
    assert script.slides[1].beats[0].says == (point["said"],)
    assert "Kermorvan" in server.asked_for()[0]["messages"][1]["content"]
    server.contents.extend(["{}", json.dumps({**good, "slides": good["slides"][:1]})])
    with pytest.raises(ServiceFailed, match="answered twice with what is no lecture"):
        await writer(server).outline(LIGHTHOUSE, 90, desk)


async def test_language_and_words_are_asked_for(server: ChatServer, desk: TestDesk) -> None:
    """Both stand in the question."""
    await writer(server, language="pt-BR", words=60).write(TOPIC, desk)
    question = server.asked_for()[0]["messages"][1]["content"]
    assert "pt-BR" in question
    assert "60 words" in question


async def test_a_keyless_endpoint_is_asked_without_a_key(desk: TestDesk) -> None:
    """Ollama knows no keys."""
    with ChatServer() as server:
        asked = writer(server, "ollama")
        asked._service.headers = dict
        await asked.write(TOPIC, desk)
        assert "Authorization" not in server.requests[0].headers


async def test_the_story_is_what_was_answered(server: ChatServer, desk: TestDesk) -> None:
    """Passages with their keywords, and the text that they make; who wrote it; all tokens of all calls."""
    server.contents.extend([answer(), offered()])
    told = await writer(server, "cerebras").write(TOPIC, desk)
    assert [passage.text for passage in told.passages] == [passage["text"] for passage in GOOD["passages"]]
    assert told.passages[0].keywords == tuple(GOOD["passages"][0]["keywords"])
    assert told.text == " ".join(passage["text"] for passage in GOOD["passages"])
    assert told.writer == "cerebras gpt-oss-120b"
    sent = sum(len(one["content"].split()) for asked in server.asked_for() for one in asked["messages"])
    assert told.tokens == sent + len(answer().split()) + len(offered().split())
    assert desk.log.lines == [f"info cerebras (gpt-oss-120b): {told.tokens} tokens in 2 requests"]


@pytest.mark.parametrize(
    "around",
    [
        "```json\n{}\n```",
        "Here is your story:\n\n{}\n\nI hope you like it!",
        "<think>It wants {{braces}}. I could begin with a door.</think>{}",
        "  \n{}",
    ],
)
async def test_json_is_found_in_what_is_around_it(around: str, server: ChatServer, desk: TestDesk) -> None:
    """Fences, politeness and thoughts do no harm."""
    server.contents.extend([around.replace("{{", "{").replace("}}", "}").replace("{}", answer()), offered()])
    assert (await writer(server).write(TOPIC, desk)).title == GOOD["title"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("Once upon a time, there was no JSON.", "not a JSON object"),
        (answer()[:-40], "not a JSON object"),
        ('{"a":' * 3000, "not a JSON object"),
        (json.dumps({"title": "x"}), "missing required field `passages`"),
        (answer(passages="one text"), "Expected `array`"),
        (answer(passages=[{"text": 4}]), "Expected `str`, got `int` - at `$.passages[0].text`"),
        (answer(passages=[]), "`passages` holds no text"),
        (answer(passages=[{"text": " \n"}]), "`passages` holds no text"),
        (answer(passages=GOOD["passages"][:3]), "as 24 words; about 140 were asked for"),
        (answer(passages=GOOD["passages"] * 3), "about 140 were asked for"),
        (answer(passages=[{"text": "one " * 120 + "unbelievable " * 70}]), "Passage 1 has 1389 characters"),
        (answer(title="  "), "`title` has 0 characters"),
        (answer(title="x" * 300), "`title` has 300 characters"),
    ],
)
async def test_what_does_not_fit_is_told_and_repaired(
    wrong: str, said: str, server: ChatServer, desk: TestDesk
) -> None:
    """The model sees its answer again with what is wrong with it, and the second one counts."""
    server.contents.extend([wrong, answer(), offered()])
    told = await writer(server).write(TOPIC, desk)
    assert told.title == GOOD["title"]
    repair = server.asked_for()[1]["messages"]
    assert [one["role"] for one in repair] == ["system", "user", "assistant", "user"]
    assert repair[2]["content"] == wrong
    assert said in repair[3]["content"]


async def test_all_that_is_wrong_is_told_at_once(server: ChatServer, desk: TestDesk) -> None:
    """There is one repair: it must not go to the first of several faults alone."""
    server.contents.extend([answer(title="", passages=GOOD["passages"][:2]), answer(), offered()])
    await writer(server).write(TOPIC, desk)
    repair = server.asked_for()[1]["messages"][3]["content"]
    assert "`title`" in repair
    assert "16 words" in repair


async def test_what_does_not_fit_twice_fails(server: ChatServer, desk: TestDesk) -> None:
    """There is no third attempt; the error says what was wrong, and the log what it took."""
    server.contents.extend([answer(passages=[]), answer(passages=GOOD["passages"][:2])])
    with pytest.raises(ServiceFailed, match=r"twice with what is no story.* as 16 words") as failed:
        await writer(server).write(TOPIC, desk)
    assert failed.value.retryable
    assert len(server.requests) == 2
    assert "in 2 requests" in desk.log.lines[-1]


async def test_what_can_be_put_in_order_is(server: ChatServer, desk: TestDesk) -> None:
    """Hashes, doubles and what is too long go from the tags and keywords, control characters from texts."""
    first = {"text": "Our\u0000 miller\n hid  the lamp.", "keywords": ["Lamp", "Lamp", "x" * 50, " "]}
    messy = answer(
        tags=["#Scary", "scary", "y" * 31, *(f"tag {n}" for n in range(20))],
        passages=[first, *GOOD["passages"]],
        mood="Scary and tense",
    )
    server.contents.extend([messy, offered()])
    told = await writer(server).write(TOPIC, desk)
    assert told.tags == ("scary", *(f"tag {n}" for n in range(11)))
    assert told.passages[0].text == "Our miller hid the lamp."
    assert told.passages[0].keywords == ("Lamp",)
    assert told.mood == "dread"


@pytest.mark.parametrize(
    ("named", "mood"), [("wonder", "wonder"), (" Dread ", "dread"), ("bittersweet, sad", "melancholy"), ("🙂", "eerie")]
)
def test_a_mood_is_one_that_there_is_music_for(named: str, mood: str) -> None:
    """What a model calls a mood is mapped to the nearest, or to the usual one."""
    assert answers.fitting_mood(named) == mood


@pytest.mark.parametrize("usage", [None, {"total_tokens": None}, {"total_tokens": 10**400}, {"total_tokens": -7}])
async def test_odd_counts_of_tokens_cost_no_story(usage: Any, server: ChatServer, desk: TestDesk) -> None:
    """The story is there; what is no number of tokens is none."""
    server.contents.append(offered())
    choices = [{"message": {"content": answer()}}]
    server.fail(body(json.dumps({"choices": choices, "usage": usage}).encode()))
    told = await writer(server).write(TOPIC, desk)
    assert told.text
    assert told.tokens < 10_000


async def test_an_answer_that_was_cut_off_is_told_as_such(server: ChatServer, desk: TestDesk) -> None:
    """Half a JSON is not the model's mistake, and asking it to repair it would be cut off, too."""
    server.contents.append({"message": {"content": answer()[:200]}, "finish_reason": "length"})
    with pytest.raises(ServiceFailed, match="cut off") as failed:
        await writer(server).write(TOPIC, desk)
    assert "writer.words" in failed.value.hint
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        {"message": {"refusal": "I can't help with that."}},
        {"message": {"content": ""}, "finish_reason": "content_filter"},
    ],
)
async def test_a_refusal_is_told_as_such(refusal: dict[str, Any], server: ChatServer, desk: TestDesk) -> None:
    """Who is refused a topic gets another error than who gets nonsense, and it is not tried again."""
    server.contents.append(refusal)
    with pytest.raises(ServiceFailed, match="refuses to write") as failed:
        await writer(server).write(TOPIC, desk)
    assert not failed.value.retryable


@pytest.mark.parametrize("content", [{"message": {"content": None}}, {"message": {"content": "  "}}])
async def test_an_empty_answer_is_told_as_such(content: dict[str, Any], server: ChatServer, desk: TestDesk) -> None:
    """No text is no story."""
    server.contents.append(content)
    with pytest.raises(ServiceFailed, match="empty text"):
        await writer(server).write(TOPIC, desk)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (body(b'{"choices": []}'), "without any text"),
        (body(b'{"error": {"message": "Provider returned error", "code": 502}}'), "Provider returned error"),
        (body(b"<html>Sign in</html>", "text/html"), "text/html that is not understood"),
        (body(b'{"choices": "none"}'), "not understood"),
        (body(b'{"choices": [{"message": {"content": "x'), "not understood"),
        (huge(4), "more than 2 MB"),
        (status(404, json.dumps({"error": {"message": "No model"}}), "application/json"), "404: No model"),
        (status(302, Location="http://127.0.0.1:1/"), "302"),
    ],
)
async def test_what_is_no_completion_fails_at_once(
    fault: Handler, said: str, server: ChatServer, desk: TestDesk
) -> None:
    """The error names the service and says what came."""
    server.fail(fault)
    with pytest.raises(ServiceFailed, match=said) as failed:
        await writer(server).write(TOPIC, desk)
    assert "OpenAI" in failed.value.message
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [status(500), status(503, Retry_After="7"), reset(b"{"), status(429)])
async def test_what_may_pass_is_asked_again(fault: Handler, server: ChatServer, desk: TestDesk) -> None:
    """A story that is thought out twice does no harm."""
    server.fail(fault)
    assert (await writer(server).write(TOPIC, desk)).text
    assert len(server.requests) == 3


@pytest.mark.parametrize("wish", ["20", "Fri, 15 Jan 2027 08:00:20 GMT"])
async def test_it_waits_as_long_as_it_is_told_to(wish: str, server: ChatServer, desk: TestDesk) -> None:
    """Retry-After comes as seconds or as a date."""
    time = Time(1_800_000_000.0)
    server.fail(status(429, Retry_After=wish))
    await writer(server, time=time).write(TOPIC, desk)
    assert time.waits == [20.0]


async def test_an_unknown_model_is_told_with_what_to_do(desk: TestDesk) -> None:
    """The name is a setting."""
    with ChatServer(key=KEY, models=["another"]) as server, pytest.raises(ServiceFailed, match="gpt-5-mini") as failed:
        await writer(server).write(TOPIC, desk)
    assert "writer.model" in failed.value.hint
    assert not failed.value.retryable


async def test_an_endpoint_without_json_mode_is_asked_without_it(server: ChatServer, desk: TestDesk) -> None:
    """Not everything that calls itself compatible knows `response_format`."""
    server.json_mode = False
    assert (await writer(server, "custom").write(TOPIC, desk)).text
    assert ["response_format" in asked for asked in server.asked_for()] == [True, False, False]


async def test_a_key_is_shown_nowhere(desk: TestDesk) -> None:
    """Not in the error of a service that gives it back, not in the log, not in a story that has it."""
    leak = {"message": {"refusal": f"Not with {KEY}."}}
    with ChatServer(key="another") as refusing, pytest.raises(ServiceRefused) as refused:
        await writer(refusing).write(TOPIC, desk)
    with ChatServer(key=KEY) as server:
        server.contents.extend([answer(title=f"My key is {KEY}"), offered(), leak])
        told: Story = await writer(server).write(TOPIC, desk)
        with pytest.raises(ServiceFailed) as failed:
            await writer(server).write(TOPIC, desk)
    errors: list[ShortsError] = [refused.value, failed.value]
    shown = [repr(told), *desk.log.lines, *(f"{error!r} {error.message} {error.hint}" for error in errors)]
    assert not [text for text in shown if KEY in text]


async def test_the_beginning_of_a_key_is_not_shown_either(server: ChatServer, desk: TestDesk) -> None:
    """What a service says is cut short only after the key has gone from it."""
    said = "x" * 190 + KEY
    server.fail(*[status(401, json.dumps({"error": {"message": said}}), "application/json")])
    with pytest.raises(ServiceRefused) as refused:
        await writer(server).write(TOPIC, desk)
    assert KEY[:6] not in refused.value.message


@pytest.mark.parametrize("key", ["sk-with-\n-in-it", "sk-ünïcode"])
async def test_a_key_that_no_header_can_carry_is_told_without_it(key: str, server: ChatServer, desk: TestDesk) -> None:
    """Pasted with a line's end, it is an error for people, and does not show."""
    asked = writer(server)
    asked._service.headers = lambda: {"Authorization": f"Bearer {key}"}
    with pytest.raises(ServiceRefused, match="key for OpenAI") as refused:
        await asked.write(TOPIC, desk)
    assert "sk-" not in repr(refused.value)


async def test_the_best_title_wins(server: ChatServer, desk: TestDesk) -> None:
    """Variants are asked for, and one that says more of the story is taken in place of the first."""
    said = GOOD["passages"][0]["keywords"][1]
    server.contents.extend([answer(title="Night"), offered("SHOCKING TRUTH!!!", f"Nobody would open the {said} again")])
    told = await writer(server).write(TOPIC, desk)
    assert told.title == f"Nobody would open the {said} again"


@pytest.mark.parametrize(
    "failing", ["no JSON at all", {"message": {"refusal": "No."}}, json.dumps({"titles": 4}), offered("x" * 90)]
)
async def test_a_story_does_not_fail_for_its_title(failing: Any, server: ChatServer, desk: TestDesk) -> None:
    """Its first title stays, cut between words to 70 characters."""
    server.contents.extend([answer(title="A long word " * 10), failing])
    told = await writer(server).write(TOPIC, desk)
    assert told.title == "A long word A long word A long word A long word A long word A long…"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The lamp that nobody had lit in the mill", "The lamp"),
        ("The lamp that nobody had lit in the mill", "The lamp that nobody had lit in the mill for more than a year"),
        ("The lamp that nobody had lit in the mill", "What happened there that night, and after it"),
        ("The lamp that nobody had lit in the mill", "The LAMP that NOBODY had lit in the mill"),
        ("The lamp that nobody had lit in the mill", "The lamp that nobody had lit in the mill!"),
        ("The lamp that nobody had lit in the mill", "The lamp that nobody had lit in the mill…"),
        ("The lamp that nobody had lit in the mill", "The lamp that nobody had lit in the mill #shorts"),
        ("The lamp that nobody had lit in the mill", "😱 The lamp that nobody had lit in the mill"),
        ("The lamp that nobody had lit in the mill", "The mill whose lamp was told of before"),
        ("The lamp that nobody had lit in the mill", "The lamp in the mill, and " * 3),
    ],
)
def test_titles_are_chosen_by_stated_rules(better: str, worse: str) -> None:
    """Each rule makes one of two titles the better one, in whichever order they come."""
    text = "Somebody lit the lamp of the mill. The mill stood empty. Nobody had lit a lamp there for years."
    avoid = ["The mill whose lamp was told of before"]
    assert titles.best([better, worse], text, avoid) == better
    assert titles.best([worse, better], text, avoid) == better


async def test_twins_are_named_to_the_model(server: ChatServer, desk: TestDesk) -> None:
    """It is told the title and the beginning of what not to tell again."""
    twin = Twin(4, "The Piano Upstairs", "It played at three. " * 200, 91.0)
    await writer(server).write(replace(TOPIC, avoid=(twin,)), desk)
    question = server.asked_for()[0]["messages"][1]["content"]
    assert "“The Piano Upstairs”: It played at three." in question
    assert len(question) < 3000
    assert "The Piano Upstairs" in server.asked_for()[1]["messages"][1]["content"]


async def test_an_article_is_given_to_be_retold(server: ChatServer, desk: TestDesk) -> None:
    """Its text stands in the question whole, without a heading, and marked as material."""
    await writer(server).write(Assignment(article=LIGHTHOUSE), desk)
    question = server.asked_for()[0]["messages"][1]["content"]
    assert "Yann Le Goff, 71, climbed" in question
    assert "Le Journal" in question
    assert "whatever it asks for" in question


async def test_of_a_very_long_article_the_best_is_given(server: ChatServer, desk: TestDesk) -> None:
    """What a small model would forget is left out beforehand."""
    long = " ".join(f"The lighthouse has stood here for {n} years, and the sea was never still." for n in range(5000))
    await writer(server).write(Assignment(article=replace(LIGHTHOUSE, text=long)), desk)
    assert len(server.asked_for()[0]["messages"][1]["content"].split()) < 2500


async def test_what_stands_in_an_article_is_not_filled_in(server: ChatServer, desk: TestDesk) -> None:
    """Dollars and names of ours in somebody's text are text."""
    odd = replace(LIGHTHOUSE, text="It cost $words and $avoid, or $5, in the harbour of the village.")
    await writer(server).write(Assignment(article=odd), desk)
    assert "$words and $avoid, or $5" in server.asked_for()[0]["messages"][1]["content"]


async def test_a_user_can_replace_a_prompt(tmp_path: Path, server: ChatServer, desk: TestDesk) -> None:
    """One file of theirs takes the place of ours, the others stay, and the writer's key changes."""
    (tmp_path / "story.md").write_text("Haiku about $topic, please, for $$5.")
    asked = writer(server, prompts=Prompts.read(tmp_path))
    server.contents.extend([answer(), offered()])
    await asked.write(TOPIC, desk)
    assert server.asked_for()[0]["messages"][1]["content"] == "Haiku about the old piano, please, for $5."
    assert asked.key != writer(server).key


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize(
    "text", [b"$tpoic $topic $text $story $wrong", b"Nothing of it.", b"costs $ 5", b"\xff", b"x" * 70_000]
)
def test_a_prompt_that_cannot_work_is_refused(name: str, text: bytes, tmp_path: Path) -> None:
    """Before anything is asked, with the file's name."""
    (tmp_path / f"{name}.md").write_bytes(text)
    with pytest.raises(BadInput, match=rf"{name}\.md"):
        Prompts.read(tmp_path)


def test_a_folder_of_prompts_has_to_be_there(tmp_path: Path) -> None:
    """A slip of the pen must not bring our prompts back."""
    with pytest.raises(BadInput, match="no folder"):
        Prompts.read(tmp_path / "promts")


def test_the_key_tells_all_that_a_story_depends_on(server: ChatServer) -> None:
    """Provider, model, prompts, language and words; another of them writes anew."""
    other = replace(PROMPTS, repair=PROMPTS.title)
    changed = [
        writer(server),
        writer(server, "groq"),
        writer(server, language="de"),
        writer(server, words=60),
        writer(server, prompts=other),
    ]
    assert len({one.key for one in changed}) == len(changed)
