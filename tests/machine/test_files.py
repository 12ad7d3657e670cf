from __future__ import annotations

from gilbench.machine.files import first_line, names, text


def test_text_without_white_space_at_the_ends(system):
    system.write("/proc/told", "  a\nb  ")
    assert text(system.root, "/proc/told") == "a\nb"


def test_bytes_that_are_no_utf8_are_still_read(system, tmp_path):
    (tmp_path / "odd").write_bytes(b"caf\xe9")
    assert text(system.root, "/odd") == "caf\N{REPLACEMENT CHARACTER}"


def test_first_line_only(system):
    system.write("/proc/stat", "cpu 1 2\ncpu0 1 2")
    assert first_line(system.root, "/proc/stat") == b"cpu 1 2\n"


def test_sorted_names(system):
    system.write("/sys/b", "")
    system.write("/sys/a", "")
    assert names(system.root, "/sys") == ["a", "b"]


def test_what_cannot_be_read_is_not_told(system):
    system.write("/folder/file", "")
    assert text(system.root, "/missing") is None
    assert text(system.root, "/folder") is None
    assert first_line(system.root, "/missing") is None
    assert names(system.root, "/missing") == []
