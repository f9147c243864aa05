"""One's own account over HTTP: sessions, password, authenticator."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from starlette.status import HTTP_204_NO_CONTENT

from api.doors import NotSteppedUp, Owner
from api.identity.accounts import Accounts
from api.identity.answers import Code, NewPassword, SessionShown
from api.identity.attempts import SIGN_IN
from api.identity.codes import Enrolment
from api.identity.identified import Identified
from api.identity.passwords import require_good
from api.principal import Principal
from domain.decision import NotFound, NotPermitted, Refused
from domain.text import Text


class EnrolmentShown(BaseModel):
    """What goes into the authenticator; it is shown this once."""

    secret: str
    address: str = Field(description="otpauth:// address, as a QR code carries it")


class ConfirmCode(BaseModel):
    """The first code of the authenticator."""

    code: Code


class RecoveryCodes(BaseModel):
    """Codes for the day on which the authenticator is lost; they are shown this once, and each works once."""

    recovery_codes: list[str]


def add_own_account(router: APIRouter, accounts: Accounts, identified: Identified) -> None:
    """Add the routes of one's own account."""

    @router.get("/sessions")
    def sessions(owner: Owner) -> list[SessionShown]:
        """List your sessions, the newest first."""
        return [SessionShown.of(session, owner) for session in accounts.sessions.listed(owner.account)]

    @router.delete("/sessions/{session}", status_code=HTTP_204_NO_CONTENT)
    def end_session(session: str, owner: Owner) -> None:
        """End one of your sessions, at once."""
        if accounts.sessions.end(owner.account, session) == 0:
            raise NotFound("unknown-session", _NO_SUCH_SESSION)

    @router.delete("/sessions", status_code=HTTP_204_NO_CONTENT)
    def end_all_sessions(owner: Owner, answer: Response) -> None:
        """End all your sessions, this one too."""
        accounts.sessions.end(owner.account)
        identified.cookies.drop(answer)

    @router.put("/password", status_code=HTTP_204_NO_CONTENT)
    def change_password(asked: NewPassword, owner: Owner) -> None:
        """Set your password; all your other sessions end."""
        set_password(accounts, owner, asked.new.get_secret_value(), asked.old.get_secret_value())

    @router.post("/authenticator")
    def begin_enrolment(owner: Owner) -> EnrolmentShown:
        """Begin to enrol an authenticator; one that is enrolled already stays until the new one is confirmed."""
        begun = begin(accounts, owner)
        return EnrolmentShown(secret=begun.secret, address=begun.address)

    @router.post("/authenticator/confirm")
    def confirm_enrolment(asked: ConfirmCode, owner: Owner) -> RecoveryCodes:
        """Show that the authenticator works: its codes are asked for from now on, and all your other sessions end."""
        return RecoveryCodes(recovery_codes=list(confirm(accounts, owner, asked.code.get_secret_value())))


def set_password(accounts: Accounts, owner: Principal, new: str, old: str) -> None:
    """Set somebody's password and end his other sessions; raises `Refused` for a bad one, or without the old one."""
    require_good(new, owner.person)
    _require_old(accounts, owner, old)
    accounts.people.set_password(owner.account, accounts.passwords.hashed(new))
    accounts.sessions.end(owner.account, but=owner.session)


def begin(accounts: Accounts, owner: Principal) -> Enrolment:
    """Return what goes into somebody's authenticator; raises `NotSteppedUp` where there is one to be replaced."""
    account = accounts.people.of(owner.person)
    if account is not None and account.has_code and not owner.stepped_up:
        raise NotSteppedUp("step-up-needed", _PROVE_FIRST)
    return accounts.codes.begin(owner.account, owner.person)


def confirm(accounts: Accounts, owner: Principal, code: str) -> tuple[str, ...]:
    """Return somebody's recovery codes once his authenticator has shown that it works; his other sessions end."""
    drawn = accounts.codes.confirm(owner.account, code)
    if drawn is None:
        raise Refused("wrong-code", _WRONG_CODE)
    accounts.sessions.end(owner.account, but=owner.session)
    return drawn


def _require_old(accounts: Accounts, owner: Principal, old: str) -> None:
    """Raise `NotPermitted` unless the old password is shown, where there is one, or a fresh proof or link is."""
    account = accounts.people.of(owner.person)
    kept = None if account is None else account.password
    if kept is None or owner.stepped_up:
        return
    accounts.limits.count(SIGN_IN, accounts.counted(owner.person))
    if not accounts.passwords.fits(old, kept):
        raise NotPermitted("wrong-proof", _WRONG_OLD)


_NO_SUCH_SESSION = Text("没有这个登录会话；它可能已经结束。", "There is no such session; it may have ended already.")
_PROVE_FIRST = Text(
    "更换验证器前须再次验证身份。", "Prove once more that it is you before you change the authenticator."
)
_WRONG_CODE = Text(
    "动态码不符；请核对手机时间，换用最新的动态码。",
    "The code does not fit; check the time on your phone and use the newest code.",
)
_WRONG_OLD = Text("原密码不符；请核对后重试。", "The old password does not fit; check it and try again.")
