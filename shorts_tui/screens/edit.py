"""Asks what of a job is to be different."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from textual.widget import Widget
from textual.widgets import Label

from shorts_tui import wishes
from shorts_tui.commands.base import Desk
from shorts_tui.screens.form import Form
from shorts_tui.screens.short_fields import spoken
from shorts_tui.widgets.field import Line, Words
from shorts_tui.widgets.suggest import Paths
from shortsd.client.text import shown, trimmed
from shortsd.wire.channel import Material, PictureView
from shortsd.wire.models import JobView, ShortParams

_SAID = 60
"""Cells of what is said of a scene."""


class Edit(Form[bool]):
    """The answer is whether the job is made differently."""

    heading = "Change a short"
    go = "Make it so"

    def __init__(self, desk: Desk, job: JobView, made: Material) -> None:
        super().__init__(desk)
        self._job = job
        self._made = made
        self._own = {int(scene): str(file) for scene, file in job.params.get("picture") or ()}
        """Pictures that somebody has given to scenes."""

    def fields(self) -> Iterable[Widget]:
        yield Line("title", "Title", wishes.line, text=self._made.title)
        if self._made.text:
            yield Words("story", "Story", wishes.words, text=self._made.text, echo=spoken)
        if self._made.pictures:
            yield Label("Pictures of scenes: write a file to show it instead", classes="head", markup=False)
        for picture in self._made.pictures:
            yield from self._scene(picture)

    def on_mount(self) -> None:
        super().on_mount()
        self.field("title").take_focus()
        then = ["It waits for you again after that."] if self._job.state == "review" else []
        self.tell((f"Job {self._job.id}", ["Only what a change touches is made again.", *then]))

    def check(self, values: Mapping[str, Any]) -> bool:
        if self._changes(values) == ShortParams():
            return self.miss("title", "Nothing is different yet.")
        return True

    async def send(self, values: Mapping[str, Any]) -> bool | None:
        changes = self._changes(values)
        await self.desk.ask(lambda client: client.retry(self._job.id, changes=changes))
        return True

    def _changes(self, values: Mapping[str, Any]) -> ShortParams:
        title, story = values["title"], values.get("story")
        pictures = [
            f"{picture.scene}={values[_key(picture)] or ''}"
            for picture in self._made.pictures
            if (values[_key(picture)] or "") != self._own.get(picture.scene, "")
        ]
        return ShortParams(
            title=title if title != wishes.line(self._made.title) else None,
            story=story if story is not None and story.strip() != self._made.text.strip() else None,
            picture=pictures or None,
        )

    def _scene(self, picture: PictureView) -> Iterable[Widget]:
        yield Label(shown(trimmed(picture.text, _SAID)), classes="scene", markup=False)
        yield Line(
            _key(picture),
            f"Scene {picture.scene}",
            wishes.file,
            text=self._own.get(picture.scene, ""),
            placeholder=f"{Path(picture.file).name} ({picture.source})",
            suggester=Paths(),
        )


def _key(picture: PictureView) -> str:
    return f"scene-{picture.scene}"
