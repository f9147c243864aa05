"""Every form that can be printed, in the order of requirements §5."""

from typing import Final

from domain.decision import NotFound
from domain.text import Text
from paper.form import Form
from paper.forms import cards, meetings, notices, objections, people, records, results, returns

_MODULES = (records, cards, results, meetings, notices, objections, people, returns)
FORMS: Final[tuple[Form, ...]] = tuple(
    sorted((form for module in _MODULES for form in module.FORMS), key=lambda form: (form.number, form.code))
)


def form_named(name: str) -> Form:
    """Return a form by its name on the terminal or its code; `NotFound` where there is none."""
    found = next((each for each in FORMS if name in {each.name, each.code}), None)
    if found is None:
        raise NotFound("unknown-form", _unknown(name))
    return found


def _unknown(name: str) -> Text:
    return Text(
        f"没有表格 {name}；用 print --list 查看全部。", f"There is no form {name}; print --list shows them all."
    )
