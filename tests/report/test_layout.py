from __future__ import annotations

from rich.text import Text

from gilbench.report.layout import columns, flow, natural_width, paragraphs, prose, words


def plain(lines: list[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_a_line_takes_what_fits_exactly() -> None:
    pieces = [Text("useful 50 %,"), Text("GIL 4 %"), Text("more")]
    assert plain(flow(pieces, 20)) == ["useful 50 %, GIL 4 %", "more"]
    assert plain(flow(pieces, 19)) == ["useful 50 %,", "GIL 4 % more"]


def test_margins_count() -> None:
    lines = flow([Text("aa"), Text("bb"), Text("cc"), Text("dd")], 7, start=2, indent=4)
    assert plain(lines) == ["  aa bb", "    cc", "    dd"]


def test_a_piece_that_is_wider_than_a_line_breaks_at_its_spaces() -> None:
    assert plain(flow([Text("one"), Text("two three four")], 9)) == ["one two", "three", "four"]


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert plain(prose("see /a/very/long/path now", 8)) == ["see", "/a/very/long/path", "now"]


def test_a_number_stays_with_its_unit() -> None:
    assert plain(prose("They waited 49 % of it.", 14)) == ["They waited", "49 % of it."]
    assert plain(prose("A budget of 4 s, spent", 13)) == ["A budget of", "4 s, spent"]
    assert plain(prose("a 5 second rule", 8)) == ["a 5", "second", "rule"]


def test_pieces_keep_their_style() -> None:
    (line,) = flow([Text("red", "red"), Text("plain")], 20)
    assert [(span.start, span.end, span.style) for span in line.spans] == [(0, 3, "red")]


def test_nothing_is_one_empty_line() -> None:
    assert plain(flow([], 20)) == [""]


def test_columns_align_cells_of_several_lines_and_end_without_spaces() -> None:
    rows = [
        [[Text("workload")], [Text("threads,"), Text("holding")]],
        [[Text("spin")], [Text("1.00")]],
    ]
    assert plain(columns(rows)) == ["workload  threads,", "          holding", "spin      1.00"]
    assert natural_width(rows) == 18


def test_wide_characters_count_double() -> None:
    rows = [[[Text("模块:函数")], [Text("1.00")]], [[Text("spin")], [Text("2.00")]]]
    assert plain(columns(rows)) == ["模块:函数  1.00", "spin       2.00"]


def test_what_n_is_stays_one_word() -> None:
    assert plain(prose("it holds at n = 2048 or so", 18)) == ["it holds at", "n = 2048 or so"]


def test_words_are_those_of_prose() -> None:
    assert words("for 97 % of n = 64: 3 ms.") == ["for", "97 %", "of", "n = 64:", "3 ms."]


def test_paragraphs_have_an_empty_line_between_them() -> None:
    parts = [[], [Text("a"), Text("b")], [], [Text("c")]]
    assert plain(paragraphs(parts)) == ["a", "b", "", "c"]
    assert paragraphs([[], []]) == []
