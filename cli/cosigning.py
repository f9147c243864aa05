"""Cosignatures at the terminal: asking witnesses for them, and saying whose a checkpoint has."""

import sys
from collections.abc import Sequence

from cli.exits import Exit, Stop, stop
from cli.notes_in import keys_in
from cli.printing import minute
from cli.settings import Settings
from domain.text import Text
from ledger.checkpoint import TreeHead
from ledger.cosignature import Witnessed, WitnessKey
from ledger.ledger import Ledger
from ledger.note import MalformedNote, parse_note
from ledger.proofs import hashed_leaves, prove_tree
from ledger.signer import Signing
from ledger.witnesses import Address, NotCosigned, cosigned


def print_cosigned(signing: Signing, ledger: Ledger, signed: bytes, settings: Settings, *, alone: bool) -> None:
    """Print a checkpoint with the cosignatures of the signer's witnesses.

    Ends with 10 where a witness has seen another history, 11 where a cosignature is missing otherwise.
    """
    missing: list[NotCosigned] = []
    if not alone:
        alone_signed, signed = signed, signing.last_signed()
        signed, missing = cosigned(signed, signing.witnesses(), lambda old: _proof(ledger, old, alone_signed))
        if signed != alone_signed:
            signing.keep_cosigned(signed)
    sys.stdout.write(signed.decode())
    for each in missing:
        sys.stderr.write(each.why.said_in(settings.language) + "\n")
    if missing:
        raise Stop(Exit.VIOLATED if any(each.against for each in missing) else Exit.INCOMPLETE)


def _proof(ledger: Ledger, old: int, signed: bytes) -> tuple[bytes, ...]:
    return prove_tree(ledger, old, TreeHead.parse(parse_note(signed).text).size, hashed_leaves)


def add_address(signing: Signing, line: str, settings: Settings) -> None:
    """Have a witness asked from now on; ends with 2 where the line names none."""
    try:
        signing.ask_from_now_on(Address.parse(line))
    except MalformedNote:
        stop(Exit.USAGE, _NO_ADDRESS, settings.language)


def cosigned_by(witness: Witnessed) -> Text:
    """Return that a witness cosigned, and when."""
    at = minute(witness.at)
    return Text(f"见证：{witness.name}，{at}", f"cosigned by {witness.name} at {at}")


def witness_keys(named: Sequence[str], settings: Settings) -> list[WitnessKey]:
    """Return the keys that options name, themselves or as files of keys; ends with 2 where one is none."""
    return keys_in(named, WitnessKey, _no_key, settings)


_NO_ADDRESS = Text(
    '应写成「地址 公钥」，例如 "http://127.0.0.1:8401 example.org/witness+0123abcd+…"（witness key 所示）。',
    'Say address and public key, such as "http://127.0.0.1:8401 example.org/witness+0123abcd+…" (`witness key`).',
)


def _no_key(words: str) -> Text:
    return Text(f"「{words}」不是见证人的公钥。", f"'{words}' is no witness's public key.")
