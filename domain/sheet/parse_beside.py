"""Reading what stands beside a person's scores: vetoes declared, conditions of gates, stars of earlier years."""

from domain.sheet.model import Declared, Measure
from domain.sheet.shapes import Shapes
from domain.text import Text

_DECLARED = frozenset({"code", "period"})


def vetoes(shapes: Shapes, value: object, at: str) -> tuple[Declared, ...]:
    """Return the vetoes of a person: codes, or `{"code": …, "period": …}` for one of an earlier period."""
    if value is None:
        return ()
    if not isinstance(value, list):
        shapes.unfit(at, value, Text(zh="一票否决代码的列表", en="a list of veto codes"))
        return ()
    return tuple(_declared(shapes, each, f"{at}[{number}]") for number, each in enumerate(value))


def _declared(shapes: Shapes, value: object, at: str) -> Declared:
    if not isinstance(value, dict):
        return Declared(shapes.word(value, at))
    fields = shapes.fields_of(value, at, _DECLARED)
    period = fields.get("period")
    return Declared(
        shapes.word(fields.get("code"), f"{at}.code"),
        "" if period is None else shapes.word(period, f"{at}.period"),
    )


def gates(shapes: Shapes, value: object, at: str) -> dict[str, Measure]:
    """Return the conditions of a person by measure: a number, true or false, or null for what is not known."""
    fields = {} if value is None else shapes.fields_of(value, at)
    return {measure: _measure(shapes, given, f"{at}.{measure}") for measure, given in fields.items()}


def _measure(shapes: Shapes, value: object, at: str) -> Measure:
    return value if value is None or isinstance(value, bool) else shapes.points(value, at)


def earlier(shapes: Shapes, value: object, at: str) -> dict[str, int | None]:
    """Return the stars of earlier years; null for a year in which the person had no result."""
    fields = {} if value is None else shapes.fields_of(value, at)
    return {year: shapes.count(star, f"{at}.{year}") for year, star in fields.items()}
