"""The one place that reads the files in which a system describes itself.

`root` is prepended to every absolute path: empty for the real file system, a folder of made-up
files in tests. A file that is missing or refuses to be read is a fact that this system does not
tell, and so None. Plain strings, because importing `pathlib` costs more than all that hosts and
workers need of this package.
"""

import os

__all__ = ["REAL_ROOT", "first_line", "names", "text"]

REAL_ROOT = ""


def text(root: str, path: str) -> str | None:
    """Return what the file holds, without white space at either end, or None."""
    try:
        with open(root + path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read().strip()
    except OSError:
        return None


def first_line(root: str, path: str) -> bytes | None:
    """Return the file's first line, undecoded, or None: for files that are read often."""
    try:
        with open(root + path, "rb") as file:  # noqa: PTH123
            return file.readline()
    except OSError:
        return None


def names(root: str, path: str) -> list[str]:
    """Return the sorted names in a folder; none where there is no such folder."""
    try:
        return sorted(os.listdir(root + path))  # noqa: PTH208
    except OSError:
        return []
