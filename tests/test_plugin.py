from __future__ import annotations

import pytest

from gilbench import plugin


@pytest.mark.parametrize("name", plugin.__all__)
def test_all_that_is_promised_is_there_and_told_of(name: str) -> None:
    assert getattr(plugin, name) is not None
    if name not in {"Gate", "Meter"}:  # which no plugin makes or asks anything
        assert f"`{name}" in str(plugin.__doc__)
