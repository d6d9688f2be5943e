import re
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shortsd.config.load import load, parse
from shortsd.config.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

COMMENTED = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)
"""Stands before a key whose default depends on the machine."""


def whole() -> dict[str, Any]:
    """What the example holds, keys that are commented out among it."""
    return tomllib.loads(COMMENTED.sub("", EXAMPLE.read_text("utf-8")))


def test_the_example_changes_nothing() -> None:
    """Who takes the example as it stands has the defaults, on a machine with any number of cores."""
    assert load(EXAMPLE) == Settings()


def test_the_example_shows_every_key() -> None:
    """With what is commented out, it holds all keys of all tables, and no others."""
    settings = asdict(Settings())
    assert {table: set(keys) for table, keys in whole().items()} == {
        table: set(keys) for table, keys in settings.items()
    }


def test_the_example_shows_keys_in_the_order_of_the_settings() -> None:
    """Table by table and key by key it reads like the settings themselves."""
    settings = asdict(Settings())
    assert [(table, list(keys)) for table, keys in whole().items()] == [
        (table, list(keys)) for table, keys in settings.items()
    ]


def test_only_what_depends_on_the_machine_is_commented_out() -> None:
    """What is done at a time comes of the cores, so the example leaves it alone; what it shows can be taken."""
    left_out = whole()
    for table, keys in tomllib.loads(EXAMPLE.read_text("utf-8")).items():
        for key in keys:
            del left_out[table][key]
    assert {table: set(keys) for table, keys in left_out.items() if keys} == {
        "daemon": {"max_parallel_jobs"},
        "children": {"parallel_encoders"},
    }
    assert parse(whole(), "the example").daemon.max_parallel_jobs == 1


def test_every_key_is_explained() -> None:
    """A comment stands on the line of each key."""
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines() if re.match(r"(# )?[a-z_]+ = ", line)]
    assert len(lines) == sum(map(len, whole().values()))
    assert [line for line in lines if not re.search(r"  # \S", line)] == []
