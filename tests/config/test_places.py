from pathlib import Path

import platformdirs
import pytest

from shortsd.config.places import NAME, Places, socket_to_ask
from shortsd.domain.errors import BadInput

STATE = platformdirs.user_state_path(NAME)
"""Where this machine's platform keeps state."""


def test_a_home_holds_everything(tmp_path: Path) -> None:
    """Under SHORTSD_HOME lie configuration, state, cache, output and socket; nothing lies elsewhere."""
    places = Places.find({"SHORTSD_HOME": str(tmp_path)})
    assert places == Places(
        config_file=tmp_path / "config.toml",
        state=tmp_path / "state",
        cache=tmp_path / "state" / "cache",
        output=tmp_path / "output",
        socket=tmp_path / "run" / "shortsd.sock",
    )


def test_state_holds_what_the_daemon_keeps(tmp_path: Path) -> None:
    """Database, logs, workspaces and lock lie in the state folder."""
    places = Places.find({"SHORTSD_HOME": str(tmp_path)})
    state = tmp_path / "state"
    assert (places.database, places.logs, places.work) == (state / "jobs.db", state / "logs", state / "work")
    assert (places.lock, places.daemon_log) == (state / "shortsd.lock", state / "logs" / "shortsd.log")


def test_the_inbox_lies_beside_the_finished_shorts(tmp_path: Path) -> None:
    """Not among them, where it would count as one and be cleaned up; under a name that says whose it is."""
    assert Places.find({"SHORTSD_HOME": str(tmp_path)}).inbox == tmp_path / "inbox"
    assert Places.find({"STATE_DIRECTORY": "/var/lib/shorts"}).inbox == Path("/var/lib/shorts/inbox")
    assert Places.find({}).inbox == platformdirs.user_videos_path() / f"{NAME}-inbox"


def test_finding_places_makes_none(tmp_path: Path) -> None:
    """To look is not to touch: a client may ask where things are on a machine without any."""
    Places.find({"SHORTSD_HOME": str(tmp_path / "home")})
    assert list(tmp_path.iterdir()) == []


def test_a_home_may_be_named_from_where_one_stands() -> None:
    """A relative SHORTSD_HOME counts from the working folder."""
    assert Places.find({"SHORTSD_HOME": "trial"}).state == Path.cwd() / "trial" / "state"


def test_a_home_may_be_named_from_the_users() -> None:
    """A tilde that no shell replaced, as in a unit file, is the user's home."""
    assert Places.find({"SHORTSD_HOME": "~/trial"}).state == Path.home() / "trial" / "state"


@pytest.mark.parametrize("others", [{}, {"SHORTSD_HOME": "/srv/home"}, {"RUNTIME_DIRECTORY": "/run/shorts"}])
def test_the_socket_may_be_named_by_itself(others: dict[str, str]) -> None:
    """SHORTSD_SOCKET names the socket whatever else is set, and moves nothing else."""
    named = Places.find({**others, "SHORTSD_SOCKET": "/run/a.sock"})
    without = Places.find(others)
    assert named.socket == Path("/run/a.sock")
    assert (named.config_file, named.state, named.cache, named.output) == (
        without.config_file,
        without.state,
        without.cache,
        without.output,
    )


def test_a_socket_may_be_named_from_where_one_stands() -> None:
    """A relative SHORTSD_SOCKET counts from the working folder."""
    assert Places.find({"SHORTSD_SOCKET": "a.sock"}).socket == Path.cwd() / "a.sock"


def test_without_any_word_the_platform_decides() -> None:
    """Configuration and state lie where the platform keeps such things, shorts among the user's videos."""
    places = Places.find({"XDG_RUNTIME_DIR": "/run/user/1"})
    assert places.config_file == platformdirs.user_config_path(NAME) / "config.toml"
    assert (places.state, places.cache) == (STATE, STATE / "cache")
    assert places.output == platformdirs.user_videos_path() / NAME


def test_the_socket_lies_in_the_sessions_folder() -> None:
    """XDG_RUNTIME_DIR is the user's own and gone with the session."""
    assert Places.find({"XDG_RUNTIME_DIR": "/run/user/1"}).socket == Path("/run/user/1/shortsd/shortsd.sock")


