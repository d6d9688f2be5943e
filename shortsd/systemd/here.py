"""What this installation adds to the unit files as they are shipped: where the daemon lies, and how it is got at.

A daemon of the system runs as a user of its own in a sandbox that hides people's homes. An installation that lies in
one, or behind a folder that only its owner may enter, is laid into that sandbox read-only, and nothing else of there.
"""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

import shortsd
from shortsd.domain.errors import BadInput

HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
"""What ProtectHome= hides (systemd.exec(5))."""
TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - nothing is written there
"""What PrivateTmp= replaces."""
CARRIED = ("SHORTSD_HOME", "SHORTSD_SOCKET", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_VIDEOS_DIR")
"""Variables that decide where a user's files lie, which a shell may have set and the user's manager not."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the parts lie without which the daemon does not start; symbolic links are resolved in all but `python`."""

    python: Path
    folders: Sequence[Path]
    """With all that is in them."""
    samples: Sequence[Path]
    """Files in them that stand for the others when it is asked who may read them."""


def installation() -> Installation:
    """The one that runs."""
    prefix, package = Path(sys.prefix).resolve(), Path(shortsd.__file__).resolve().parent
    executable = Path(sys.executable)
    inside = executable.is_relative_to(sys.prefix)
    python = prefix / executable.relative_to(sys.prefix) if inside else executable
    dependencies = Path(msgspec.__file__).resolve()
    folders = [Path(sys.base_prefix).resolve(), prefix, package, *_links(python)]
    return Installation(python, _outermost(folders), [python.resolve(), package / "app.py", dependencies])


def system_lines(found: Installation, temporary: Sequence[Path] = TEMPORARY) -> list[str]:
    """The drop-in's lines for the system's daemon, which has its own `temporary` folders.

    Raises BadInput if others may not read what it needs.
    """
    _check_readable(found)
    veiled = {folder: veil for folder in found.folders if (veil := _veil(folder, temporary)) is not None}
    closed = sorted({veil for veil in veiled.values() if veil not in (*HOMES, *temporary)})
    return [
        *_start(found),
        *(["ProtectHome=tmpfs"] if set(HOMES) & set(veiled.values()) else []),
        *(f"TemporaryFileSystem={word(folder)}:ro" for folder in closed),
        *(f"BindReadOnlyPaths={word(folder)}" for folder in veiled),
    ]


def user_lines(found: Installation, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The drop-in's lines for a user's daemon, which keeps its files where the user's commands look for them."""
    carried = {name: environ[name] for name in CARRIED if environ.get(name)}
    return [*_start(found), *(f"Environment={word(f'{name}={value}')}" for name, value in carried.items())]


def _start(found: Installation) -> list[str]:
    return ["ExecStart=", f"ExecStart={word(found.python)} -P -m shortsd"]


def _links(file: Path) -> Iterator[Path]:
    """The symbolic links by which one comes from `file` to what it is, without itself."""
    while file.is_symlink():
        file = file.parent / file.readlink()
        yield file


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths without those that lie in another one."""
    unique = list(dict.fromkeys(Path(os.path.normpath(path)) for path in paths))
    return [path for path in unique if not any(path != other and path.is_relative_to(other) for other in unique)]


def _veil(path: Path, temporary: Sequence[Path]) -> Path | None:
    """The outermost folder above `path` that the sandbox hides, or that a stranger may not enter; None if none is."""
    for parent in reversed(path.parents):
        if parent in HOMES or parent in temporary or not parent.stat().st_mode & stat.S_IXOTH:
            return parent
    return None


def _check_readable(found: Installation) -> None:
    for sample in found.samples:
        inside = next((folder for folder in found.folders if sample.is_relative_to(folder)), sample)
        for part in (sample, *sample.parents):
            needed = stat.S_IROTH | (stat.S_IXOTH if part.is_dir() else 0)
            if part.is_relative_to(inside) and part.stat().st_mode & needed != needed:
                raise BadInput(
                    f"The daemon of the system runs as a user of its own, who may not read {part}.",
                    f"`chmod -R o+rX {inside}` lets everybody read it; `shortsctl service install --user` needs none.",
                )


def word(value: object) -> str:
    """A value as one word of a unit file (systemd.syntax(7)). Raises BadInput for what would need more than quotes."""
    text = str(value)
    if re.search(r"""["'\\:$\x00-\x1f]""", text):
        raise BadInput(f"{text!a} cannot stand in a unit file.", "Choose a path without quotes, colons and dollars.")
    text = text.replace("%", "%%")
    return f'"{text}"' if " " in text else text
