"""run.py starts from nothing but Python: it fills an environment once, for everyone, and says what is missing."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow
ARGUMENTS = ("score", "带 空格")
EXIT_CODE = 7
COMMAND = f"""
import os, sys
def main():
    print(ascii([*sys.argv[1:], os.getcwd()]))
    return {EXIT_CODE}
"""
# Valid, with a hash, and for no machine: nothing is downloaded.
LOCK = f"rich==15.0.0 ; sys_platform == 'none' \\\n    --hash=sha256:{'0' * 64}\n"
UNOBTAINABLE = f"starledger-no-such-package==1.0 \\\n    --hash=sha256:{'0' * 64}\n"


def new_checkout(home: Path, script: Path, lock: str = LOCK) -> Path:
    """Return a checkout of the smallest kind, in a path with spaces and Chinese characters."""
    checkout = home / "星鉴 检出"
    (checkout / "cli").mkdir(parents=True)
    shutil.copy(script, checkout)
    (checkout / "cli" / "__init__.py").touch()
    (checkout / "cli" / "main.py").write_text(COMMAND, encoding="utf-8")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (checkout / name).write_text(lock, encoding="utf-8")
    return checkout


def environment(*, uv: bool, **more: str) -> dict[str, str]:
    """Return an environment with or without uv on the PATH, and with a HOME that nobody can write to."""
    told = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "UV_", "XDG_"))}
    directories = os.get_exec_path()
    if not uv:
        directories = [directory for directory in directories if shutil.which("uv", path=directory) is None]
    return {**told, "PATH": os.pathsep.join(directories), "HOME": os.devnull, "PIP_NO_INDEX": "1", **more}


def start(checkout: Path, where: Path, told: dict[str, str]) -> subprocess.Popen[str]:
    """Start `run.py` with our arguments, in another directory than its own."""
    command: list[str | Path] = [sys.executable, checkout / "run.py", *ARGUMENTS]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=where, env=told, stdout=pipe, stderr=pipe, text=True)


def expected(where: Path) -> str:
    """Return all that the command writes to stdout when run in `where`."""
    return ascii([*ARGUMENTS, str(where)]) + "\n"


@pytest.fixture(scope="module", params=["pip", "uv"])
def told(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the environment of the runs: on a machine without uv, and on one with it."""
    uv = request.param == "uv"
    if uv and shutil.which("uv") is None:
        pytest.skip("uv is not on this machine; its absence is what the other case tests")
    return environment(uv=uv)


@pytest.fixture(scope="module")
def filled(told: dict[str, str], checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout whose environment two first runs have filled, both at the same time."""
    where = tmp_path_factory.mktemp("elsewhere")
    fresh = new_checkout(tmp_path_factory.mktemp("fresh"), checkout / "run.py")
    both = [start(fresh, where, told), start(fresh, where, told)]
    said = [run.communicate() for run in both]
    assert [run.returncode for run in both] == [EXIT_CODE, EXIT_CODE], said
    assert [out for out, _ in said] == [expected(where)] * 2
    assert sum("preparing" in err for _, err in said) == 1
    return fresh


def test_a_later_run_goes_straight_on_with_its_arguments_directory_and_exit_code(
    filled: Path, told: dict[str, str], tmp_path: Path
) -> None:
    again = start(filled, tmp_path, told)
    assert again.communicate() == (expected(tmp_path), "")
    assert again.returncode == EXIT_CODE


def test_a_changed_lock_fills_the_environment_again_and_once(
    filled: Path, told: dict[str, str], tmp_path: Path
) -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        (filled / name).write_text(LOCK + "    # via starledger\n", encoding="utf-8")
    said = [start(filled, tmp_path, told).communicate() for _ in range(2)]
    assert [out for out, _ in said] == [expected(tmp_path)] * 2
    assert ["preparing" in err for _, err in said] == [True, False]


def test_an_environment_that_was_left_half_filled_is_filled_again(
    filled: Path, told: dict[str, str], tmp_path: Path
) -> None:
    (filled / ".venv" / "starledger-filled-from").unlink()
    out, err = start(filled, tmp_path, told).communicate()
    assert (out, "preparing" in err) == (expected(tmp_path), True)


def test_a_checkout_that_was_moved_still_runs(filled: Path, told: dict[str, str], tmp_path: Path) -> None:
    moved = Path(shutil.copytree(filled, tmp_path / "moved", symlinks=True))
    shutil.rmtree(moved / "cli" / "__pycache__", ignore_errors=True)
    (moved / "cli" / "main.py").write_text(COMMAND.replace(str(EXIT_CODE), "8"), encoding="utf-8")
    run = start(moved, tmp_path, told)
    assert run.communicate() == (expected(tmp_path), "")
    assert run.returncode == 8


def test_a_package_lying_in_the_current_directory_is_not_taken_for_ours(
    filled: Path, told: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "__init__.py").write_text("raise SystemExit(99)")
    assert start(filled, tmp_path, told).communicate()[0] == expected(tmp_path)


def test_the_environment_has_a_command_of_its_own(filled: Path, told: dict[str, str], tmp_path: Path) -> None:
    command = filled / ".venv" / ("Scripts/starledger.cmd" if os.name == "nt" else "bin/starledger")
    ended = subprocess.run([command, *ARGUMENTS], cwd=tmp_path, env=told, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == (expected(tmp_path), EXIT_CODE)


def test_where_nothing_can_be_downloaded_the_remedy_is_said_and_nothing_is_taken_for_done(
    checkout: Path, tmp_path: Path
) -> None:
    fresh = new_checkout(tmp_path, checkout / "run.py", UNOBTAINABLE)
    run = start(fresh, tmp_path, environment(uv=False))
    out, err = run.communicate()
    assert (out, run.returncode) == ("", 1)
    assert "PIP_INDEX_URL" in err
    assert "Check the network" in err
    assert not (fresh / ".venv" / "starledger-filled-from").exists()


@pytest.fixture
def script(checkout: Path) -> ModuleType:
    """Return run.py as a module."""
    spec = importlib.util.spec_from_file_location("run_under_test", checkout / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_arguments_there_is_help_and_the_exit_code_of_wrong_usage(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "run.py test" in captured.err


@pytest.mark.parametrize(("version", "supported"), [((3, 10, 14), False), ((3, 6, 0), False), ((3, 11, 0), True)])
def test_an_old_python_is_told_which_one_is_needed(
    script: ModuleType, capsys: pytest.CaptureFixture[str], version: tuple[int, int, int], *, supported: bool
) -> None:
    assert script.supported(version) is supported
    said = capsys.readouterr().err
    assert ("Python 3.11 or newer" in said, "需要 Python 3.11" in said) == (not supported, not supported)


def test_an_old_python_can_read_the_script_at_all(checkout: Path) -> None:
    tree = ast.parse((checkout / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    newer = (ast.JoinedStr, ast.NamedExpr, ast.Match, ast.AnnAssign)
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, newer)] == []
    hints = [node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation]
    hints += [node.returns for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns]
    # What an old Python cannot evaluate stands in quotes.
    assert [ast.unparse(hint) for hint in hints if not isinstance(hint, ast.Name | ast.Constant)] == []


def test_where_venv_is_missing_the_remedy_is_said(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    with pytest.raises(SystemExit) as ending:
        script.fill_with_pip("requirements.lock")
    assert ending.value.code == 1
    assert "apt install python3-venv" in capsys.readouterr().err
