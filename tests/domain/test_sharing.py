from fractions import Fraction

import pytest

from chalicelib.domain.sharing import share


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
