import os
from pathlib import Path

import imageio_ffmpeg
import psutil
import pytest
from processes.children_support import MakeChildren, python
from support import TestDesk

from shortsd.domain.errors import ChildFailed
from shortsd.domain.ports import Command
from shortsd.processes.limits import OOM_SCORE

TELL = """
import psutil
me = psutil.Process()
print(int(me.ionice().ioclass), me.ionice().value, *me.rlimit(psutil.RLIMIT_DATA))
print(open("/proc/self/oom_score_adj").read().strip(), flush=True)
"""
MIB = 1 << 20
OURS = f"{int(psutil.Process().ionice().ioclass)} "


@pytest.fixture
def badness() -> int:
    """What the kernel adds to our own badness."""
    return int(Path("/proc/self/oom_score_adj").read_text())


async def told(make_children: MakeChildren, desk: TestDesk, *code: str, **limits: object) -> list[str]:
    heard: list[str] = []
    await make_children(**limits).run(python(*code), desk, heard.append)
    return heard


@pytest.mark.parametrize(("io_class", "found"), [("none", OURS), ("best-effort", "2 7"), ("idle", "3 0")])
async def test_io_class(make_children: MakeChildren, desk: TestDesk, io_class: str, found: str) -> None:
    """A child stands in line for the disk where it was told to."""
    (line, _) = await told(make_children, desk, TELL, io_class=io_class)
    assert line.startswith(found)


async def test_memory_limit_is_set(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child has its limit before it runs, and so have its own children; 0 is none."""
    most = 300 * MIB
    (line, *_) = await told(make_children, desk, TELL, memory_mb=300)
    assert line.endswith(f" {most} {most}")
    grandchild = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {TELL!r}], check=True)"
    (line, *_) = await told(make_children, desk, grandchild, memory_mb=300)
    assert line.endswith(f" {most} {most}")
    (line, *_) = await told(make_children, desk, TELL, memory_mb=0)
    assert line.endswith("{} {}".format(*psutil.Process().rlimit(psutil.RLIMIT_DATA)))


async def test_killed_before_the_daemon(make_children: MakeChildren, desk: TestDesk, badness: int) -> None:
    """Where memory runs out, the kernel takes a child first."""
    (_, line) = await told(make_children, desk, TELL)
    assert int(line) == min(1000, badness + OOM_SCORE)


async def test_too_much_memory(make_children: MakeChildren, desk: TestDesk) -> None:
    """A child that takes more than its limit ends with an error that names the limit and the setting."""
    with pytest.raises(ChildFailed, match=r"than the 100 MiB of children\.memory_mb") as caught:
        await make_children(memory_mb=100).run(python(f"bytearray({200 * MIB})"), desk)
    assert "MemoryError" in caught.value.hint
    assert not caught.value.retryable


async def test_too_much_memory_for_ffmpeg(make_children: MakeChildren, desk: TestDesk) -> None:
    """FFmpeg, too, is told from one that failed for another reason."""
    picture = ("-f", "lavfi", "-i", "color=size=4096x4096:rate=30", "-frames:v", "30")
    argv = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *picture, "-c:v", "libx264", "-f", "null", os.devnull)
    with pytest.raises(ChildFailed, match="ffmpeg needed more memory than the 256 MiB"):
        await make_children(memory_mb=256).run(Command("ffmpeg", argv), desk)
