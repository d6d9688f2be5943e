import pytest
from support import TestDesk


@pytest.fixture
def desk() -> TestDesk:
    return TestDesk()
