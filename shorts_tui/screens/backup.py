"""Asks where a copy of the job database is to be."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.widget import Widget

from shorts_tui import wishes
from shorts_tui.backups import save
from shorts_tui.screens.form import Form
from shorts_tui.widgets.field import Line
from shorts_tui.widgets.suggest import Paths
from shortsd.client.text import size


class Backup(Form[str]):
    """The answer says what was copied where."""

    heading = "Back up the job database"
    go = "Copy it"

    def fields(self) -> Iterable[Widget]:
        today = datetime.fromtimestamp(self.desk.host.clock()).astimezone()
        yield Line("file", "File", wishes.unused, text=f"~/shortsd-{today:%Y-%m-%d}.db", suggester=Paths())

    def on_mount(self) -> None:
        super().on_mount()
        self.field("file").take_focus()
        self.tell(
            ("What is in it", ["All that is known of jobs, but no videos and no working files.", "docs/backup.md"])
        )

    def check(self, values: Mapping[str, Any]) -> bool:
        return values["file"] is not None or self.miss("file", "Name the file that it is to be.")

    async def send(self, values: Mapping[str, Any]) -> str | None:
        file: Path = values["file"]
        taken = await self.desk.ask(lambda client: save(client, file))
        return f"{size(taken)} copied to {file}"
