"""What is asked and answered about accounts over HTTP. Secrets that come in never show themselves."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.identity.identified import Identified
from api.identity.passwords import LONGEST
from api.identity.sessions import LONGEST_DEVICE, Session
from api.identity.signing_in import Entered
from api.principal import Principal

Person = Annotated[str, Field(max_length=64, description="a person's id", examples=["P09"])]
Device = Annotated[str, Field(max_length=LONGEST_DEVICE, description="what the list of sessions calls this one")]
Code = Annotated[SecretStr, Field(max_length=40, description="of the authenticator, or a recovery code")]
Secret = Annotated[SecretStr, Field(max_length=LONGEST)]
NOTHING: Final = SecretStr("")


class PasswordSignIn(BaseModel):
    """Who signs in, with his password, and the code where he has an authenticator."""

    person: Person
    password: Secret
    code: Code = NOTHING
    device: Device = ""


class LinkSignIn(BaseModel):
    """What a one-time link brings along."""

    token: Secret
    code: Code = NOTHING
    device: Device = ""


class SlipSignIn(BaseModel):
    """What stands on a printed slip."""

    code: Annotated[str, Field(max_length=20, examples=["K7M2P-9QRTW"])]
    pin: Secret
    device: Device = ""


class Proof(BaseModel):
    """A fresh proof that it is he: the code, else the password."""

    password: Secret = NOTHING
    code: Code = NOTHING


class NewPassword(BaseModel):
    """The password to be, and the one there is (none, where a link was the way in and there is none yet)."""

    new: Secret
    old: Secret = NOTHING


class WhoIAm(BaseModel):
    """Who is signed in, how, and how far that reaches."""

    person: str
    means: str = Field(examples=["password"])
    reach: list[str]
    must_enrol: bool = Field(description="an authenticator must be enrolled before anything else")
    stepped_up: bool
    form_token: str = Field(description="what the forms of this session carry")
    small_branch_mode: bool = Field(description="the separation of administrators and second persons does not hold")

    @classmethod
    def of(cls, principal: Principal, *, small_branch_mode: bool) -> "WhoIAm":
        """Return what somebody is told of himself."""
        return cls(
            person=principal.person,
            means=principal.means,
            reach=sorted(principal.reach),
            must_enrol=principal.reach == {"account"},
            stepped_up=principal.stepped_up,
            form_token=principal.form_token,
            small_branch_mode=small_branch_mode,
        )


class SmallBranch(BaseModel):
    """Since when small-branch mode holds: one person may be several administrators, and grants take one."""

    model_config = ConfigDict(from_attributes=True)

    since: datetime
    position: int = Field(description="of the fact that declares it")
    decided_by: str
    reason: str


class SessionShown(BaseModel):
    """One of one's own sessions."""

    session: str
    means: str
    device: str
    made_at: datetime
    seen_at: datetime
    lasts_until: datetime
    this: bool = Field(description="the one that asks")

    @classmethod
    def of(cls, session: Session, principal: Principal) -> "SessionShown":
        """Return a session as its owner sees it."""
        return cls(
            session=session.session,
            means=session.means,
            device=session.device,
            made_at=session.made_at,
            seen_at=session.seen_at,
            lasts_until=session.lasts_until(),
            this=session.session == principal.session,
        )


def let_in(identified: Identified, answer: Response, entered: Entered) -> WhoIAm:
    """Give the browser the session's token, and say who is signed in."""
    identified.cookies.put(answer, entered.token, entered.session)
    return who_is(identified, identified.principal_in(entered.session))


def who_is(identified: Identified, principal: Principal) -> WhoIAm:
    """Return what somebody is told of himself at this moment."""
    return WhoIAm.of(principal, small_branch_mode=identified.accounts.offices.at_present().relaxed)


def no_store(answer: Response) -> None:
    """Keep an answer out of every cache."""
    answer.headers["Cache-Control"] = "no-store"
