"""Doors: what a request must show before a route runs. Every route has one; an application with a gap does not start.

A door looks at who asks and how he signed in. Whether he may do what he asks is not decided here but where it always
is: by the decider of the command, and by the disclosure of the answer.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.ability import require_able
from api.principal import PRINCIPAL, Principal, Reach, principal_of
from domain.decision import NotPermitted, Refused
from domain.text import Text

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
FACTS: Final = frozenset({"record", "decide", "export"})
"""What may leave facts behind."""
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
"""What a page of somebody else's can have a browser send."""
FORM_FIELD: Final = "form_token"
FORM_HEADER: Final = "X-Form-Token"


class NotSignedIn(Refused):
    """Nobody has signed in, or his credentials are not valid (401)."""


class NotSteppedUp(NotPermitted):
    """The one who asks must first prove once more that it is he (403)."""


class Anybody:
    """A door that stands open: what lies behind it is for everybody."""

    def __call__(self) -> None:
        """Let everybody in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A door for those who have signed in, with an API key only as far as it reaches; without a reach for all."""

    reach: Reach | None = None
    step_up: bool = False

    async def __call__(self, request: Request) -> Principal:
        """Return who comes in.

        Raises `NotSignedIn`, `NotSteppedUp`, `NotPermitted` for what does not reach that far or for a form that does
        not come from our own page, and `CannotRecord` where he would record and this process may not at present.
        """
        principal = await run_in_threadpool(principal_of, request)
        if principal is None:
            raise NotSignedIn("not-signed-in", _NOT_SIGNED_IN)
        request.scope["state"][PRINCIPAL] = principal
        if self.reach is not None and self.reach not in principal.reach:
            raise _out_of_reach(principal)
        if self.step_up and not principal.stepped_up:
            raise NotSteppedUp("step-up-needed", _STEP_UP)
        if self.reach in FACTS:
            require_able(request)
        if principal.means != "key":
            await _require_own_form(request, principal)
        return principal


async def _require_own_form(request: Request, principal: Principal) -> None:
    """Raise `NotPermitted` for a form without its session's token: other pages can make a browser send forms."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in SAFE or kind not in FORMS:
        return
    given = request.headers.get(FORM_HEADER) or (await request.form()).get(FORM_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), principal.form_token.encode()):
        raise NotPermitted("form-token-differs", _NOT_OUR_FORM)


def _out_of_reach(principal: Principal) -> NotPermitted:
    if principal.means == "key":
        return NotPermitted("key-does-not-reach", _TOO_SHORT)
    if principal.means == "slip":
        return NotPermitted("slip-does-not-reach", _ONLY_A_SLIP)
    return NotPermitted("enrolment-needed", _ENROL_FIRST)


ANYBODY = Depends(Anybody())
Reader = Annotated[Principal, Depends(SignedIn("read"))]
"""Who asks to read."""
Recorder = Annotated[Principal, Depends(SignedIn("record"))]
"""Who asks to record."""
Decider = Annotated[Principal, Depends(SignedIn("decide"))]
"""Who asks about what he decides with others."""
DeciderAgain = Annotated[Principal, Depends(SignedIn("decide", step_up=True))]
"""Likewise, having proved a moment ago that it is he."""
Visitor = Annotated[Principal, Depends(SignedIn())]
"""Who asks, however he signed in."""
Owner = Annotated[Principal, Depends(SignedIn("account"))]
"""Who asks about his own account."""
OwnerAgain = Annotated[Principal, Depends(SignedIn("account", step_up=True))]
"""Likewise, having proved a moment ago that it is he."""

Door = Anybody | SignedIn


def doors_of(route: APIRoute) -> list[Door]:
    """Return the doors that stand before a route."""
    return [call for call in _calls(route.dependant) if isinstance(call, (Anybody, SignedIn))]


def require_doors(app: FastAPI) -> None:
    """Raise `RuntimeError` naming every route that has no door, or several: such an application must not start."""
    gaps = [route.path for route in app.routes if isinstance(route, APIRoute) and len(doors_of(route)) != 1]
    if gaps:
        message = f"routes without exactly one door: {', '.join(gaps)}"
        raise RuntimeError(message)


def _calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
    for each in dependant.dependencies:
        if each.call is not None:
            yield each.call
        yield from _calls(each)


_NOT_SIGNED_IN = Text("请先登录，再办理或查看。", "Sign in first.")
_TOO_SHORT = Text(
    "这个接口密钥没有此项权限；请换用有此权限的密钥，或登录办理。",
    "This API key does not reach that far; use one that does, or sign in.",
)
_ONLY_A_SLIP = Text(
    "凭纸条登录只能查看和填报；其他事项请用密码登录。",
    "Signed in with a slip you can read and report; for the rest sign in with a password.",
)
_ENROL_FIRST = Text(
    "您的职务须使用动态码；请先绑定验证器，再办理或查看。",
    "Your office needs one-time codes: enrol an authenticator first.",
)
_NOT_OUR_FORM = Text(
    "表单已过期或并非来自本页面；请刷新页面后重新提交。",
    "This form is out of date, or does not come from our page: reload the page and send it again.",
)
_STEP_UP = Text(
    "此项须再次验证身份；请重新输入密码或动态码后再办理。",
    "This needs a fresh proof that it is you: enter your password or code again, then ask again.",
)
