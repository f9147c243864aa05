"""What a form must say: nothing that the rulebook asks for is left blank (B-28, B-30, B-31, AMB-B23)."""

from collections.abc import Mapping

from domain.decision import Refused
from domain.rulebook.conduct import Named
from domain.sealed import Sealed
from domain.text import Text


def require_filled(asked_for: tuple[Named, ...], given: Mapping[str, Sealed]) -> None:
    """Raise `Refused` where a head or part that the rulebook asks for is blank; what it does not name may be."""
    blank = [each for each in asked_for if given[each.code].text is not None and not str(given[each.code].text).strip()]
    if blank:
        raise Refused("form-incomplete", _blank(blank))


def require_offered(offered: tuple[Named, ...], kind: str) -> None:
    """Raise `Refused` where the rulebook's form does not offer a kind; one that lists none offers all."""
    if offered and kind not in {each.code for each in offered}:
        raise Refused("kind-not-offered", _not_offered(offered))


def _blank(blank: list[Named]) -> Text:
    zh = "、".join(f"{each.title.zh}（{each.clause}）" for each in blank)
    en = ", ".join(f"{each.title.en} ({each.clause})" for each in blank)
    return Text(f"没有填写：{zh}；请补全。", f"Left blank: {en}; fill it in.")


def _not_offered(offered: tuple[Named, ...]) -> Text:
    zh = "、".join(f"{each.title.zh}（{each.clause}）" for each in offered)
    en = ", ".join(f"{each.title.en} ({each.clause})" for each in offered)
    return Text(f"办法的表单只有：{zh}；请改选。", f"The rulebook's form offers {en}; choose one of these.")
