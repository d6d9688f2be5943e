"""What running a command gives."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Ctl = Callable[..., Ran]
