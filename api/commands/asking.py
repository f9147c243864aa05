"""A command asked for over HTTP: as whom, under which key, and on which state of what it changes.

The one way for programs and pages:

    receipt = await ask(ledger, principal, command, attachments=…, command_id=…, if_match=…)

Whether the person may do so is decided where it always is, by the command's decider. The facts carry who asked and the
command id, so the record of who changed what is written in the transaction that changes it.
"""

import re
import secrets
from collections.abc import Iterable
from typing import Final

from fastapi.concurrency import run_in_threadpool

from api.commands.preconditions import PreconditionNeeded, expected_of, version_of
from api.principal import Order, Principal
from domain.appointments import OpenLedger
from domain.decision import Command, Refused
from domain.text import Text
from ledger.ledger import Ledger, Receipt
from ledger.store import Attachment

DRAWN_BYTES: Final = 18
_KEY: Final = re.compile(r"[!-~]{1,200}")


async def ask(  # noqa: PLR0913 - what comes with a command comes together
    ledger: Ledger,
    principal: Principal,
    command: Command,
    *,
    on_behalf_of: str | None = None,
    attachments: Iterable[Attachment] = (),
    command_id: str | None = None,
    if_match: str | None = None,
) -> Receipt:
    """Carry out `command` for the one who asks and return its receipt, `repeated` where it had been done before.

    `command_id` is the key that he gave (`Idempotency-Key`): it is his account's alone, and asked again under it, it
    happens once. Raises `PreconditionNeeded` and `Stale` for what changes something, `WaitsForSecond` where it takes
    two persons, and what `Ledger.execute` raises.
    """
    key = None if command_id is None else id_of(ledger, principal, command_id)
    attached = tuple(attachments)
    _require_fitting_clock(ledger, command)
    expected = expected_of(command, if_match)
    if expected is None and command.CHANGES:
        await run_in_threadpool(_want_precondition, ledger, principal, command, on_behalf_of, attached)
    if principal.waits_at is not None:
        key = key or id_of(ledger, principal, secrets.token_urlsafe(DRAWN_BYTES))
        order = Order(command, key, on_behalf_of, if_match)
        command = await run_in_threadpool(principal.waits_at.second_for, principal, order)
    return await ledger.submit(
        command,
        actor=principal.person,
        on_behalf_of=on_behalf_of,
        command_id=key,
        attachments=attached,
        expected=expected,
    )


def id_of(ledger: Ledger, principal: Principal, key: str) -> str:
    """Return the command id that an account's key stands for; `Refused` where it is not fit to be one."""
    if not _KEY.fullmatch(key):
        raise Refused("malformed-key", _MALFORMED_KEY)
    return ledger.id_for(principal.account, key)


def _want_precondition(
    ledger: Ledger,
    principal: Principal,
    command: Command,
    on_behalf_of: str | None,
    attachments: tuple[Attachment, ...],
) -> None:
    """Raise what the decider would refuse; only who may do it is told what is there."""
    ledger.preview(command, actor=principal.person, on_behalf_of=on_behalf_of, attachments=attachments)
    raise PreconditionNeeded(version_of(ledger, command) or 0)


def _require_fitting_clock(ledger: Ledger, command: Command) -> None:
    if isinstance(command, OpenLedger) and command.simulated_clock != ledger.clock.simulated:
        raise Refused("clock-differs", _CLOCK_DIFFERS)


_MALFORMED_KEY = Text(
    "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符；请换一个，或不填。",
    "An Idempotency-Key has 1 to 200 visible ASCII characters; use another one, or none.",
)
_CLOCK_DIFFERS = Text(
    "第一条事实要写明时钟是否是模拟的，并与本服务的时钟一致；请改正 simulated_clock。",
    "The first fact of a ledger says whether its clock is simulated, as this server's is; put simulated_clock right.",
)
