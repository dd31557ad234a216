from fractions import Fraction

import pytest

from chalicelib.domain.sharing import rounded_to, share


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        pytest.param(100, [1, 1, 1], (34, 33, 33), id="the odd cent goes to the first of equals"),
        pytest.param(100, [1, 2], (33, 67), id="and otherwise to the largest remainder"),
        pytest.param(0, [1, 1], (0, 0), id="nothing shares as nothing"),
        pytest.param(-100, [1, 1, 1], (-34, -33, -33), id="a credit is the mirror"),
        pytest.param(100, [3, -1], (150, -50), id="a negative weight takes the other sign"),
        pytest.param(100, [5, -5], (50, 50), id="weights that cancel out count by size"),
        pytest.param(101, [0, 0], (51, 50), id="weights of nothing count the same"),
        pytest.param(10, [Fraction(1, 3), Fraction(2, 3)], (3, 7), id="weights may be fractions"),
    ],
)
def test_shares_add_up_to_the_total(total, weights, shares):
    assert share(total, weights) == shares


@pytest.mark.parametrize(
    ("halves", "total", "parts"),
    [
        pytest.param([1, 1, 1], 2, (0, 1, 1), id="one was rounded up too many"),
        pytest.param([-1, -1, -1], -2, (0, -1, -1), id="and its mirror"),
        pytest.param([1, -1], 0, (1, -1), id="what cancels out stays"),
        pytest.param([0], 0, (0,), id="nothing is nothing"),
    ],
)
def test_rounded_parts_sum_to_the_rounded_sum(halves, total, parts):
    assert rounded_to(total, [Fraction(half, 2) for half in halves]) == parts


def test_a_unit_that_rounding_left_out_goes_where_most_was_cut():
    assert rounded_to(1, [Fraction(3, 10), Fraction(4, 10), Fraction(3, 10)]) == (0, 1, 0)
