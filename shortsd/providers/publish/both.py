"""Publishing into a folder, and from there to a channel."""

from dataclasses import dataclass, replace

from shortsd.domain.ports import Desk, Log, Publication, Published, Publisher


@dataclass(frozen=True, slots=True)
class AlsoTo:
    """domain.ports.Publisher to a folder first, then to a channel.

    What is in the folder stays if the channel fails or has to wait: the next attempt puts it there again.
    """

    folder: Publisher
    channel: Publisher

    @property
    def key(self) -> str:
        return f"{self.folder.key} {self.channel.key}"

    async def publish(self, publication: Publication, desk: Desk) -> Published:
        """Raises as both do."""
        kept = await self.folder.publish(publication, _Quiet(desk.job, desk.stage, desk.log))
        sent = await self.channel.publish(publication, desk)
        return replace(kept, link=sent.link, warnings=(*kept.warnings, *sent.warnings))

    async def withdraw(self, job: int, created_at: float) -> None:
        """Raises as both do."""
        await self.folder.withdraw(job, created_at)
        await self.channel.withdraw(job, created_at)


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A desk at which a moment's work tells of no progress: the bytes that come after it are counted from 0."""

    job: int
    stage: str
    log: Log

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Tell nobody."""
