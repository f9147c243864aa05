"""The sentence behind one entry: how its points are made, its level, its cap, and why it counts for nothing."""

from decimal import Decimal
from fractions import Fraction

from domain.rulebook.items import Percent, Rate, Stairs
from domain.scoring.numbers import bound_passed, signed, written
from domain.scoring.step import Step
from domain.scoring.worth import Line
from domain.text import Text


def line_step(line: Line) -> Step:
    """Return the step of one entry: day, item, what it counts, how that is made, and the test it met."""
    day, item = line.entry.occurred_on, line.item
    points = f"+{written(line.points)}" if line.points > 0 else written(line.points)
    made, why = _made(line), _why_not(line)
    head = f"{f'{day} ' if day else ''}{item.code} {points}"
    label = Text(zh=f"{head}{made.zh}{why.zh}：{item.test.zh}", en=f"{head}{made.en}{why.en}: {item.test.en}")
    return Step(label, written(line.points), item.clause, (), line.entry.sources)


def _made(line: Line) -> Text:
    """Say how the points of an occurrence are made; nothing where they are simply the item's or given."""
    worth = line.worth
    parts = (_measured(line), _levelled(line))
    if not any(part.zh for part in parts) and worth.value == worth.base:
        return Text("", "")
    before = worth.base if worth.times is None else worth.base * worth.times
    bounded = bound_passed(before, worth.value)
    inner = Text(
        zh="，".join(part.zh for part in parts if part.zh) or written(before),
        en=", ".join(part.en for part in parts if part.en) or written(before),
    )
    return Text(zh=f"（{inner.zh}{bounded.zh}）", en=f" ({inner.en}{bounded.en})")


def _measured(line: Line) -> Text:
    measure, amount, base = line.item.measure, line.entry.amount, written(line.worth.base)
    if amount is None or measure is None:
        return Text("", "")
    if measure.of(amount) != line.worth.base:
        return Text(f"{amount}，当日办法计{base}", f"{amount}, worth {base} under the version of its day")
    match measure:
        case Rate():
            return _rated(measure, amount, base)
        case Stairs():
            return _stepped(measure, amount)
        case Percent():
            return _converted(measure, amount, base)


def _rated(measure: Rate, amount: Decimal, base: str) -> Text:
    unit, rate = measure.unit, signed(Fraction(measure.points))
    return Text(f"{amount}{unit.zh} × {rate} = {base}", f"{amount} × {rate} per {unit.en} = {base}")


def _converted(measure: Percent, amount: Decimal, base: str) -> Text:
    formula = f"{amount} × {measure.percent}% = {base}"
    return Text(formula, formula)


def _stepped(measure: Stairs, amount: Decimal) -> Text:
    """Name the stair that an amount stands on, by the bounds around it, and what it is worth."""
    ends = [stair.upto for stair in measure.stairs if stair.upto is not None]
    below = max((end for end in ends if end < amount), default=None)
    above = min((end for end in ends if end >= amount), default=None)
    zh = "、".join((*(() if below is None else (f"超过{below}",)), *(() if above is None else (f"不超过{above}",))))
    en = " and ".join(
        (*(() if below is None else (f"above {below}",)), *(() if above is None else (f"up to {above}",)))
    )
    base = written(measure.of(amount))
    return Text(f"{amount}{zh and f'，{zh}'}：计{base}", f"{amount}{en and f', {en}'}: counts {base}")


def _levelled(line: Line) -> Text:
    worth, level = line.worth, line.entry.level
    if worth.times is None:
        return Text("", "")
    product = f"{signed(worth.base)} × {written(worth.times)} = {written(worth.base * worth.times)}"
    return Text(f"{level}：{product}", f"{level}: {product}")


def _why_not(line: Line) -> Text:
    """Say why an entry that is worth something counts for nothing."""
    worth = written(line.worth.value)
    match line.why:
        case "outdone":
            matter = line.entry.matter
            return Text(
                f"（本值{worth}；同一事项“{matter}”就高，已由另一条计分）",
                f" (worth {worth}; of the matter “{matter}” only the largest counts, which is another)",
            )
        case "free":
            return Text(
                f"（本值{worth}；前{line.item.free_times}次不计）",
                f" (worth {worth}; the first {line.item.free_times} count nothing)",
            )
        case "beyond":
            return Text(
                f"（本值{worth}；每期只计{line.item.max_times}次）",
                f" (worth {worth}; only {line.item.max_times} count in a period)",
            )
        case "":
            return Text("", "")
