from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gilbench.cli.messages import say

Says = Callable[..., SimpleNamespace]

STORED = Path(__file__).parents[1] / "results" / "files" / "version1.jsonl"
# Sets the title of the terminal's window.
ESCAPE = "\x1b]0;mine\x07"


@pytest.fixture
def crafted(tmp_path: Path) -> Path:
    """A stored run whose workload, reasons and machine steer the terminal."""
    path = tmp_path / "crafted.jsonl"
    escape = json.dumps(ESCAPE)[1:-1]
    text = STORED.read_text(encoding="utf-8").replace('"spin"', f'"spin{escape}"')
    path.write_text(text.replace("Example CPU", f"CPU{escape}"), encoding="utf-8")
    return path


def test_a_message_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("it said\nno\r\nand \x9b2Jleft\x1b[0m")
    assert capsys.readouterr().err == "gilbench: it said no and ?2Jleft?[0m\n"


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_no_form_hands_a_files_controls_to_the_terminal(
    form: str, crafted: Path, gilbench_says: Says
) -> None:
    said = gilbench_says("show", str(crafted), "--format", form, "--strict")
    for told in (said.out, said.err):
        assert told
        assert not {*told} & {"\x1b", "\x07"}
    if form != "json":
        assert "spin?]0;mine" in said.out.replace("\\", "")


def test_runs_with_nothing_in_common_hand_none_over_either(
    crafted: Path, gilbench_says: Says
) -> None:
    said = gilbench_says("show", str(STORED), "--against", str(crafted))
    assert said.status == 2
    assert "spin?]0;mine?" in said.err
