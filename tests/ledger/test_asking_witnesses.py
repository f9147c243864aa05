"""Asking a witness: whatever it answers, only a signature of its own that fits is taken (c2sp.org/tlog-witness)."""

from pathlib import Path

import pytest

from ledger.cosignature import WitnessKey, WitnessSigningKey, witnessed
from ledger.note import MalformedNote, parse_note
from ledger.witness import BAD, CONFLICT, OK, UNKNOWN, Answer, Witness
from ledger.witnesses import Address, NotCosigned, Post, ask, cosigned
from tests.ledger.signing import head_of
from tests.ledger.witnessing import AT, LOG, WITNESS, born, proof, request

URL = "http://127.0.0.1:1"
STRANGER = WitnessSigningKey("example.net/stranger", b"x" * 32)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return born(tmp_path / "witness")


def address(witness: Witness) -> Address:
    return Address(URL, WitnessKey.parse(str(witness.verifier())))


def posting(witness: Witness) -> Post:
    return lambda _url, body: witness.add_checkpoint(body)


def always(answer: Answer) -> Post:
    return lambda _url, _body: answer


def test_a_witness_that_knows_less_is_shown_how_the_log_has_grown(witness: Witness) -> None:
    for letters in ("abc", "abcdefg", "abcdefg"):
        checkpoint = request(0, letters).checkpoint
        lines = ask(address(witness), checkpoint, lambda old, told=letters: proof(old, told), posting(witness))  # type: ignore[misc]
        assert [line.name for line in lines] == [WITNESS]


def test_another_history_is_said_to_be_one(witness: Witness) -> None:
    witness.add_checkpoint(request(0, "abc").as_bytes())
    with pytest.raises(NotCosigned, match="not those it has seen") as refused:
        ask(address(witness), request(0, "abXd").checkpoint, lambda old: proof(old, "abXd"), posting(witness))
    assert refused.value.against


def test_a_witness_that_has_seen_more_shows_that_the_tail_was_cut(witness: Witness) -> None:
    witness.add_checkpoint(request(0, "abcdef").as_bytes())
    with pytest.raises(NotCosigned, match="tail was cut off") as refused:
        ask(address(witness), request(0, "abc").checkpoint, lambda old: proof(old, "abc"), posting(witness))
    assert refused.value.against


@pytest.mark.parametrize(
    "answer",
    [
        Answer(OK, b""),
        Answer(OK, b"\xff"),
        Answer(OK, b"no line\n"),
        Answer(OK, STRANGER.cosign(head_of(LOG, "abc").text(), AT).line().encode()),
        Answer(OK, WitnessSigningKey(WITNESS, b"y" * 32).cosign(head_of(LOG, "abc").text(), AT).line().encode()),
        Answer(BAD),
        Answer(UNKNOWN),
        Answer(CONFLICT, b"many"),
        Answer(CONFLICT, b"1\n"),
        Answer(500, b"a page"),
    ],
)
def test_whatever_else_is_answered_nothing_is_taken_from_it(witness: Witness, answer: Answer) -> None:
    with pytest.raises(NotCosigned) as refused:
        ask(address(witness), request(0, "abc").checkpoint, lambda old: proof(old, "abc"), always(answer))
    assert not refused.value.against


def test_a_line_for_another_checkpoint_is_not_taken(witness: Witness) -> None:
    other = witness.add_checkpoint(request(0, "abcd").as_bytes())
    with pytest.raises(NotCosigned, match="no signature that fits"):
        ask(address(witness), request(0, "abc").checkpoint, lambda old: proof(old, "abc"), always(other))


def test_one_that_cannot_be_reached_leaves_the_checkpoint_as_it_was(witness: Witness) -> None:
    checkpoint = request(0, "abc").checkpoint
    after, (missing,) = cosigned(checkpoint, [address(witness)], lambda old: proof(old, "abc"))
    assert after == checkpoint
    assert "try later" in missing.why.en


def test_lines_are_added_under_those_that_are_there(witness: Witness) -> None:
    checkpoint = request(0, "abc").checkpoint
    lines = ask(address(witness), checkpoint, lambda old: proof(old, "abc"), posting(witness))
    twice = request(0, "abc").checkpoint + b"".join(line.line().encode() for line in (*lines, *lines))
    assert len(parse_note(twice).signatures) == 3
    assert len(witnessed(twice, [address(witness).key])) == 1


@pytest.mark.parametrize("line", ["", "ftp://x key", URL, f"{URL} nonsense", "file:///etc/passwd a+b+c"])
def test_what_is_no_address_is_refused(line: str) -> None:
    with pytest.raises(MalformedNote):
        Address.parse(line)
