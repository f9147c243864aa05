"""`starledger accounts`: who may sign in. One-time links go to standard output, once; no secret is ever an option."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.exits import Exit, refuse, stop
from cli.options import JSON, settings_of
from cli.printing import print_json, print_table
from cli.wiring import Installation, installation, opened_accounts
from domain.appointments import Offices
from domain.decision import Refused
from domain.ids import PersonId
from domain.organisation import Organisation
from domain.text import Text

if TYPE_CHECKING:
    from api.identity.accounts import Accounts
    from api.identity.people import Account

PANEL: Final = "accounts"
CONSOLE: Final = "console"
"""Who issued a link that was asked for at the terminal."""
PERSON = Annotated[str, typer.Argument(metavar="PERSON", help="the person's id")]
REVOKE = Annotated[bool, typer.Option("--revoke", help="revoke them all")]
URL = Annotated[str, typer.Option("--url", help="under what address people reach this installation")]
HERE: Final = "http://127.0.0.1:8000"


def add_accounts(app: typer.Typer) -> None:
    """Add the group of sub-commands."""
    group = typer.Typer(help="Who may sign in: links for them, accounts closed and opened.", no_args_is_help=True)
    named: tuple[tuple[str, Callable[..., None]], ...] = (
        ("list", listed),
        ("invite", invite),
        ("reset", reset),
        ("disable", disable),
        ("enable", enable),
        ("slip", slip),
        ("keys", keys),
        ("demo-links", demo_links),
    )
    for name, run in named:
        group.command(name)(run)
    app.add_typer(group, name=PANEL, rich_help_panel="serving")


def listed(ctx: typer.Context, *, as_json: JSON = False) -> None:
    """List the accounts: whose, whether there is a password and an authenticator, whether it is closed."""
    with _accounts(ctx) as (_installed, accounts):
        rows = [(one.person, one.password is not None, one.has_code, one.disabled) for one in accounts.people.all()]
    if as_json:
        names = ("person", "password", "authenticator", "disabled")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    heads = "人员/person · 密码/password · 验证器/authenticator · 停用/closed"
    shown = [(person, *("✓" if yes else "-" for yes in told)) for person, *told in rows]
    print_table(heads, shown, settings_of(ctx).language)


def invite(ctx: typer.Context, person: PERSON, url: URL = HERE) -> None:
    """Print a one-time link (72 hours) by which a person signs in and sets a password."""
    with _accounts(ctx) as (installed, accounts):
        _require_known(installed, person, ctx)
        account = accounts.people.made_for(PersonId(person))
        _print_link(accounts.links.issue(account.account, "invitation", CONSOLE), url)


def slip(ctx: typer.Context, person: PERSON) -> None:
    """Print a slip's code and PIN (30 days): its owner reads and reports with it. An earlier slip is void."""
    with _accounts(ctx) as (installed, accounts):
        _require_known(installed, person, ctx)
        account = accounts.people.made_for(PersonId(person))
        issued = accounts.slips.issue(account.account, CONSOLE)
        sys.stdout.write(f"{issued.code} {issued.pin}\n")


def keys(ctx: typer.Context, person: PERSON, *, revoke: REVOKE = False, as_json: JSON = False) -> None:
    """List a person's API keys without their secrets, or revoke them all."""
    with _accounts(ctx) as (_installed, accounts):
        account = _existing(accounts, person, ctx)
        if revoke:
            accounts.keys.revoke(account.account)
        found = accounts.keys.listed(account.account)
    rows = [(each.key, each.label, ",".join(sorted(each.reach)), str(each.expires_at.date())) for each in found]
    if as_json:
        print_json([dict(zip(("key", "label", "reach", "expires_on"), row, strict=True)) for row in rows])
        return
    print_table("密钥/key · 用途/label · 权限/reach · 有效至/expires on", rows, settings_of(ctx).language)


def reset(ctx: typer.Context, person: PERSON, url: URL = HERE) -> None:
    """Let an account forget password, authenticator, keys and sessions; print a one-time link (2 hours)."""
    with _accounts(ctx) as (_installed, accounts):
        account = _existing(accounts, person, ctx)
        accounts.forget_secrets(account.account)
        _print_link(accounts.links.issue(account.account, "reset", CONSOLE), url)


def disable(ctx: typer.Context, person: PERSON) -> None:
    """Close an account: its sessions and keys end at once. What its owner recorded stays."""
    with _accounts(ctx) as (_installed, accounts):
        account = _existing(accounts, person, ctx)
        accounts.people.set_disabled(account.account, disabled=True)
        accounts.sessions.end(account.account)


def enable(ctx: typer.Context, person: PERSON) -> None:
    """Open an account again that was closed."""
    with _accounts(ctx) as (_installed, accounts):
        accounts.people.set_disabled(_existing(accounts, person, ctx).account, disabled=False)


def demo_links(ctx: typer.Context, url: URL = HERE, *, as_json: JSON = False) -> None:
    """Print a one-time link for everybody in a demonstration; refused on a real ledger."""
    with _accounts(ctx) as (installed, accounts):
        if not installed.ledger.clock.simulated:
            stop(Exit.NOT_PERMITTED, _NOT_A_DEMO, settings_of(ctx).language)
        links = []
        for person in sorted(_known(installed)):
            account = accounts.people.made_for(person)
            links.append((person, link_at(url, accounts.links.issue(account.account, "demo", CONSOLE))))
    if as_json:
        print_json([{"person": person, "link": link} for person, link in links])
        return
    print_table("人员/person · 一次性链接/one-time link", links, settings_of(ctx).language)


def link_at(url: str, token: str) -> str:
    """Return the address of a one-time link; what follows `#` is sent to no server and stands in no log."""
    return f"{url.rstrip('/')}/sign-in/link#{token}"


def _print_link(token: str, url: str) -> None:
    sys.stdout.write(link_at(url, token) + "\n")


@contextmanager
def _accounts(ctx: typer.Context) -> Iterator[tuple[Installation, "Accounts"]]:
    settings = settings_of(ctx)
    with installation(settings) as installed:
        try:
            with opened_accounts(installed) as accounts:
                yield installed, accounts
        except Refused as refused:
            refuse(refused, settings.language, as_json=False)


def _known(installed: Installation) -> set[PersonId]:
    """Return everybody whom the ledger knows: registered, or in an office."""
    organisation, offices = installed.ledger.fold(Organisation), installed.ledger.fold(Offices)
    people = organisation.people if isinstance(organisation, Organisation) else set()
    terms = offices.terms if isinstance(offices, Offices) else []
    return people | {term.person for term in terms}


def _require_known(installed: Installation, person: str, ctx: typer.Context) -> None:
    if person not in _known(installed):
        stop(Exit.NOT_FOUND, _unknown(person), settings_of(ctx).language)


def _existing(accounts: "Accounts", person: str, ctx: typer.Context) -> "Account":
    account = accounts.people.of(person)
    if account is None:
        stop(Exit.NOT_FOUND, _no_account(person), settings_of(ctx).language)
    return account


_NOT_A_DEMO = Text(
    "这不是演示账；请用 accounts invite 逐人邀请。",
    "This is no demonstration; invite people one by one with accounts invite.",
)


def _unknown(person: str) -> Text:
    return Text(
        f"账本中没有人员 {person}；请先登记，或核对编号。",
        f"The ledger knows no person {person}; register them first, or check the id.",
    )


def _no_account(person: str) -> Text:
    return Text(
        f"{person} 没有账户；请先用 accounts invite 邀请。",
        f"{person} has no account; invite them first with accounts invite.",
    )
