"""The script of a job as a file that people edit: what they made of it, and what it was before."""

import re
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import BadInput
from shortsd.media.files import save
from shortsd.stages.workspace import fingerprint

FOLDER = "scripts"
"""Beside the finished videos."""
LARGEST = 1 << 20
"""Bytes of a script."""
_HEAD = re.compile(r"\A<!--[^>]*\[([0-9a-f]{16}) ([0-9a-f]{16})\][^>]*-->\s*")


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """`scripts/7.md`: the script of a job, after a line that tells what it was made of and what it was then."""

    path: Path
    job: int

    @classmethod
    def of(cls, output: Path, job: int) -> "ScriptFile":
        """That of a job, among the finished videos."""
        return cls(output / FOLDER / f"{job}.md", job)

    def edited(self, source: str) -> str | None:
        """What somebody has made of the script since it was laid out; None if nobody has, or it had another source.

        Raises BadInput for what is no text.
        """
        text = self._text()
        if text is None:
            return None
        head = _HEAD.match(text)
        if head is None:  # without its first line it is whatever somebody wants
            return text
        body = text[head.end() :]
        return None if head[1] != source or head[2] == _mark(body) else body

    def own(self) -> bool:
        """Whether it is there as it was laid out, with nobody's work in it."""
        try:
            head = _HEAD.match(text := self._text() or "")
        except BadInput:
            return False
        return head is not None and head[2] == _mark(text[head.end() :])

    def lay_out(self, markdown: str, source: str) -> None:
        """Write the script, unless somebody has edited what is there.

        What was edited of a script from another source is kept beside it. Raises DiskFull, Unavailable, BadInput.
        """
        if self.edited(source) is not None:
            return
        before = self._text()
        head = _HEAD.match(before or "")
        if before and head and head[1] != source and head[2] != _mark(before[head.end() :]):
            save(self.path.with_suffix(".before.md"), before.encode())
        made = (
            f"<!-- The script of job {self.job}. Edit what is below, then: shortsctl retry {self.job} "
            f"(docs/slides.md) [{source} {_mark(markdown)}] -->\n\n{markdown}"
        )
        if made != before:
            save(self.path, made.encode())

    def _text(self) -> str | None:
        try:
            if not self.path.is_file():
                return None
            if self.path.stat().st_size > LARGEST:
                raise BadInput(f"The script {self.path} is larger than {LARGEST >> 20} MiB.", "Shorten it.")
            return self.path.read_text("utf-8-sig").replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError as exc:
            why = f"The script {self.path} is not UTF-8: byte {exc.start} (0x{exc.object[exc.start]:02x}) does not fit."
            raise BadInput(why, "Save it as UTF-8, or remove it to have it made anew.") from exc
        except OSError as exc:
            raise BadInput(f"The script {self.path} cannot be read: {exc.strerror}.", "See whose it is.") from exc


def _mark(body: str) -> str:
    """What stands for a script, however many blank lines are around it."""
    return fingerprint("script", {"text": body.strip()})
