"""Whether a person belongs to a category of people that the rulebook has (皋兰, 青海, 八步区)."""

from collections.abc import Iterator

from domain.findings import Finding
from domain.rulebook.model import Rulebook
from domain.sheet.model import Candidate
from domain.text import Text


def category_faults(candidate: Candidate, place: str, rulebook: Rulebook) -> Iterator[Finding]:
    """Yield that a category is stated which is not there, or that none can be told where the rulebook has some."""
    known = [each.code for each in rulebook.categories]
    at, listed = f"{place}.category", " · ".join(known)
    if candidate.category and candidate.category not in known:
        message = Text(
            zh=f"没有人员类别“{candidate.category}”", en=f"there is no category of people “{candidate.category}”"
        )
        remedy = Text(zh=f"可用：{listed}。", en=f"There are {listed}.")
        if not known:
            remedy = Text(zh="删去，或使用分类别的办法。", en="Remove it, or use a rulebook that has categories.")
        yield Finding("category-unknown", at, message, remedy)
    elif known and not rulebook.category_of(candidate.category, candidate.posts):
        message = Text(zh="没有写明人员类别", en="the category of the person is not said")
        remedy = Text(zh=f"写明category：{listed}。", en=f"Give `category`: {listed}.")
        yield Finding("category-missing", at, message, remedy)
