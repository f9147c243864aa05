"""Two persons for grants and confirmations: what one asks for waits here until another stands behind it.

It waits sealed, for 72 hours, and is no fact. Whoever seconds it must be able to ask for the same himself: the decider
says so, with both persons before it. Then it is recorded as the first one's, seconded by the other, under the command
id that it was asked for with. In small-branch mode nothing waits.
"""

import dataclasses
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Row, delete, insert, select, update

from api.identity.shelf import Shelf
from api.identity.tables import pending
from api.offices import OfficesNow
from api.principal import Order, Principal
from domain.decision import Command, NotFound, NotPermitted, Refused, replace
from domain.ids import PersonId
from domain.text import Text
from ledger.ledger import Ledger

LIFETIME: Final = timedelta(hours=72)
PENDING_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that waits for its second person."""

    pending: str
    order: Order
    actor: PersonId
    asked_at: datetime
    expires_at: datetime
    seconded_by: PersonId | None = None


class WaitsForSecond(Exception):  # noqa: N818 - says what is the case; answered with 202
    """What was asked for waits for a second person."""

    def __init__(self, waiting: Pending) -> None:
        """Name what waits."""
        super().__init__("it waits for a second person")
        self.pending = waiting


class Kept(msgspec.Struct, frozen=True):
    """What is sealed of an order."""

    command: msgspec.Raw
    on_behalf_of: str | None
    if_match: str | None


def takes_two(kind: type[Command]) -> bool:
    """Return whether commands of a kind have room for a second person."""
    return "seconded_by" in {field.name for field in dataclasses.fields(cast("Any", kind))}


class Seconding:
    """Holds what takes two persons, shows it to those who may second it, and carries it out with both."""

    def __init__(self, shelf: Shelf, ledger: Ledger, offices: OfficesNow) -> None:
        """Keep it on this shelf."""
        self._shelf = shelf
        self._ledger = ledger
        self._offices = offices

    def second_for(self, principal: Principal, order: Order) -> Command:
        """Return the command where no second person is needed, or with the one who has seconded it.

        Else it waits, once under its id: raises `WaitsForSecond`, and `Refused` for what would be refused anyway.
        """
        if not takes_two(type(order.command)):
            return order.command
        if cast("Any", order.command).seconded_by is not None:
            raise NotPermitted("second-not-claimed", _NOT_CLAIMED)
        known = self._under(order.command_id)
        if known is not None and known.seconded_by is not None:
            return seconded(order.command, known.seconded_by)
        if self._offices.at_present().relaxed:
            return order.command
        if not self._ledger.preview(order.command, actor=principal.person, on_behalf_of=order.on_behalf_of):
            return order.command  # it is so already: nothing is left to be seconded
        raise WaitsForSecond(known or self._hold(principal, order))

    def listed(self, person: PersonId) -> list[Pending]:
        """Return what waits that a person has asked for, or could second; the oldest first."""
        now = self._shelf.now()
        asked = select(pending).where(pending.c.ledger_id == self._shelf.ledger_id, pending.c.seconded_by.is_(None))
        with self._shelf.asking() as connection:
            rows = list(connection.execute(asked.where(pending.c.expires_at > now).order_by(pending.c.asked_at)))
        found = [self._read(row) for row in rows]
        return [each for each in found if each.actor == person or self.may_second(each, person)]

    def of(self, name: str, person: PersonId) -> Pending:
        """Return what waits under a name, to those who may see it; `NotFound` to others, and once it has expired."""
        found = next((each for each in self.listed(person) if each.pending == name), None)
        if found is None:
            raise NotFound("nothing-waits", _NOTHING_WAITS)
        return found

    def may_second(self, waiting: Pending, person: PersonId) -> bool:
        """Return whether the decider takes somebody as the second person, which it looks at before all else."""
        order = waiting.order
        try:
            self._ledger.preview(seconded(order.command, person), actor=waiting.actor, on_behalf_of=order.on_behalf_of)
        except Refused as refused:
            return not isinstance(refused, NotPermitted)
        return True

    def done(self, waiting: Pending, second: PersonId) -> None:
        """Note who has seconded it: asked for again under its id, it answers as before."""
        with self._shelf.changing() as connection:
            this = update(pending).where(pending.c.pending == waiting.pending)
            connection.execute(this.values(seconded_by=second))

    def drop(self, waiting: Pending) -> None:
        """Let it wait no longer."""
        with self._shelf.changing() as connection:
            connection.execute(delete(pending).where(pending.c.pending == waiting.pending))

    def _hold(self, principal: Principal, order: Order) -> Pending:
        now = self._shelf.now()
        waiting = Pending(secrets.token_hex(PENDING_BYTES), order, principal.person, now, now + LIFETIME)
        kept = Kept(msgspec.Raw(msgspec.json.encode(order.command)), order.on_behalf_of, order.if_match)
        with self._shelf.changing() as connection:
            connection.execute(delete(pending).where(pending.c.expires_at <= now))
            connection.execute(
                insert(pending).values(
                    pending=waiting.pending,
                    ledger_id=self._shelf.ledger_id,
                    command_id=order.command_id,
                    name=order.command.NAME,
                    sealed=self._shelf.keyring.seal(msgspec.json.encode(kept), f"pending:{waiting.pending}"),
                    actor=principal.person,
                    asked_at=now,
                    expires_at=waiting.expires_at,
                )
            )
        return waiting

    def _under(self, command_id: str) -> Pending | None:
        asked = select(pending).where(
            pending.c.ledger_id == self._shelf.ledger_id,
            pending.c.command_id == command_id,
            pending.c.expires_at > self._shelf.now(),
        )
        with self._shelf.asking() as connection:
            row = connection.execute(asked).first()
        return None if row is None else self._read(row)

    def _read(self, row: Row[tuple[object, ...]]) -> Pending:
        kept = msgspec.json.decode(self._shelf.keyring.unseal(row.sealed, f"pending:{row.pending}"), type=Kept)
        command = msgspec.json.decode(kept.command, type=self._ledger.catalogue.command(row.name))
        order = Order(command, row.command_id, kept.on_behalf_of, kept.if_match)
        second = None if row.seconded_by is None else PersonId(row.seconded_by)
        return Pending(row.pending, order, PersonId(row.actor), row.asked_at, row.expires_at, second)


def seconded(command: Command, second: PersonId) -> Command:
    """Return a command with the person who stands behind it as the second."""
    return replace(command, seconded_by=second)


_NOT_CLAIMED = Text(
    "复核人不能代填；请由其本人登录后复核。",
    "Nobody says for another that he seconds this; the second person signs in and does so himself.",
)
_NOTHING_WAITS = Text(
    "没有这一待复核事项；它可能已办结、撤回或过期，或者不能由您复核。",
    "Nothing of this name waits; it may be done, withdrawn or expired, or it is not for you to second.",
)
