from __future__ import annotations

import pytest

from gilbench._native import detach


@pytest.mark.parametrize("pair", [detach.by_kernel, detach.by_c_api])
def test_detaching_and_attaching_takes_time(pair: object) -> None:
    assert callable(pair)
    assert 0 < pair(1000) < 1_000_000_000
    # A stamp or two, and no pair.
    assert 0 <= pair(0) < 10_000_000
