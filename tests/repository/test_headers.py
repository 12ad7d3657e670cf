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
    paths = [*root.glob("ext/*.hpp"), root / "ext" / "layout.h"]
    found = {path.name: path.read_text(encoding="utf-8") for path in paths}
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


def test_nothing_of_python_is_named_in_them(headers: dict[str, str]) -> None:
    for name, text in headers.items():
        assert not re.search(r"\bPy[A-Z_]\w*", text), name


def test_one_that_another_system_cannot_compile_is_told(checkout: Path, tmp_path: Path) -> None:
    if find_spec("ziglang") is None:
        pytest.skip("ziglang is not installed: pip install --group ci")
    (tmp_path / "fine.hpp").write_text("#pragma once\ninline int one() { return 1; }\n")
    (tmp_path / "broken.hpp").write_text("#pragma once\n#include <sys/mman.h>\n")
    script = [sys.executable, str(checkout / ".ci" / "compile_headers.py"), str(tmp_path)]
    ended = subprocess.run(script, capture_output=True, check=False, text=True, timeout=600)
    assert ended.returncode == 1
    assert re.findall(r"^(\S+), (\S+):$", ended.stdout, re.M) == [
        ("x86_64-windows-gnu", "broken.hpp"),
        ("aarch64-windows-gnu", "broken.hpp"),
    ]
    assert "'sys/mman.h' file not found" in ended.stdout
