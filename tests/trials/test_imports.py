from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gilbench.errors import InputError
from gilbench.trials import imports


def test_the_parameter_names_modules_with_commas_between() -> None:
    assert imports.modules({"imports": "json,os.path"}) == ["json", "os.path"]
    assert imports.modules({"imports": ""}) == []
    assert imports.modules({}) == []


def test_they_are_imported_and_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slowly.py").write_text("import time\ntime.sleep(0.01)\n")
    monkeypatch.syspath_prepend(tmp_path)
    tried = imports.bring(["slowly"])
    assert "slowly" in sys.modules
    assert 10_000_000 <= tried.figures["import_ns"][0] < 5_000_000_000
    del sys.modules["slowly"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import absent_too", "'broken' cannot be imported: ModuleNotFoundError: .*absent_too"),
        ("1 / 0", r"'broken' cannot be imported: ZeroDivisionError: .* \(broken.py:1\)"),
        ("raise SystemExit('enough')", "'broken' cannot be imported: SystemExit: enough"),
        ("a b", "'broken' cannot be imported: SyntaxError"),
    ],
)
def test_what_cannot_be_imported_is_the_users_to_mend(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=said) as raised:
        imports.bring(["json", "broken"])
    assert "\n" not in str(raised.value)


def test_a_module_that_there_is_not_is_said_so() -> None:
    with pytest.raises(InputError, match="^'nowhere_at_all' cannot be imported: there is no such"):
        imports.bring(["nowhere_at_all"])
