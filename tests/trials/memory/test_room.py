from __future__ import annotations

from types import SimpleNamespace

import pytest

from gilbench.trials.memory import room
from gilbench.trials.tried import UnavailableError

MIB = 2**20


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    told = SimpleNamespace(bytes=None)
    monkeypatch.setattr(room, "memory_left", lambda: told.bytes)
    return told


def test_what_fits_is_left_as_it_is(left: SimpleNamespace) -> None:
    assert room.fitting(32 * MIB, 3) == (32 * MIB, None)
    left.bytes = (64 + 3 * 32) * MIB
    assert room.fitting(32 * MIB, 3) == (32 * MIB, None)
    assert room.fitting(32 * MIB, 3, 32 * MIB) == (32 * MIB, None)


@pytest.mark.parametrize(
    ("bytes", "shared", "fits"),
    [((64 + 3 * 31) * MIB, None, 16), ((64 + 3 * 4) * MIB, None, 4), (None, 9 * MIB, 8)],
)
def test_what_does_not_is_halved_and_said(
    bytes: int | None, shared: int | None, fits: int, left: SimpleNamespace
) -> None:
    left.bytes = bytes
    said = f"{fits} MiB in place of 32 MiB: no more memory was left"
    assert room.fitting(32 * MIB, 3, shared) == (fits * MIB, said)


@pytest.mark.parametrize("bytes", [0, 65 * MIB])
def test_where_next_to_nothing_fits_it_is_not_to_be_had(bytes: int, left: SimpleNamespace) -> None:
    left.bytes = bytes
    with pytest.raises(UnavailableError, match="^too little memory: .* KiB are left for it$"):
        room.fitting(32 * MIB, 3)
