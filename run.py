"""Start everything from a bare checkout.

`python3 run.py test` runs the tests, `python3 run.py ARGS…` is `starledger ARGS…`. Standard library only: it fills
`.venv` from the lock files, again only when the lock has changed, and goes on inside it. What it says itself goes to
stderr, so that stdout holds the data of the command and nothing else.
"""

# This file must parse on any Python 3, or an old one would answer with a SyntaxError instead of the remedy: hence no
# f-strings, no `X | Y` types and no parenthesised `with` in here.
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "starledger-filled-from")
USER_LOCK = os.path.join(ROOT, "requirements.lock")
DEV_LOCK = os.path.join(ROOT, "requirements-dev.lock")
# One process a core; a file stays in one process, so that what its tests share is made once.
EVERYTHING = ["-n", "auto", "--dist", "loadfile"]
COMMAND = "import sys; sys.argv[0] = 'starledger'; from cli.main import main; sys.exit(main())"

HELP = """\
用法 usage:
  python3 run.py test [ARGS…]   运行全部检查与测试（参数交给 pytest） run every check and test; ARGS go to pytest
  python3 run.py ARGS…          等于 starledger ARGS…               the same as starledger ARGS…
  python3 run.py --help         starledger 的帮助                   the help of starledger
"""
TOO_OLD = """\
需要 Python 3.11 或更高版本，现在运行的是 %s（%s）。请安装新版后用它运行，例如 python3.11 run.py。
Python 3.11 or newer is needed; this is %s (%s). Install a newer one and run it, for example: python3.11 run.py\
"""
NO_VENV = """\
这个 Python 缺少 venv/ensurepip，无法建立虚拟环境。Debian/Ubuntu 请执行 apt install python3-venv；也可安装 uv 后重试。
This Python lacks venv/ensurepip, so no environment can be made. On Debian/Ubuntu: apt install python3-venv.
Or install uv.\
"""
NOT_FILLED = """\
依赖未能安装（原因见上）。请检查网络；如有镜像，请设置 PIP_INDEX_URL（用 uv 时为 UV_DEFAULT_INDEX）后重新运行同一命令。
The dependencies could not be installed (the reason stands above). Check the network; behind a mirror, set PIP_INDEX_URL
(for uv: UV_DEFAULT_INDEX), and run the same command again.\
"""
NOT_WRITABLE = """\
无法写入 %s：%s。请把本目录放到可写的位置再运行。
%s cannot be written: %s. Put this directory where you may write, and run again.\
"""


def main(arguments: "list[str]") -> int:
    """Run what `arguments` ask for; return its exit code (2 is the usage error of an empty command line)."""
    if not arguments:
        sys.stderr.write(HELP)
        return 2
    testing = arguments[0] == "test"
    try:
        ensure_environment(testing=testing)
    except OSError as error:
        return fail(NOT_WRITABLE % (VENV, error, VENV, error))
    # -P: a `domain` or `cli` lying in the current directory must not be taken for ours.
    if testing:
        os.chdir(ROOT)
        return hand_over([PYTHON, "-P", "-m", "pytest"] + (arguments[1:] or EVERYTHING))
    return hand_over([PYTHON, "-P", "-c", COMMAND] + arguments)


def ensure_environment(*, testing: bool) -> None:
    """Have `.venv` hold what the run needs; a test run needs the development lock, which includes the other."""
    sufficient = [DEV_LOCK] if testing else [USER_LOCK, DEV_LOCK]
    if filled_from() in [fingerprint(lock) for lock in sufficient]:
        return
    with Turn():
        # Whoever held the lock before us may have done the work.
        found = filled_from()
        if found not in [fingerprint(lock) for lock in sufficient]:
            # An environment with the development tools keeps them, whoever asks next.
            keep_tools = os.path.basename(DEV_LOCK) in found
            fill(DEV_LOCK if testing or keep_tools else USER_LOCK, found)


def filled_from() -> str:
    """Return the stamp of `.venv`, or an empty string where there is none, or no Python to go with it."""
    if not os.path.exists(PYTHON):
        return ""
    try:
        with open(STAMP, encoding="utf-8") as stamp:
            return stamp.read()
    except OSError:
        return ""


def fingerprint(lock: str) -> str:
    """Return what the stamp says once `.venv` is filled from `lock` for the running Python."""
    with open(lock, "rb") as text:
        digest = hashlib.sha256(text.read()).hexdigest()
    return "%s %s %s\n" % (sys.implementation.cache_tag, os.path.basename(lock), digest)


