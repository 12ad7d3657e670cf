from __future__ import annotations

import pytest

from gilbench.trials.communication.pattern import holds_pattern, pattern


@pytest.mark.parametrize("size", [1, 63, 64, 65, 1000, 2**16])
def test_a_payload_is_known_again(size: int) -> None:
    payload = pattern(size)
    assert len(payload) == size
    assert holds_pattern(payload, size)
    assert holds_pattern(bytearray(payload), size)
    # Where it lies in place, more may lie behind it.
    assert holds_pattern(memoryview(payload + b"more"), size)


@pytest.mark.parametrize("size", [100, 1000])
def test_another_one_is_not(size: int) -> None:
    assert not holds_pattern(pattern(size - 1), size)
    assert not holds_pattern(pattern(size)[1:] + b"\0", size)
    assert not holds_pattern(bytes(size), size)
