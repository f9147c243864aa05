"""Who a request comes from: the session of its cookie, if the request comes from our own pages."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.doors import SAFE, NotSignedIn
from api.identity.accounts import Accounts
from api.identity.sessions import LASTING, Session
from api.principal import EVERYTHING, OF_KEYS, Principal, Reach
from domain.decision import NotPermitted
from domain.ids import PersonId
from domain.roles import TWO_PROOFS
from domain.text import Text

OWN_ACCOUNT: Final[frozenset[Reach]] = frozenset({"account"})
OF_SLIPS: Final[frozenset[Reach]] = frozenset({"read", "record"})


class Cookies:
    """The cookie of a session: no script reads it, no other site's form sends it; with TLS it is this host's alone."""

    def __init__(self, *, secure: bool) -> None:
        """Mark it as one that travels by TLS only, where there is TLS."""
        self._secure = secure
        self.name = "__Host-starledger" if secure else "starledger"

    def put(self, answer: Response, token: str, session: Session) -> None:
        """Have the browser keep a session's token for as long as the session can last."""
        seconds = int(LASTING[session.means].absolute.total_seconds())
        answer.set_cookie(
            self.name, token, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def drop(self, answer: Response) -> None:
        """Have the browser forget it."""
        answer.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite="lax")


class Identified:
    """The identities of an installation with accounts."""

    def __init__(self, accounts: Accounts, *, secure: bool) -> None:
        """Look them up in `accounts`; `secure`: people reach us by TLS."""
        self.accounts = accounts
        self.cookies = Cookies(secure=secure)

    def principal(self, request: HTTPConnection) -> Principal | None:
        """Return who asks, None without credentials; `NotSignedIn` for a session or key that is worth nothing."""
        written = request.headers.get("authorization")
        if written is not None:
            return self._with_key(written)
        if self.cookies.name not in request.cookies:
            return None
        session = self.session_in(request)
        if session is None:
            raise NotSignedIn("session-ended", _ENDED)
        require_own_page(request, needed=True)
        return self.principal_in(session)

    def _with_key(self, written: str) -> Principal:
        """Return whose key is shown; it opens nothing that its owner, or the key itself, does not reach."""
        scheme, _, given = written.partition(" ")
        key = self.accounts.keys.of(given.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            self.accounts.journal.note("key-not-valid", "key", None, "any")
            raise NotSignedIn("key-not-valid", _NO_SUCH_KEY)
        reach = key.reach & OF_KEYS & self._reach(key.person, may_go_on=key.has_code)
        return Principal(key.account, key.person, "key", None, reach, waits_at=self.accounts.seconding)

    def session_in(self, request: HTTPConnection) -> Session | None:
        """Return the session whose token the browser shows, None where it has ended."""
        token = request.cookies.get(self.cookies.name)
        return None if token is None else self.accounts.sessions.of(token)

    def principal_in(self, session: Session) -> Principal:
        """Return who asks in a session."""
        return Principal(
            account=session.account,
            person=session.person,
            means=session.means,
            session=session.session,
            reach=self._reach(session.person, may_go_on=session.has_code or session.means == "demo")
            & (OF_SLIPS if session.means == "slip" else EVERYTHING),
            stepped_up=session.is_stepped_up(self.accounts.shelf.now()),
            form_token=self.accounts.shelf.keyring.form_token(session.session),
            waits_at=self.accounts.seconding,
        )

    def _reach(self, person: PersonId, *, may_go_on: bool) -> frozenset[Reach]:
        """Return how far somebody reaches: who must have an authenticator and has none, can only enrol one."""
        must_enrol = not may_go_on and self.accounts.offices.held_today(person, TWO_PROOFS)
        return OWN_ACCOUNT if must_enrol else EVERYTHING


def require_own_page(request: HTTPConnection, *, needed: bool) -> None:
    """Raise `NotPermitted` where something is to be changed from another site's page.

    Browsers say from where: `Sec-Fetch-Site`, or at least `Origin`. `needed`: one of them must be there.
    """
    if request.scope.get("method", "GET") in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site == "same-origin"
    elif origin is not None:
        own = urlsplit(origin).netloc == request.headers.get("host")
    else:
        own = not needed
    if not own:
        raise NotPermitted("cross-site-request", _CROSS_SITE)


_ENDED = Text("登录已失效；请重新登录。", "You are signed in no longer; sign in again.")
_NO_SUCH_KEY = Text(
    "接口密钥无效、已过期或已撤销；请换用有效的密钥。",
    "This API key is not valid, has expired or was revoked; use another one.",
)
_CROSS_SITE = Text(
    "请求并非来自本系统的页面，未予办理；请在本系统页面上办理。",
    "This request does not come from our own page and was not carried out; use the page itself.",
)
