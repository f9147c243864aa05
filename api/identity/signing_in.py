"""Signing in: with a password and a one-time code, or with a one-time link.

Whoever is refused hears the same words, whether there is such an account or not, and waits as long for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.doors import NotSignedIn
from api.identity.accounts import Accounts
from api.identity.attempts import SIGN_IN, SLIP, TooMany
from api.identity.people import Account
from api.identity.sessions import Session
from api.principal import Means, Principal
from domain.decision import NotPermitted
from domain.roles import TWO_PROOFS
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Entered:
    """Who has signed in, with the token that his browser keeps; it is seen this once."""

    session: Session
    token: str

    def __repr__(self) -> str:
        """Show whose it is, not the token."""
        return f"Entered({self.session.session!r})"


def with_password(accounts: Accounts, person: str, password: str, code: str, device: str) -> Entered:
    """Return the session of somebody who knows the password, and the code where there is one; raises `NotSignedIn`."""
    counted = accounts.counted(person)
    with _noted(accounts, "password", person):
        accounts.limits.count(SIGN_IN, counted)
        account = accounts.people.of(person)
        kept = None if account is None or account.disabled else account.password
        if not accounts.passwords.fits(password, kept) or account is None or not _shows_code(accounts, account, code):
            raise NotSignedIn("wrong-credentials", _WRONG)
    accounts.limits.forgive(SIGN_IN, counted)
    return entered_by(accounts, accounts.sessions.begin(account.account, "password", device))


def with_slip(accounts: Accounts, code: str, pin: str, device: str) -> Entered:
    """Return the session of somebody who brings a printed slip; raises `NotSignedIn`, also for who must show a code."""
    counted = accounts.slips.mark(code).hex()
    with _noted(accounts, "slip"):
        accounts.limits.count(SLIP, counted)
        person = accounts.slips.person_of(code, pin)
        account = None if person is None else accounts.people.of(person)
        if account is None or account.has_code or accounts.offices.held_today(account.person, TWO_PROOFS):
            raise NotSignedIn("slip-not-valid", _NO_SUCH_SLIP)
    accounts.limits.forgive(SLIP, counted)
    return entered_by(accounts, accounts.sessions.begin(account.account, "slip", device))


def with_link(accounts: Accounts, token: str, code: str, device: str) -> Entered:
    """Return the session of somebody who brings a link that can be used, which it now cannot; raises `NotSignedIn`."""
    link = accounts.links.usable(token)
    with _noted(accounts, "link", "" if link is None else link.person):
        account = None if link is None else accounts.people.of(link.person)
        if account is None or not _shows_code(accounts, account, code) or not accounts.links.use(token):
            raise NotSignedIn("link-not-valid", _NO_SUCH_LINK)
    return entered_by(accounts, accounts.sessions.begin(account.account, "link", device))


def step_up(accounts: Accounts, owner: Principal, password: str, code: str) -> Entered:
    """Return the session under another token, stepped up for five minutes; raises `NotPermitted` for a wrong proof."""
    account = accounts.people.of(owner.person)
    counted = accounts.counted(owner.person)
    accounts.limits.count(SIGN_IN, counted)
    if account is None or not _proves(accounts, owner, account, password, code):
        raise NotPermitted("wrong-proof", _WRONG_PROOF)
    accounts.limits.forgive(SIGN_IN, counted)
    return entered_by(accounts, accounts.sessions.renew(owner.session or "", stepped_up=True))


@contextmanager
def _noted(accounts: Accounts, means: Means, person: str = "") -> Iterator[None]:
    """Keep in the access journal that somebody was not let in: whose account, never what was typed."""
    try:
        yield
    except (NotSignedIn, TooMany) as refused:
        account = accounts.people.of(person)
        accounts.journal.note(refused.code, means, None if account is None else account.person, "sign-in")
        raise


def _proves(accounts: Accounts, owner: Principal, account: Account, password: str, code: str) -> bool:
    if owner.means == "demo":
        return True  # nothing in a demonstration is anybody's
    if code and account.has_code:
        return accounts.codes.use(account.account, code)
    return accounts.passwords.fits(password, account.password)


def _shows_code(accounts: Accounts, account: Account, code: str) -> bool:
    return not account.has_code or accounts.codes.use(account.account, code)


def entered_by(accounts: Accounts, token: str) -> Entered:
    """Return a session that has just begun, with its token."""
    session = accounts.sessions.of(token)
    if session is None:
        raise NotSignedIn("wrong-credentials", _WRONG)  # closed at this very moment
    return Entered(session, token)


_WRONG = Text(
    "编号、密码或动态码不符；请核对后重试，或向管理员索取一次性链接。",
    "Person, password or code do not fit; check them, or ask the registrar for a one-time link.",
)
_NO_SUCH_LINK = Text(
    "链接已使用、已过期，或动态码不符；请向管理员索取新链接。",
    "This link has been used, has expired, or the code does not fit; ask the registrar for another.",
)
_NO_SUCH_SLIP = Text(
    "纸条编号或 PIN 不符，或纸条已失效；请核对，或索取新纸条。",
    "Code or PIN do not fit, or the slip is worth nothing any more; check them, or ask for another slip.",
)
_WRONG_PROOF = Text("密码或动态码不符；请核对后重试。", "Password or code do not fit; check them and try again.")
