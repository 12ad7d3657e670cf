"""The plain C++ headers: they know nothing of Python, so that any compiler can try them."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

INCLUDE: Final = re.compile(r'^\s*#\s*include\s*(["<])(.+?)[">]', re.M)


@pytest.fixture(scope="module")
def headers(root: Path) -> dict[str, str]:
    folder = root / "ext"
    paths = [*folder.rglob("*.hpp"), folder / "layout.h"]
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths
    }
    assert found
    return found


def test_they_include_each_other_and_the_systems_only(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        includes = INCLUDE.findall(text)
        assert includes, name
        for mark, target in includes:
            if mark == '"':
                assert target in headers, f"{name} includes {target}"
            else:
                assert re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)*(\.h)?", target), f"{name}: {target}"
                assert "python" not in target, f"{name} includes {target}"


def test_systems_are_told_apart_in_one_place(headers: dict[str, str]) -> None:
    there = {name for name in headers if name.startswith("platform/")}
    assert there
    for name in headers.keys() - there:
        switches = re.findall(r"\b(?:_WIN32|__linux__|__APPLE__|__unix__)\b", headers[name])
        assert not switches, f"{name} asks for {switches}"
        # The standard library's have no ending, but for those of C in what C includes too.
        included = {target for mark, target in INCLUDE.findall(headers[name]) if mark == "<"}
        systems = {target for target in included - {"stddef.h"} if "." in target}
        assert not systems, f"{name} includes {systems}"


def test_nothing_of_python_is_named_in_them(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        assert not re.search(r"\bPy[A-Z_]\w*", text), name


def test_one_that_another_system_cannot_compile_is_told(checkout: Path, tmp_path: Path) -> None:
    if find_spec("ziglang") is None:
        pytest.skip("ziglang is not installed: pip install --group ci")
    (tmp_path / "fine.hpp").write_text("#pragma once\ninline int one() { return 1; }\n")
    (tmp_path / "broken.hpp").write_text("#pragma once\n#include <sys/mman.h>\n")
    (tmp_path / "inner").mkdir()
    inner = '#pragma once\n#include "fine.hpp"\n#include <sys/mman.h>\n'
    (tmp_path / "inner" / "broken.hpp").write_text(inner)
    script = [sys.executable, str(checkout / ".ci" / "compile_headers.py"), str(tmp_path)]
    ended = subprocess.run(script, capture_output=True, check=False, text=True, timeout=600)
    assert ended.returncode == 1
    assert re.findall(r"^(\S+), (\S+):$", ended.stdout, re.M) == [
        ("x86_64-windows-gnu", "broken.hpp"),
        ("x86_64-windows-gnu", "inner/broken.hpp"),
        ("aarch64-windows-gnu", "broken.hpp"),
        ("aarch64-windows-gnu", "inner/broken.hpp"),
    ]
    assert ended.stdout.count("'sys/mman.h' file not found") == 4
