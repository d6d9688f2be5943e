"""What tests of services share."""

from collections.abc import Callable
from typing import Any

import pytest

from shortsd.domain.errors import ServiceFailed
from shortsd.providers.web.service import Service

KEY = "sk-marked/key+9f3"
NOBODY = "http://127.0.0.1:1"
"""Where nobody takes connections."""
Make = Callable[..., Service]


async def failure(asking: Any) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as caught:
        await asking
    return caught.value
