"""Where our time goes: a profile of the same work, summed up into a handful of parts that add up to the whole.

`cProfile` watches every thread that does the work. Each function has one part, by the module that it is of; whatever
has none of its own (built-in functions, the standard library, what dataclasses generate) counts for those who called
it. That a thread waits for another one is left out: the other one is watched too.
"""

import cProfile
import math
import pstats
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bench.measuring import WATCH, Contender, Skip

ROOT = Path(__file__).resolve().parents[1]
BUILT_IN = "~"
LIBRARIES = "site-packages/"
NOT_ATTRIBUTED = "not attributed"
MOST_OFF = 1e-6

Function = tuple[str, int, str]
"""File, line and name, as `pstats` has them."""
Stats = Mapping[Function, tuple[int, int, float, float, Mapping[Function, tuple[int, int, float, float]]]]

WAITING = ("'_thread.lock'", "'_thread.RLock'", "select.epoll", "time.sleep")
"""What a thread does that waits for another; for a database, it is the driver that calls it."""
PARTS: dict[str, tuple[str, ...]] = {
    "SQLite: statements and commit": ("'sqlite3.",),
    "PostgreSQL: driver, network, server": ("psycopg", "psycopg_binary", "psycopg_c"),
    "connections and statements": (
        "sqlalchemy", "ledger/engine", "ledger/statements", "ledger/store", "ledger/paging", "ledger/evidence",
    ),
    "JSON into objects and back": ("'msgspec.", "msgspec", "ledger/entry", "ledger/reading"),
    "hashing": ("_hashlib", "'_sha256", "_sha256.", "hashlib", "hmac", "ledger/hashing", "ledger/tree"),
    "tags and ids": ("domain/ids", "ledger/indexed_tags"),
    "hand-over between threads": (
        "ledger/group", "threading", "asyncio", "selectors", "concurrent", "ledger/following",
    ),
    "writing facts": ("ledger/appending", "ledger/writing"),
    "comparing what is stored": (
        "ledger/verification", "ledger/chunkwise", "ledger/rowwise", "ledger/beside", "ledger/passed", "ledger/verdict",
    ),
    "the other process": ("ledger/companion", "ledger/hashing_child", "subprocess"),
    "exact fractions": ("fractions",),
    "checking what is scored": ("domain/sheet", "domain/rulebook"),
    "scoring and explaining": ("domain/scoring",),
    "deciding and folding": (
        "domain/", "bench/catalogue", "projections/", "ledger/asking", "ledger/clock", "ledger/deciding",
        "ledger/facts", "ledger/folding", "ledger/ledger",
    ),
    "elsewhere in the ledger": ("ledger/",),
    "the benchmark itself": ("bench/",),
}  # fmt: skip
"""Parts, and what belongs to them: modules, and built-in functions by what stands in their names. The first counts."""


class Unaccounted(Exception):  # noqa: N818 - says what is wrong with a profile
    """The parts of a profile do not add up to what was watched."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What share of the work each part took, and how many times as long it took for being watched."""

    shares: Mapping[str, float]
    slowed: float | None = None

    def __post_init__(self) -> None:
        """Refuse shares that do not add up."""
        if not math.isclose(sum(self.shares.values()), 1, abs_tol=MOST_OFF):
            message = f"the parts add up to {sum(self.shares.values()):.3f}"
            raise Unaccounted(message)


def shared(weights: Mapping[str, float], slowed: float | None = None) -> Profile:
    """Return the profile that has parts of these weights, the heaviest first; `Skip` where there is nothing."""
    total = sum(weights.values())
    if not total:
        message = "nothing was seen"
        raise Skip(message)
    heaviest = sorted(weights.items(), key=lambda part: -part[1])
    return Profile({name: weight / total for name, weight in heaviest if weight}, slowed)


def profile(contender: Contender, median: float | None, *, lower_is_better: bool) -> Profile | None:
    """Return where the time of a contender goes, None where nothing can be seen of it."""
    try:
        if contender.explain is not None:
            return shared(contender.explain())
        watched = Watched()
        with watched.everywhere():
            value = contender.measure().value
        slowed = None if not median else value / median if lower_is_better else median / value
        return shared(parts_of(watched.stats()), slowed)
    except Skip:
        return None


