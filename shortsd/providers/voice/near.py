"""Names that may have been meant by one that does not exist."""

from collections.abc import Mapping


def near(name: str, names: Mapping[str, str], otherwise: str) -> str:
    """A hint with what stands in `names` for the three that look most like `name`; `otherwise` if none does."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - 47 modules that a start does without

    matches = process.extract(name.lower(), {known: known.lower() for known in names}, scorer=fuzz.ratio, limit=3)
    found = dict.fromkeys(names[known] for _, likeness, known in matches if likeness >= 60)
    return f"Did you mean {' or '.join(found)}?" if found else otherwise
