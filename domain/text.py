"""One sentence in the two languages of the product."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in Chinese and in English; the reader's language is chosen at the edge."""

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en