@dataclass(slots=True)
class Watched:
    """Watches the threads that are started meanwhile, and of this one what is timed."""

    _seen: list[cProfile.Profile] = field(default_factory=list)

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Watch until the end."""
        token = WATCH.set(self._here)
        threading.setprofile(self._begin)
        try:
            yield
        finally:
            threading.setprofile(cast("Any", None))
            WATCH.reset(token)

    @contextmanager
    def _here(self) -> Iterator[None]:
        seen = cProfile.Profile()
        self._seen.append(seen)
        with seen:
            yield

    def _begin(self, *_event: object) -> None:
        """Be called first in a new thread, and be replaced by the profile that watches it from then on."""
        seen = cProfile.Profile()
        self._seen.append(seen)
        seen.enable()

    def stats(self) -> Stats:
        """Return what was seen in all threads."""
        seen = [each for each in self._seen if each.getstats()]
        if not seen:
            message = "nothing was timed"
            raise Skip(message)
        found: Any = pstats.Stats(seen[0])
        for each in seen[1:]:
            found.add(each)
        stats: Stats = found.stats
        return stats


def parts_of(stats: Stats, named: "Callable[[Function], str | None] | None" = None) -> dict[str, float]:
    """Return the seconds of each part; what belongs to none is `NOT_ATTRIBUTED`. `Unaccounted` where any got lost."""
    found = _Attributing(stats, named or part_of).seconds()
    total = sum(seconds for _, _, seconds, *_ in stats.values())
    waited = found.pop(None, 0.0)
    if not math.isclose(sum(found.values()) + waited, total, rel_tol=MOST_OFF):
        message = f"{total - waited - sum(found.values()):.6f} of {total:.6f} seconds"
        raise Unaccounted(message)
    return {str(part): seconds for part, seconds in found.items()}


class _Attributing:
    """Finds for every function whose time its own is."""

    def __init__(self, stats: Stats, named: Callable[[Function], str | None]) -> None:
        self._stats = stats
        self._named = named
        self._known: dict[Function, Mapping[str, float]] = {}

    def seconds(self) -> dict[str | None, float]:
        """Return the seconds by part; under None those that were spent waiting for another thread."""
        found: defaultdict[str | None, float] = defaultdict(float)
        for function, (_, _, own, _, callers) in self._stats.items():
            spent = {caller: told[2] for caller, told in callers.items()}
            rest = own - sum(spent.values())
            if self._named(function) is not None or not spent:
                spent, rest = {}, own
            for part, share in self._parts(function).items():
                found[self._waited(function, part)] += rest * share
            for caller, seconds in spent.items():
                for part, share in self._parts(caller).items():
                    found[self._waited(function, part)] += seconds * share
        return found

    @staticmethod
    def _waited(function: Function, part: str) -> str | None:
        idle = function[0] == BUILT_IN and any(each in function[2] for each in WAITING)
        return None if idle and not part.startswith("PostgreSQL") else part

    def _parts(self, function: Function) -> Mapping[str, float]:
        """Return the parts that a function works for, with the share of each."""
        if function not in self._known:
            self._known[function] = {NOT_ATTRIBUTED: 1.0}  # whoever only calls himself
            self._known[function] = self._find(function)
        return self._known[function]

    def _find(self, function: Function) -> Mapping[str, float]:
        part = self._named(function)
        if part is not None:
            return {part: 1.0}
        callers = self._stats[function][4] if function in self._stats else {}
        weights = {caller: max(told[3], 0.0) for caller, told in callers.items() if caller != function}
        total = sum(weights.values())
        if not total:
            return {NOT_ATTRIBUTED: 1.0}
        found: defaultdict[str, float] = defaultdict(float)
        for caller, weight in weights.items():
            for name, share in self._parts(caller).items():
                found[name] += share * weight / total
        return found


def part_of(function: Function) -> str | None:
    """Return the part that a function belongs to by itself, None where it works for whoever calls it."""
    file, _, name = function
    if file == BUILT_IN:
        return next((part for part, signs in PARTS.items() if any(_is_in(sign, name) for sign in signs)), None)
    module = module_of(file)
    return next((part for part, signs in PARTS.items() if any(_belongs(module, sign) for sign in signs)), None)


def _is_in(sign: str, name: str) -> bool:
    return not sign[0].isalpha() and sign in name


def _belongs(module: str, sign: str) -> bool:
    return module == sign or module.startswith(sign if sign.endswith("/") else f"{sign}/")


def module_of(file: str) -> str:
    """Return a source file as `package/module`: within this checkout, a library, or Python's own."""
    path = file.partition(LIBRARIES)[2] if LIBRARIES in file else file.removeprefix(f"{ROOT}/")
    return path.removeprefix(f"{sys.base_prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/").removesuffix(
        ".py"
    )
