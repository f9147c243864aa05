"""The child that reads one workbook: limits first, then the file from standard input, the grid to standard output."""

import contextlib
import sys
from collections.abc import Sequence

from domain.findings import Invalid
from workbooks.grid import read_grid
from workbooks.grid_json import findings_answer, grid_answer

MEMORY_GONE = 1


def confine(memory_bytes: int, processor_seconds: int) -> None:
    """Give up the right to more memory, more time, and any file; where the system knows no limits, nothing happens."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 - only POSIX has it

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str]) -> int:
    """Answer on standard output; return 0, or 1 where the memory did not suffice."""
    memory_bytes, processor_seconds, *sheet = arguments
    content = sys.stdin.buffer.read()
    confine(int(memory_bytes), int(processor_seconds))
    try:
        answer = grid_answer(read_grid(content, sheet[0] if sheet else None))
    except Invalid as verdict:
        answer = findings_answer(verdict.findings)
    except MemoryError:
        return MEMORY_GONE
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