def fill(lock: str, found: str) -> None:
    """Install exactly `lock` and the project into `.venv`, whose stamp was `found`.

    The stamp goes first and comes back last, so an environment that was left half filled is filled again.
    """
    if found:
        os.remove(STAMP)
    say("准备 .venv（%s）… preparing .venv" % os.path.basename(lock))
    if not (fill_with_uv(lock, found) or fill_with_pip(lock)):
        sys.exit(fail(NOT_FILLED))
    install_project()
    with open(STAMP + ".new", "w", encoding="utf-8") as stamp:
        stamp.write(fingerprint(lock))
    os.replace(STAMP + ".new", STAMP)


def fill_with_uv(lock: str, found: str) -> bool:
    """Fill `.venv` with uv; return False where there is no uv or it does not manage, and pip has to."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    base = base_python()
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PYTHON=base)
    cache = [] if "UV_CACHE_DIR" in os.environ or can_write(cache_home()) else ["--no-cache"]
    make = [uv, "venv", "--quiet", "--clear", "--no-project", "--python", base, VENV]
    # `sync` also removes what the lock no longer names, without pulling the environment from under a running test.
    install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON] + cache + [lock]
    # A complete environment of this very Python is brought up to date; any other is made anew.
    kept = found.startswith(str(sys.implementation.cache_tag) + " ")
    return (kept or done(make + cache, environment)) and done(install, environment)


def fill_with_pip(lock: str) -> bool:
    """Fill a new `.venv` with venv and pip; return whether that succeeded."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(fail(NO_VENV))
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    return done([base_python(), "-m", "venv", "--clear", VENV]) and done(install + ["--require-hashes", "-r", lock])


def install_project() -> None:
    """Put the project itself on the path of `.venv`, and a `starledger` command beside its Python.

    A path file and a script of one line, instead of an editable install: that would need the build backend, hence a
    download, on every user's machine. Both are relative and ASCII: they hold in a path with spaces or Chinese
    characters, under any locale, and after the checkout has been moved.
    """
    site_packages = sysconfig.get_path("purelib", "venv", {"base": VENV, "platbase": VENV})
    with open(os.path.join(site_packages, "starledger.pth"), "w", encoding="ascii") as path_file:
        path_file.write(os.path.relpath(ROOT, site_packages) + "\n")
    if os.name == "nt":
        write_script("starledger.cmd", '@"%~dp0python.exe" -P -c "' + COMMAND + '" %*\n')
    else:
        write_script("starledger", '#!/bin/sh\nexec "$(dirname -- "$0")/python" -P -c "' + COMMAND + '" "$@"\n')


def write_script(name: str, text: str) -> None:
    """Write an executable `name` beside the environment's Python."""
    path = os.path.join(BIN, name)
    with open(path, "w", encoding="ascii", newline="\n") as script:
        script.write(text)
    os.chmod(path, 0o755)


def base_python() -> str:
    """Return the Python that environments are made from, also where this one runs inside an environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def cache_home() -> str:
    """Return the directory below which uv keeps its cache."""
    return os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")


def can_write(directory: str) -> bool:
    """Return whether `directory` can be written or made."""
    while not os.path.exists(directory) and os.path.dirname(directory) != directory:
        directory = os.path.dirname(directory)
    return os.path.isdir(directory) and os.access(directory, os.W_OK | os.X_OK)


def done(command: "list[str]", environment: "dict[str, str] | None" = None) -> bool:
    """Run `command` with all it says on stderr; return whether it ended well."""
    return subprocess.call(command, env=environment, stdout=sys.stderr, stdin=subprocess.DEVNULL) == 0


def hand_over(command: "list[str]") -> int:
    """Become `command` (on Windows: wait for it); return its exit code."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def say(sentence: str) -> None:
    """Tell the person at the terminal; never on stdout."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def fail(message: str) -> int:
    """Say what went wrong and what to do; return the exit code."""
    say(message)
    return 1


class Turn:
    """Held by one run at a time while it fills `.venv`; the others wait. The operating system frees it on any death."""

    def __enter__(self) -> None:
        """Wait until no other run fills `.venv`."""
        self.file = open(os.path.join(ROOT, ".venv.lock"), "a+b")
        if os.name == "nt":
            self.wait_on_windows()
        else:
            import fcntl

            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self.file.close()

    def wait_on_windows(self) -> None:
        """Wait for the lock; there a try ends after ten seconds, so it is repeated."""
        if sys.platform == "win32":
            import msvcrt

            while True:
                self.file.seek(0)
                try:
                    msvcrt.locking(self.file.fileno(), msvcrt.LK_LOCK, 1)
                except OSError:
                    say("另一个运行正在准备 .venv，请稍候… waiting for another run that is filling .venv")
                else:
                    return


def supported(version: "tuple[int, int, int]") -> bool:
    """Return whether Python `version` is new enough; say what to do where it is not."""
    if version >= (3, 11, 0):
        return True
    written = "%d.%d.%d" % version
    fail(TOO_OLD % (written, sys.executable, written, sys.executable))
    return False


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]) if supported(sys.version_info[:3]) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
