import pytest
from cli.running import Ctl
from client.standin import StandIn, a_job

from shortsd.domain.errors import ERRORS, Code
from shortsd.wire.errors import TABLE


@pytest.mark.parametrize("code", Code)
def test_exit_codes(daemon: StandIn, ctl: Ctl, code: Code) -> None:
    """Each error of the daemon is told in one style and ends with its exit code."""
    daemon.refuse["/v1/jobs"] = ERRORS[code]("It is so.", "Do this.\nAnd that.")
    ran = ctl("ls")
    assert (ran.code, ran.out) == (TABLE[code].exit, "")
    assert ran.err == "shortsctl: It is so.\n  Do this.\n  And that.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mkae"], '"mkae" is no command.\n  Did you mean `shortsctl make`?'),
        (["ls", "--state", "asleep"], "invalid choice: 'asleep'"),
        (["ls", "--limit", "many"], "invalid int value: 'many'"),
        (["ls", "--lim", "3"], "unrecognized arguments"),
        (["show"], "the following arguments are required: ID"),
        (["show", "seven"], "'seven' names no job.\n  Name jobs as in `4 7-9 b3`"),
        (["show", "9-7"], "'9-7' names no job"),
        (["retry", "4", "--from"], "expected one argument"),
        (["logs", "4", "-n", "-1"], "negative"),
        (["--jsn"], "unrecognized arguments: --jsn"),
        (["logs", "4", "5", "-f"], "Only one job's log"),
    ],
)
def test_bad_usage(daemon: StandIn, ctl: Ctl, words: list[str], said: str) -> None:
    """Bad usage is told as every other error is, with the exit code 2, and nothing is asked of the daemon."""
    ran = ctl(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("shortsctl: ")
    assert said in ran.err
    assert daemon.asked == []


@pytest.mark.parametrize("words", [["ls"], ["show", "7"], ["stop", "7-9"], ["attach", "7"], ["shutdown"], ["clean"]])
def test_no_daemon(ctl: Ctl, words: list[str]) -> None:
    """Without a daemon, only make starts one; the others say how and end with 3."""
    ran = ctl(*words)
    assert (ran.code, ran.out) == (3, "")
    assert "`shortsctl make` starts one" in ran.err


def test_socket_path_too_long(ctl: Ctl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that the kernel cannot bind is told by its length."""
    monkeypatch.setenv("SHORTSD_SOCKET", "/" + "x" * 200)
    ran = ctl("ls")
    assert ran.code == 2
    assert "has 201 bytes" in ran.err


def test_message_from_a_story(daemon: StandIn, ctl: Ctl) -> None:
    """What an error quotes cannot move the cursor."""
    daemon.jobs[7] = a_job()
    daemon.refuse["/v1/jobs/7"] = ERRORS[Code.BAD_INPUT]("No voice \x1b[2J\u202e.")
    assert r"No voice \x1b[2J\u202e." in ctl("show", "7").err


@pytest.mark.parametrize("verb", ["", "make", "ls", "show", "logs", "attach", "stop", "retry", "clean", "doctor"])
def test_help(ctl: Ctl, verb: str) -> None:
    """Every command explains itself, with examples that begin with its name."""
    with pytest.raises(SystemExit) as ended:
        ctl(*filter(None, [verb]), "--help")
    assert ended.value.code == 0


def test_examples(capsys: pytest.CaptureFixture[str], ctl: Ctl) -> None:
    """A command's help ends with examples."""
    with pytest.raises(SystemExit):
        ctl("stop", "--help")
    assert "examples:\n  shortsctl stop 7\n" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion(ctl: Ctl, shell: str) -> None:
    """Each shell gets a script that knows the verbs and their options."""
    script = ctl("completion", shell).out
    assert "shutdown" in script
    assert "allow-long" in script
