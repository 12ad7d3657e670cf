from __future__ import annotations

from pathlib import Path

import pytest

from gilbench.trials.crash.sign import await_sign, give, look


def test_a_sign_is_seen_once_it_is_given(tmp_path: Path) -> None:
    assert look(str(tmp_path), "go") is None
    with pytest.raises(TimeoutError, match=r"no sign 'go' for 0\.01 s"):
        await_sign(str(tmp_path), "go", 0.01)
    give(str(tmp_path), "go", "now")
    assert look(str(tmp_path), "go") == "now"
    assert await_sign(str(tmp_path), "go", 0.01) == "now"


def test_a_sign_that_is_being_given_is_none_yet(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    assert look(str(tmp_path), "go") is None
