"""Accounts at the terminal: links for people the ledger knows, secrets in no option."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from api.identity.accounts import Accounts
from cli.exits import Exit
from cli.main import app
from cli.settings import settings
from cli.wiring import installation, opened_accounts
from tests.cli.program.test_checkpoint_command import Program

OPENED = "--committee 厂党委 --registrar REG --operator OPS"


@pytest.fixture
def data(tmp_path: Path, program: Program) -> Path:
    return opened(tmp_path / "house", program)


def opened(data: Path, program: Program, *more: str) -> Path:
    code, _, complained = program("--data", data, *more, "open-ledger", *OPENED.split(), "--as", "OPS")
    assert code == Exit.OK, complained
    return data


@contextmanager
def accounts_in(data: Path) -> Iterator[Accounts]:
    with installation(settings(data, None, "en")) as installed, opened_accounts(installed) as accounts:
        yield accounts


def token_in(link: str) -> str:
    return link.strip().partition("#")[2]


def test_an_invitation_is_one_link_on_standard_output(data: Path, program: Program) -> None:
    code, link, _ = program("--data", data, "accounts", "invite", "REG", "--url", "https://stars.example/")
    assert (code, link.startswith("https://stars.example/sign-in/link#")) == (Exit.OK, True)
    with accounts_in(data) as accounts:
        usable = accounts.links.usable(token_in(link))
    assert usable is not None
    assert usable.person == "REG"


def test_nobody_is_invited_whom_the_ledger_does_not_know(data: Path, program: Program) -> None:
    code, said, _ = program("--data", data, "accounts", "invite", "nobody")
    assert (code, said) == (Exit.NOT_FOUND, "")


def test_a_list_tells_who_has_an_account_and_no_secret(data: Path, program: Program) -> None:
    program("--data", data, "accounts", "invite", "REG")
    code, said, _ = program("--data", data, "accounts", "list", "--json")
    told = {"person": "REG", "password": False, "authenticator": False, "disabled": False}
    assert (code, json.loads(said)) == (Exit.OK, [told])


def test_a_reset_forgets_everything_that_opened_the_account(data: Path, program: Program) -> None:
    program("--data", data, "accounts", "invite", "REG")
    with accounts_in(data) as accounts:
        account = accounts.people.made_for(accounts.people.all()[0].person).account
        accounts.people.set_password(account, accounts.passwords.hashed("eleven bright lanterns"))
        token = accounts.sessions.begin(account, "password")
    code, link, _ = program("--data", data, "accounts", "reset", "REG")
    with accounts_in(data) as accounts:
        (one,) = accounts.people.all()
        assert (code, one.password, accounts.sessions.of(token)) == (Exit.OK, None, None)
        assert accounts.links.usable(token_in(link)) is not None


def test_a_closed_account_is_opened_by_no_link_until_it_is_open_again(data: Path, program: Program) -> None:
    _, link, _ = program("--data", data, "accounts", "invite", "REG")
    seen = []
    for word in ("disable", "enable"):
        assert program("--data", data, "accounts", word, "REG")[0] == Exit.OK
        with accounts_in(data) as accounts:
            seen.append(accounts.links.usable(token_in(link)) is not None)
    assert seen == [False, True]


@pytest.mark.parametrize("word", ["reset", "disable", "enable"])
def test_who_has_no_account_is_not_found(data: Path, program: Program, word: str) -> None:
    assert program("--data", data, "accounts", word, "REG")[0] == Exit.NOT_FOUND


def test_links_for_everybody_are_for_demonstrations_alone(data: Path, tmp_path: Path, program: Program) -> None:
    assert program("--data", data, "accounts", "demo-links")[:2] == (Exit.NOT_PERMITTED, "")
    words = f"open-ledger {OPENED} --simulated-clock --as OPS".split()
    play = tmp_path / "play"
    assert program("--data", play, "--clock", "2025-01-05T09:00:00+08:00", *words)[0] == Exit.OK
    code, said, _ = program("--data", play, "accounts", "demo-links", "--json")
    assert (code, [each["person"] for each in json.loads(said)]) == (Exit.OK, ["OPS", "REG"])


def test_no_secret_is_an_option_or_an_argument() -> None:
    group = typer.main.get_command(app).commands["accounts"]  # type: ignore[attr-defined]
    known = {"person", "url", "revoke", "as_json"}
    assert {option.name for each in group.commands.values() for option in each.params} == known


def test_the_key_of_the_accounts_lies_beside_the_database_and_is_its_owners_alone(data: Path, program: Program) -> None:
    program("--data", data, "accounts", "invite", "REG")
    key = data / "accounts.key"
    assert (len(key.read_bytes()), key.stat().st_mode & 0o077) == (32, 0)


def test_accounts_of_another_version_are_refused(data: Path, program: Program) -> None:
    program("--data", data, "accounts", "invite", "REG")
    with accounts_in(data) as accounts, accounts.shelf.changing() as connection:
        connection.exec_driver_sql("UPDATE version SET version = 99")
    code, _, complained = program("--data", data, "--lang", "en", "accounts", "list")
    assert (code, "99" in complained) == (Exit.REFUSED, True)


def test_a_damaged_key_is_refused(data: Path, program: Program) -> None:
    (data / "accounts.key").write_bytes(b"short")
    assert program("--data", data, "accounts", "invite", "REG")[0] == Exit.REFUSED


def test_a_slip_is_printed_once_and_known_again(data: Path, program: Program) -> None:
    code, said, _ = program("--data", data, "accounts", "slip", "REG")
    with accounts_in(data) as accounts:
        assert (code, accounts.slips.person_of(*said.split())) == (Exit.OK, "REG")


def test_keys_are_listed_without_their_secret_and_revoked(data: Path, program: Program) -> None:
    program("--data", data, "accounts", "invite", "REG")
    with accounts_in(data) as accounts:
        account = accounts.people.all()[0].account
        key, written = accounts.keys.make(account, "import", frozenset({"read"}), timedelta(days=9))
    _, said, _ = program("--data", data, "accounts", "keys", "REG", "--json")
    assert (json.loads(said)[0]["key"], written.rpartition("_")[2] in said) == (key, False)
    assert program("--data", data, "accounts", "keys", "REG", "--revoke")[0] == Exit.OK
    with accounts_in(data) as accounts:
        assert accounts.keys.of(written) is None
