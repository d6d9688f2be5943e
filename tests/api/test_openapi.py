"""What /v1/openapi.json says is true: schemathesis asks for all that it describes, and for what it forbids."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import held
import pytest
import schemathesis
from bridge import bridge
from daemon import TINY, home
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from shortsd.api.server import application
from shortsd.engine.service import Service

UNBOUNDED = ["/v1/events", "/v1/shutdown"]
"""One answers for ever, the other one ends the daemon."""

DOCUMENT = application(cast("Service", None)).openapi()
api = schemathesis.openapi.from_dict(DOCUMENT).exclude(path=UNBOUNDED)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where a daemon answers that gets no further than its first job's first stage."""
    with tempfile.TemporaryDirectory(prefix="shorts-") as folder:
        held.hold(Path(folder), "story")
        with home(Path(folder), TINY + "max_parallel_jobs = 1", module="held") as daemon:
            daemon.make()
            with bridge(daemon.places.socket) as url:
                yield url


@api.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_description_says(case: Case[Any], url: str) -> None:
    """Statuses, types and bodies of all answers are those described; what is forbidden is refused, never a 500.

    That all which fits it is accepted is not asked for: what makes a story or a picture is more than it says.
    """
    if isinstance(case.query, dict):
        case.query.pop("follow", None)  # another stream that does not end while the job goes on
    case.call_and_validate(base_url=url, timeout=30, excluded_checks=[positive_data_acceptance])