@pytest.mark.parametrize("environ", [{}, {"XDG_RUNTIME_DIR": ""}])
def test_without_a_session_the_socket_lies_beside_the_state(environ: dict[str, str]) -> None:
    """In cron or a container there is no session's folder; one under /tmp would be everybody's."""
    assert Places.find(environ).socket == STATE / "run" / "shortsd.sock"


def test_the_folders_of_systemd_win() -> None:
    """A unit's folders for state, cache, configuration and sockets are used; finished shorts lie in the first."""
    places = Places.find(
        {
            "STATE_DIRECTORY": "/var/lib/shorts",
            "CACHE_DIRECTORY": "/var/cache/shorts",
            "RUNTIME_DIRECTORY": "/run/shorts",
            "CONFIGURATION_DIRECTORY": "/etc/shorts",
            "XDG_RUNTIME_DIR": "/run/user/1",
        }
    )
    assert places.config_file == Path("/etc/shorts/config.toml")
    assert places.state == Path("/var/lib/shorts")
    assert places.output == Path("/var/lib/shorts/output")
    assert places.cache == Path("/var/cache/shorts")
    assert places.socket == Path("/run/shorts/shortsd.sock")


def test_of_several_folders_of_systemd_the_first_is_used() -> None:
    """A unit may have several, which systemd joins with colons."""
    assert Places.find({"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"}).state == Path("/var/lib/a")


def test_one_folder_of_systemd_alone_moves_nothing_but_what_lies_in_it() -> None:
    """A unit that has a StateDirectory only keeps cache and socket in it, too."""
    places = Places.find({"STATE_DIRECTORY": "/var/lib/shorts"})
    assert places.cache == Path("/var/lib/shorts/cache")
    assert places.socket == Path("/var/lib/shorts/run/shortsd.sock")


def test_a_home_wins_over_the_folders_of_systemd(tmp_path: Path) -> None:
    """Who names a home means it, in a unit as well."""
    assert Places.find({"SHORTSD_HOME": str(tmp_path), "STATE_DIRECTORY": "/var/lib/shorts"}).state == (
        tmp_path / "state"
    )


@pytest.fixture
def session(tmp_path: Path) -> dict[str, str]:
    """A session without a daemon of the user's own."""
    return {"XDG_RUNTIME_DIR": str(tmp_path)}


def test_without_any_daemon_the_own_one_is_asked(session: dict[str, str], tmp_path: Path) -> None:
    """There it is started if need be."""
    assert socket_to_ask(session, tmp_path / "none") == tmp_path / "shortsd" / "shortsd.sock"


def test_the_systems_daemon_is_asked_where_there_is_no_own(session: dict[str, str], tmp_path: Path) -> None:
    """Who may get at the system's socket, and has none of their own, means that one."""
    system = tmp_path / "system.sock"
    system.touch()
    assert socket_to_ask(session, system) == system


def test_the_own_daemon_comes_before_the_systems(session: dict[str, str], tmp_path: Path) -> None:
    """A socket of one's own is what one's commands speak to."""
    own, system = tmp_path / "shortsd" / "shortsd.sock", tmp_path / "system.sock"
    own.parent.mkdir()
    own.touch()
    system.touch()
    assert socket_to_ask(session, system) == own


@pytest.mark.parametrize("name", ["SHORTSD_HOME", "SHORTSD_SOCKET"])
def test_who_names_a_home_or_a_socket_means_it(session: dict[str, str], tmp_path: Path, name: str) -> None:
    """The system's daemon is no answer to that."""
    system = tmp_path / "system.sock"
    system.touch()
    environ = {**session, name: str(tmp_path / "named")}
    assert socket_to_ask(environ, system) == Places.find(environ).socket


def test_a_path_must_be_text() -> None:
    """A path that is no UTF-8 is refused by its name, with the odd byte shown: nobody could be told of it."""
    with pytest.raises(BadInput, match=r"/somewhere/\\xff/state is no UTF-8"):
        Places.find({"SHORTSD_HOME": "/somewhere/\udcff"})
    with pytest.raises(BadInput, match="no UTF-8"):
        Places.find({"SHORTSD_HOME": "/somewhere", "SHORTSD_SOCKET": "/run/\udcff"})
