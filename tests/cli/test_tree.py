from shortsd.cli.table import Paper
from shortsd.cli.tree import lines
from shortsd.wire.figures import JobProcesses, ProcessTree, ProcessView, StageProcesses


def process(pid: int, name: str, quiet_s: float | None = 0.4, *children: ProcessView) -> ProcessView:
    return ProcessView(
        pid=pid,
        name=name,
        age_s=75,
        cpu_percent=99.6,
        memory_bytes=62_000_000,
        quiet_s=quiet_s,
        children=list(children),
    )


def test_a_tree() -> None:
    """Processes hang on their stage, stages on their job, what a process started on it; numbers stand at the right."""
    ffmpeg = process(4721, "ffmpeg", 3.2, process(4722, "sh", None))
    stage = StageProcesses(stage="render", message="412 of 900 frames", processes=[process(4720, "frames"), ffmpeg])
    jobs = [
        JobProcesses(job=7, title="The last train", percent=41.6, stages=[stage]),
        JobProcesses(
            job=8, title="鬼 \x9b", percent=0, stages=[StageProcesses(stage="voice", message="", processes=[])]
        ),
    ]
    tree = ProcessTree(daemon=process(999, "shortsd", None), jobs=jobs, others=[process(4800, "doctor")])
    assert list(lines(tree, Paper())) == [
        "PROCESS           PID    AGE    CPU   MEMORY  LAST PROGRESS",
        "shortsd           999  1 min  100 %  62.0 MB",
        "├─ job 7                                      42 %  The last train",
        "│  └─ render                                  412 of 900 frames",
        "│     ├─ frames  4720  1 min  100 %  62.0 MB  0 s ago",
        "│     └─ ffmpeg  4721  1 min  100 %  62.0 MB  3 s ago",
        "│        └─ sh   4722  1 min  100 %  62.0 MB",
        "├─ job 8                                      0 %  鬼 \\x9b",
        "│  └─ voice",
        "└─ doctor        4800  1 min  100 %  62.0 MB  0 s ago",
    ]


def test_a_narrow_terminal() -> None:
    """What does not fit is cut from the last column."""
    tree = ProcessTree(
        daemon=process(999, "shortsd", None),
        jobs=[JobProcesses(job=7, title="The last train", percent=41, stages=[])],
        others=[],
    )
    assert list(lines(tree, Paper(columns=50)))[2] == "└─ job 7                              41 %  The l…"
