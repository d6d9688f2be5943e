"""Executions elsewhere, on a user's settings. What speaks HTTP is loaded only where it is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shortsd.config.settings import Settings
from shortsd.domain.elsewhere import Executions

if TYPE_CHECKING:
    from shortsd.providers.cloud.identity import Identity


@dataclass(slots=True)
class Cloud:
    """The Cloud Run job that is configured by now; its token is kept from one request to the next."""

    settings: Callable[[], Settings]
    _identity: "Identity | None" = None
    _made: tuple[str, str, Executions] | None = None

    def executions(self) -> Executions:
        """Raises BadInput for what is no job's name."""
        from shortsd.providers.cloud.identity import Identity  # noqa: PLC0415 - httpx costs a start 250 ms
        from shortsd.providers.cloud.run import CloudRun  # noqa: PLC0415 - as above

        now = self.settings()
        wanted = now.creations.job, now.services.cloud_run
        if self._made is None or self._made[:2] != wanted:
            self._identity = self._identity or Identity()
            self._made = (*wanted, CloudRun(*wanted, self._identity))
        return self._made[2]
