"""One's own API keys over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.status import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from api.doors import Owner, OwnerAgain
from api.identity.accounts import Accounts
from api.identity.api_keys import LONGEST, MOST, ApiKey
from domain.decision import Conflict, NotFound, NotPermitted
from domain.text import Text

KeyReach = Literal["read", "record", "decide", "export"]


class NewKey(BaseModel):
    """What a key is for, how far it reaches, and for how many days it lasts."""

    label: Annotated[str, Field(min_length=1, max_length=64, examples=["month-end import"])]
    reach: Annotated[list[KeyReach], Field(min_length=1, max_length=4)]
    days: Annotated[int, Field(ge=1, le=LONGEST.days)] = 90


class KeyMade(BaseModel):
    """A new key; it is shown this once."""

    key: str
    written: str = Field(description="sent as `Authorization: Bearer …`")


class KeyShown(BaseModel):
    """A key in the list, without its secret."""

    key: str
    label: str
    reach: list[str]
    made_at: datetime
    expires_at: datetime
    last_used_on: str | None = Field(description="the day, or nothing")

    @classmethod
    def of(cls, key: ApiKey) -> "KeyShown":
        """Return a key as its owner sees it."""
        return cls(
            key=key.key,
            label=key.label,
            reach=sorted(key.reach),
            made_at=key.made_at,
            expires_at=key.expires_at,
            last_used_on=key.last_used_on,
        )


def add_keys(router: APIRouter, accounts: Accounts) -> None:
    """Add the routes of one's own keys."""

    @router.get("/keys")
    def keys(owner: Owner) -> list[KeyShown]:
        """List your keys, the newest first."""
        return [KeyShown.of(key) for key in accounts.keys.listed(owner.account)]

    @router.post("/keys", status_code=HTTP_201_CREATED)
    def make_key(asked: NewKey, owner: OwnerAgain) -> KeyMade:
        """Make a key for a program of yours; it reaches no further than you do."""
        reach = frozenset(asked.reach)
        if not reach <= owner.reach:
            raise NotPermitted("key-reaches-too-far", _TOO_FAR)
        if len(accounts.keys.listed(owner.account)) >= MOST:
            raise Conflict("too-many-keys", _TOO_MANY)
        key, written = accounts.keys.make(owner.account, asked.label, reach, timedelta(days=asked.days))
        return KeyMade(key=key, written=written)

    @router.delete("/keys/{key}", status_code=HTTP_204_NO_CONTENT)
    def revoke_key(key: str, owner: Owner) -> None:
        """Revoke a key, at once."""
        if accounts.keys.revoke(owner.account, key) == 0:
            raise NotFound("unknown-key", _NO_SUCH_KEY)


_TOO_FAR = Text("密钥的权限不能超出您本人的权限。", "A key reaches no further than you do yourself.")
_TOO_MANY = Text(
    f"密钥已有{MOST}个；请先撤销不用的。", f"There are {MOST} keys already; revoke those that are not used."
)
_NO_SUCH_KEY = Text("没有这个接口密钥。", "There is no such key.")
