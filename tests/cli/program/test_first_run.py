"""The first run: one link on the console and no default password; nothing listens outside without TLS."""

from pathlib import Path

import pytest

from cli.exits import Exit, Stop
from cli.first_run import Binding, announce_first_run
from cli.settings import settings
from tests.cli.program.test_accounts_command import OPENED, accounts_in, opened, token_in
from tests.cli.program.test_checkpoint_command import Program

HERE = "http://127.0.0.1:8000"
PASSWORD = "eleven bright lanterns"  # noqa: S105 - of nobody


@pytest.fixture
def data(tmp_path: Path, program: Program) -> Path:
    return opened(tmp_path / "house", program)


def printed(data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the console shows where a server is started."""
    announce_first_run(settings(data, None, "en"), HERE)
    return capsys.readouterr().out


def test_the_first_run_prints_one_link_for_the_operator(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = printed(data, capsys)
    assert (link.startswith(f"{HERE}/sign-in/link#"), link.count("\n")) == (True, 1)
    with accounts_in(data) as accounts:
        usable = accounts.links.usable(token_in(link))
        assert usable is not None
        assert usable.person == "OPS"


def test_a_link_of_an_earlier_start_is_void(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = [printed(data, capsys) for _ in range(2)]
    with accounts_in(data) as accounts:
        assert [accounts.links.usable(token_in(link)) is not None for link in links] == [False, True]


def test_nothing_is_printed_once_somebody_can_sign_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(data, capsys)
    with accounts_in(data) as accounts:
        (operator,) = accounts.people.all()
        accounts.people.set_password(operator.account, accounts.passwords.hashed(PASSWORD))
    assert printed(data, capsys) == ""


def test_no_account_has_a_password_before_its_owner_sets_one(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(data, capsys)
    with accounts_in(data) as accounts:
        assert [one.password for one in accounts.people.all()] == [None]


def test_a_demonstration_needs_no_link(tmp_path: Path, program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    clock = ("--clock", "2025-01-05T09:00:00+08:00")
    words = ["open-ledger", *OPENED.split(), "--simulated-clock", "--as", "OPS"]
    assert program("--data", tmp_path / "play", *clock, *words)[0] == Exit.OK
    assert printed(tmp_path / "play", capsys) == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_this_machine_alone_needs_no_tls(host: str) -> None:
    binding = Binding(host, 8000).required("en")
    assert (binding.secure, binding.options()) == (False, {"host": host, "port": 8000})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "stars.example"])  # noqa: S104 - refused
def test_elsewhere_nothing_listens_without_tls(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stop) as stopped:
        Binding(host, 8000).required("en")
    assert stopped.value.code == Exit.USAGE
    assert "--behind-proxy" in capsys.readouterr().err


def test_the_terminal_refuses_it_with_the_reason(data: Path, program: Program) -> None:
    code, _, complained = program("--data", data, "--lang", "en", "serve", "--host", "0.0.0.0")  # noqa: S104
    assert (code, "in plain" in complained) == (Exit.USAGE, True)


def test_with_tls_or_behind_a_proxy_it_listens_anywhere_and_cookies_are_this_hosts_alone(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path in (certificate, key):
        path.write_text("")
    bindings = (Binding("192.168.1.20", 443, certificate, key), Binding("192.168.1.20", 80, behind_proxy=True))
    assert [binding.required("en").secure for binding in bindings] == [True, True]
    assert bindings[0].options()["ssl_certfile"] == str(certificate)
    assert bindings[0].url == "https://192.168.1.20:443"


def test_half_of_the_tls_files_is_refused_and_one_that_is_not_there(tmp_path: Path) -> None:
    certificate = tmp_path / "cert.pem"
    certificate.write_text("")
    for key, code in ((None, Exit.USAGE), (tmp_path / "none.pem", Exit.NOT_FOUND)):
        with pytest.raises(Stop) as stopped:
            Binding("127.0.0.1", 8000, certificate, key).required("en")
        assert stopped.value.code == code
