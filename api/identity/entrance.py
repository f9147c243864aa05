"""Coming in, proving again that it is you, and leaving, over HTTP."""

from fastapi import APIRouter, Request, Response
from starlette.status import HTTP_204_NO_CONTENT

from api.doors import ANYBODY, Owner, Visitor
from api.identity.answers import LinkSignIn, PasswordSignIn, Proof, SlipSignIn, SmallBranch, WhoIAm, let_in, who_is
from api.identity.identified import Identified, require_own_page
from api.identity.signing_in import Entered, step_up, with_link, with_password, with_slip
from ledger.ledger import Ledger
from projections.separation import small_branch_mode


def add_entrance(router: APIRouter, identified: Identified) -> None:
    """Add the routes by which people come in, and prove again who they are."""
    accounts = identified.accounts

    @router.post("/sign-in", dependencies=[ANYBODY])
    def sign_in(asked: PasswordSignIn, request: Request, answer: Response) -> WhoIAm:
        """Sign in with a password, and a one-time code where there is an authenticator."""
        require_own_page(request, needed=False)
        password, code = asked.password.get_secret_value(), asked.code.get_secret_value()
        return let_in_anew(request, answer, with_password(accounts, asked.person, password, code, asked.device))

    @router.post("/sign-in/link", dependencies=[ANYBODY])
    def sign_in_by_link(asked: LinkSignIn, request: Request, answer: Response) -> WhoIAm:
        """Sign in with a one-time link, which cannot be used again."""
        require_own_page(request, needed=False)
        token, code = asked.token.get_secret_value(), asked.code.get_secret_value()
        return let_in_anew(request, answer, with_link(accounts, token, code, asked.device))

    @router.post("/sign-in/slip", dependencies=[ANYBODY])
    def sign_in_by_slip(asked: SlipSignIn, request: Request, answer: Response) -> WhoIAm:
        """Sign in with a printed slip: to read and to report, for two hours at most."""
        require_own_page(request, needed=False)
        return let_in_anew(request, answer, with_slip(accounts, asked.code, asked.pin.get_secret_value(), asked.device))

    @router.post("/step-up")
    def prove_again(asked: Proof, owner: Owner, answer: Response) -> WhoIAm:
        """Prove once more that it is you: for five minutes grave matters can be asked for."""
        password, code = asked.password.get_secret_value(), asked.code.get_secret_value()
        return let_in(identified, answer, step_up(accounts, owner, password, code))

    def let_in_anew(request: Request, answer: Response, entered: Entered) -> WhoIAm:
        """End the session that the browser had before: nobody goes on in one that somebody else may have begun."""
        before = identified.session_in(request)
        if before is not None:
            accounts.sessions.end(before.account, before.session)
        return let_in(identified, answer, entered)


def add_presence(router: APIRouter, identified: Identified, ledger: Ledger) -> None:
    """Add the routes of who has signed in: leaving, who he is, and under what mode."""

    @router.post("/sign-out", status_code=HTTP_204_NO_CONTENT)
    def sign_out(visitor: Visitor, answer: Response) -> None:
        """End this session."""
        if visitor.session is not None:
            identified.accounts.sessions.end(visitor.account, visitor.session)
        identified.cookies.drop(answer)

    @router.get("/me")
    def me(visitor: Visitor) -> WhoIAm:
        """Say who is signed in, and how far that reaches."""
        return who_is(identified, visitor)

    @router.get("/small-branch-mode")
    def small_branch(_visitor: Visitor) -> SmallBranch | None:
        """Say since when small-branch mode holds, by whose decision and why; nothing where it does not."""
        found = small_branch_mode(ledger)
        return None if found is None else SmallBranch.model_validate(found)
