import pytest

from gilbench.studies.analysis.words import count, kernel, noun, percent


def test_counts_are_words_up_to_ten():
    assert [count(number) for number in (1, 2, 10, 11)] == ["one", "two", "ten", "11"]


@pytest.mark.parametrize(
    ("workload", "expected"),
    [
        ("spin", "spin"),
        ("mix:share=0.5,grain=1ms", "mix"),
        ("mymodule:work", None),
        ("package.spin:work", None),
    ],
)
def test_kernels_are_told_from_functions(workload, expected):
    assert kernel(workload) == expected


def test_backends_have_plural_nouns():
    assert noun("threads") == "threads"
    assert noun("interpreters") == "subinterpreters"
    assert noun("somebody") == "somebody workers"


def test_percent_has_no_negative_zero():
    assert [percent(share) for share in (0.494, -0.001, 1.0)] == ["49 %", "0 %", "100 %"]
