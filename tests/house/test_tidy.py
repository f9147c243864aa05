"""The house stays easy to read: short files and functions, nothing dead, nothing unfinished, nothing of one machine."""

import ast
import fnmatch
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PACKAGES = ("domain", "ledger", "projections", "workbooks", "paper", "api", "bench", "cli", "rulebooks")
ENTRY_POINTS = frozenset({"cli.main", "ledger.archive.verify", "ledger.recorder", "workbooks.confined_child"})
MOST_LINES = 400
ONE_FILE_ON_PURPOSE = frozenset({"ledger/archive/verify.py"})
"""What auditors take along: it has to be one file, whatever it has to know."""
MOST_LINES_OF_TESTS = 500
MOST_LINES_OF_A_FUNCTION = 60
MOST_ROOT_ENTRIES = 21
TEXT = frozenset({".py", ".toml", ".sql", ".html", ".css", ".js", ".md", ".txt", ".json", ".cfg", ".lock", ".yml", ""})
# The brackets keep these patterns from finding themselves.
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
OF_ONE_MACHINE = re.compile(r"files\.python[h]osted|pypi\.or[g]/simple|(?<![\w.}])/(?:wor[k]|roo[t])/")


def files_of(root: Path) -> Iterator[Path]:
    """Yield the files that belong to the checkout, told by .gitignore (an unpacked sdist has no repository)."""
    ignored = [".git", *(line.strip("/") for line in (root / ".gitignore").read_text().splitlines() if line)]
    for path in sorted(root.iterdir()):
        yield from below(path, ignored)


def below(path: Path, ignored: Iterable[str]) -> Iterator[Path]:
    """Yield `path` and what lies below it, except what has an ignored name."""
    if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
        return
    if not path.is_dir():
        yield path
        return
    for inner in sorted(path.iterdir()):
        yield from below(inner, ignored)


@pytest.fixture(scope="module")
def texts(checkout: Path) -> dict[str, str]:
    """Return every text file of the checkout by its path."""
    return {
        path.relative_to(checkout).as_posix(): path.read_text(encoding="utf-8")
        for path in files_of(checkout)
        if path.suffix in TEXT
    }


@pytest.fixture(scope="module")
def sources(texts: dict[str, str]) -> dict[str, str]:
    """Return every Python file of the checkout by its path."""
    return {name: text for name, text in texts.items() if name.endswith(".py")}


def long_files(sources: dict[str, str]) -> dict[str, int]:
    """Return the files with more lines than one subject needs."""
    lengths = {name: text.count("\n") for name, text in sources.items()}
    return {
        name: length
        for name, length in lengths.items()
        if name not in ONE_FILE_ON_PURPOSE
        and length > (MOST_LINES_OF_TESTS if name.startswith("tests/") else MOST_LINES)
    }


def long_functions(sources: dict[str, str]) -> dict[str, int]:
    """Return the functions with more lines than one can hold in mind."""
    return {
        f"{name}:{node.name}": length
        for name, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }


def silent_modules(sources: dict[str, str]) -> list[str]:
    """Return the modules that do not say what they are for."""
    return [name for name, text in sources.items() if not ast.get_docstring(ast.parse(text))]


def lines_with(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Return where `pattern` is found, as `file:line: the line`."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def module_of(name: str) -> str:
    """Return the module's name of a path such as `ledger/tree.py`."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_by(name: str, text: str) -> Iterator[str]:
    """Yield every name that a module imports: of `from a import b` both `a` and `a.b`, which may be a module."""
    package = module_of(name).split(".") if name.endswith("__init__.py") else module_of(name).split(".")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def dead_modules(sources: dict[str, str]) -> list[str]:
    """Return the modules of our packages that nothing outside the tests imports, and that no command starts."""
    ours = {name: text for name, text in sources.items() if not name.startswith("tests/")}
    used = {found for name, text in ours.items() for found in imported_by(name, text)} | ENTRY_POINTS
    return [
        name
        for name in ours
        if name.startswith(tuple(f"{package}/" for package in PACKAGES))
        and not name.endswith("__init__.py")
        and module_of(name) not in used
    ]


def test_a_file_has_one_subject(sources: dict[str, str]) -> None:
    assert long_files(sources) == {}


def test_a_function_can_be_held_in_mind(sources: dict[str, str]) -> None:
    assert long_functions(sources) == {}


def test_every_module_says_what_it_is_for(sources: dict[str, str]) -> None:
    assert silent_modules(sources) == []


def test_every_module_is_used(sources: dict[str, str]) -> None:
    assert dead_modules(sources) == []


def test_nothing_is_left_unfinished(texts: dict[str, str]) -> None:
    assert lines_with(UNFINISHED, texts) == []


def test_no_file_names_a_package_host_or_a_path_of_one_machine(texts: dict[str, str]) -> None:
    assert lines_with(OF_ONE_MACHINE, texts) == []


def test_the_root_can_be_read_at_a_glance(checkout: Path) -> None:
    assert len({path.relative_to(checkout).parts[0] for path in files_of(checkout)}) <= MOST_ROOT_ENTRIES


def test_tests_are_no_package(checkout: Path) -> None:
    assert list((checkout / "tests").rglob("__init__.py")) == []


def test_rulebooks_are_data_beside_one_module_that_reads_them(sources: dict[str, str]) -> None:
    assert [name for name in sources if name.startswith("rulebooks/")] == ["rulebooks/__init__.py"]


def test_what_is_not_tidy_would_be_found() -> None:
    assert long_files({"cli/a.py": "\n" * 401, "tests/test_a.py": "\n" * 401}) == {"cli/a.py": 401}
    assert long_files({"tests/test_a.py": "\n" * 501}) == {"tests/test_a.py": 501}
    body = "    x = 1\n"
    assert long_functions({"cli/a.py": "def f():\n" + body * 60}) == {"cli/a.py:f": 61}
    assert long_functions({"cli/a.py": "def f():\n" + body * 59}) == {}
    assert silent_modules({"cli/a.py": "x = 1\n", "cli/b.py": '"""Say."""\n'}) == ["cli/a.py"]


@pytest.mark.parametrize(
    "importing", ["import domain.b", "from domain import b", "from domain.b import x", "from . import b"]
)
def test_a_module_counts_as_used_however_it_is_imported(importing: str) -> None:
    assert dead_modules({"domain/b.py": "x = 1", "domain/__init__.py": importing}) == []


def test_a_module_that_only_tests_import_would_be_found() -> None:
    sources = {"domain/b.py": "x = 1", "cli/main.py": "import domain", "tests/test_b.py": "import domain.b"}
    assert dead_modules(sources) == ["domain/b.py"]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "# TO·DO later"),
        (UNFINISHED, "FIX·ME: this"),
        (OF_ONE_MACHINE, "see /wor·k/main"),
        (OF_ONE_MACHINE, "home = '/roo·t/x'"),
        (OF_ONE_MACHINE, "https://files.python·hosted.org/packages"),
    ],
)
def test_a_line_that_must_not_stay_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    # The dot keeps these examples from being found themselves.
    written = line.replace("·", "")
    assert lines_with(pattern, {"a.py": f"x = 1\n{written}\n"}) == [f"a.py:2: {written}"]


@pytest.mark.parametrize("line", ["/components/work/score", "the framework/", "homework/root/stem"])
def test_a_path_that_is_of_no_machine_may_stay(line: str) -> None:
    assert lines_with(OF_ONE_MACHINE, {"a.py": line}) == []
