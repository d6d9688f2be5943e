"""What language models are asked, in files that a user can replace: one for each occasion, with `$names` to be filled.

The shape of an answer is not in them (see answers.py), so that nobody who changes a prompt can lose it.
"""

from dataclasses import dataclass
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from string import Template
from typing import Self

from shortsd.domain.prompts import NAMES, own


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts."""

    story: Template
    retell: Template
    title: Template
    repair: Template
    slides: Template
    summary: Template

    @classmethod
    def read(cls, folder: Path | None = None) -> Self:
        """Those of a folder, each in the place of ours. Raises BadInput for files that cannot be read or used."""
        ours = {name: Template(resources.files(__name__).joinpath(f"{name}.md").read_text("utf-8")) for name in NAMES}
        return cls(**(ours if folder is None else ours | own(folder)))

    @property
    def mark(self) -> str:
        """A hash of those that stories are written by."""
        texts = "\0".join(prompt.template for prompt in (self.story, self.retell, self.title, self.repair))
        return blake2b(texts.encode(), digest_size=4).hexdigest()
