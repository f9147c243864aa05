"""Acts of keeping the ledger itself."""

from hashlib import sha256

import pytest

from domain.decision import NotPermitted, replace
from domain.keeping import AcceptClock, ClockAccepted, EraseSealed, SealedErased
from tests.controls import OPERATOR, REGISTRAR
from tests.domain.conftest import World

ONE, TWO = (sha256(word).hexdigest() for word in (b"one", b"two"))
ERASE = EraseSealed(digests=(ONE, TWO), ordered_by="厂党委", ground="本人申请")


def test_the_operator_erases_sealed_words_by_order(branch: World) -> None:
    erased = SealedErased(erased=(ONE, TWO), ordered_by="厂党委", ground="本人申请")
    branch.when(ERASE, actor=OPERATOR).then(erased)
    branch.after(erased).when(ERASE, actor=OPERATOR).then_nothing()


def test_words_that_are_gone_are_not_erased_again(branch: World) -> None:
    world = branch.after(SealedErased(erased=(ONE,), ordered_by="厂党委", ground="本人申请"))
    world.when(ERASE, actor=OPERATOR).then(SealedErased(erased=(TWO,), ordered_by="厂党委", ground="本人申请"))


@pytest.mark.parametrize(
    ("digests", "zh", "en"),
    [
        ((), "（空）", "(none given)"),
        (("words",), "words", "words"),
        ((ONE, ONE[:-1]), ONE[:-1], ONE[:-1]),
        ((ONE.upper(),), ONE.upper(), ONE.upper()),
    ],
)
def test_words_are_named_by_their_digests(branch: World, digests: tuple[str, ...], zh: str, en: str) -> None:
    refusal = branch.when(replace(ERASE, digests=digests), actor=OPERATOR).refused("malformed-digest")
    assert refusal.why.zh.endswith(f"有误：{zh}。")
    assert refusal.why.en.endswith(f"not these: {en}.")


def test_nobody_but_the_operator_erases(branch: World) -> None:
    branch.when(ERASE, actor=REGISTRAR).refused("wrong-office", NotPermitted)


def test_the_operator_accepts_the_clock_each_time_it_leapt(branch: World) -> None:
    accepted = ClockAccepted(why="已核对")
    branch.when(AcceptClock(why="已核对"), actor=OPERATOR).then(accepted)
    branch.after(accepted).when(AcceptClock(why="已核对"), actor=OPERATOR).then(accepted)


def test_nobody_but_the_operator_accepts_the_clock(branch: World) -> None:
    branch.when(AcceptClock(why="已核对"), actor=REGISTRAR).refused("wrong-office", NotPermitted)
