"""The history in sentences: one for each kind of fact, in Chinese and in English.

A new event that is forgotten here makes the type checker fail: every `match` ends in `assert_never`.
"""

from projections.sentences.telling import Telling, result_words, star_words
from projections.sentences.told import sentence, tell

__all__ = ["Telling", "result_words", "sentence", "star_words", "tell"]
