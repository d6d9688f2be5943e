"""What the built-in writer knows: story arcs, settings, words to fill them with, and nouns by kind."""

import tomllib
from importlib import resources
from typing import Any


def table(name: str) -> dict[str, Any]:
    """The data file `name`."""
    return tomllib.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))


def arc_files() -> tuple[str, ...]:
    """The names of the files that hold a story arc each, in order."""
    folder = resources.files(__name__).joinpath("arcs")
    return tuple(sorted(f"arcs/{file.name}" for file in folder.iterdir() if file.name.endswith(".toml")))
