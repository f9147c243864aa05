"""Doors: what a request must show before a route runs. Every route has one; an application with a gap does not start.

A door looks at who asks and how he signed in. Whether he may do what he asks is not decided here but where it always
is: by the decider of the command, and by the disclosure of the answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.ability import require_able
from api.principal import Principal, Reach, principal_of
from domain.decision import NotPermitted, Refused
from domain.text import Text


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
    """A door for those who have signed in, with an API key only as far as it reaches."""

    reach: Reach
    step_up: bool = False

    def __call__(self, request: Request) -> Principal:
        """Return who comes in.

        Raises `NotSignedIn`, `NotSteppedUp`, `NotPermitted` for a key that is too short, and `CannotRecord` where he
        would record and this process may not at present.
        """
        principal = principal_of(request)
        if principal is None:
            raise NotSignedIn("not-signed-in", _NOT_SIGNED_IN)
        if self.reach not in principal.reach:
            raise NotPermitted("key-does-not-reach", _TOO_SHORT)
        if self.step_up and not principal.stepped_up:
            raise NotSteppedUp("step-up-needed", _STEP_UP)
        if self.reach != "read":
            require_able(request)
        return principal


ANYBODY = Depends(Anybody())
Reader = Annotated[Principal, Depends(SignedIn("read"))]
"""Who asks to read."""
Recorder = Annotated[Principal, Depends(SignedIn("record"))]
"""Who asks to record."""

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
_STEP_UP = Text(
    "此项须再次验证身份；请重新输入密码或动态码后再办理。",
    "This needs a fresh proof that it is you: enter your password or code again, then ask again.",
)
