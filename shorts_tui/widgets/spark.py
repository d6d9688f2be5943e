"""Numbers as a row of small bars."""

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float], cells: int, most: float = 0.0) -> str:
    """The last `cells` values, a cell each: the highest of them, or `most` if that is more, is a full one."""
    last = values[-cells:]
    top = max(most, *last) if last else most
    return "".join(_BARS[min(len(_BARS) - 1, int(value / top * len(_BARS)))] if top > 0 else _BARS[0] for value in last)
