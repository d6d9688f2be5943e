"""Paths in a storage: none leads out of it."""

from shortsd.domain.errors import BadInput

LONGEST = 1000
"""Bytes of a path: what S3, Cloud Storage and Azure take (1024), and a little less."""


def checked(path: str) -> str:
    """The same path. Raises BadInput for one that is none, or leads elsewhere: absolute, with `..`, with a NUL."""
    parts = path.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or "\0" in path or "\\" in path
    if bad or len(path.encode("utf-8", "surrogatepass")) > LONGEST:
        raise BadInput(
            f"{path[:80]!r} is no path in a storage.", "Name a file below its root: story/assets/1/image.png."
        )
    return path
