"""Products of arrays, compared with registers written out as the plainest Python."""

import numpy as np
import pytest

import narrows


def saturated(terms, bits):
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    register = 0
    for term in terms:
        register = min(max(register + int(term), low), high)
    return register


def wrapped(terms, bits):
    return (sum(int(t) for t in terms) + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 7, 5), (5, 33, 70)])
def test_dot_agrees_with_registers_written_out(shape):
    channels, terms, rows = shape
    random = np.random.default_rng(20261130)
    w = random.integers(-128, 128, (channels, terms))
    x = random.integers(0, 256, (rows, terms), dtype=np.uint8)
    products = x[:, None, :].astype(np.int64) * w[None]
    for bits in (8, 12, 16):
        for register, rule in ((f"int{bits}:saturate", saturated), (f"int{bits}:wrap", wrapped)):
            expected = [[rule(dot, bits) for dot in row] for row in products]
            assert narrows.dot(w, x, register).tolist() == expected
    assert (narrows.dot(w, x, "exact") == products.sum(-1)).all()


def test_dot_takes_every_type_and_layout_alike():
    w = np.array([[3, -4, 5], [1, 2, -3]], np.int8)
    x = np.array([[1, 2, 3], [0, 4, 1], [7, 7, 7], [2, 0, 2]])
    expected = narrows.dot(w, x, "int5:saturate")
    for dtype in (np.int16, np.uint32, np.float32, np.float64, ">i4"):
        assert (narrows.dot(w, x.astype(dtype), "int5:saturate") == expected).all()
    assert (narrows.dot(np.asfortranarray(w), x[::-1], "int5:saturate") == expected[::-1]).all()
    columns = x.reshape(2, 2, 3).transpose(0, 2, 1)  # [blocks][K][columns]
    blocks = narrows.dot(w, columns, "int5:saturate")
    assert (blocks.transpose(0, 2, 1).reshape(4, 2) == expected).all()
    assert narrows.dot(w[0], x[1], "int5:saturate") == expected[1, 0]


def test_dot_in_groups_is_a_product_of_each_group():
    random = np.random.default_rng(5)
    w = random.integers(-9, 10, (4, 6))
    x = random.integers(-9, 10, (2, 12, 5))
    both = narrows.dot(w, x, "int7:saturate", groups=2)
    for group in range(2):
        own = narrows.dot(w[2 * group : 2 * group + 2], x[:, 6 * group : 6 * group + 6], "int7:saturate")
        assert (both[:, 2 * group : 2 * group + 2] == own).all()


def test_dot_in_a_floating_register_is_float32():
    w = np.array([[1.5, 2.25]], np.float32)
    x = np.array([[2.0, 4.0]], np.float32)
    result = narrows.dot(w, x, "m7e4(12)/m7e4(10)")
    assert result.dtype == np.float32 and result.tolist() == [[12.0]]


def test_sums_of_more_than_32_bits_are_whole():
    w = np.full((1, 4), 2**30, np.int64)
    assert narrows.dot(w, np.full((1, 4), 2**20), "exact").tolist() == [[2**52]]


def test_profile_counts_what_dot_shows():
    random = np.random.default_rng(7)
    w = random.integers(-128, 128, (3, 40))
    x = random.integers(0, 256, (50, 40))
    profile = narrows.profile(w, x, channels=True)
    exact = narrows.dot(w, x, "exact")
    for bits, persistent in zip(profile["bits"], profile["persistent"]):
        limit = 1 << (bits - 1)
        assert persistent == np.count_nonzero((exact >= limit) | (exact < -limit))
    totals = profile["clean"] + profile["transient"] + profile["persistent"]
    assert (totals == profile["dots"]).all() and profile["dots"] == 150
    assert (profile["channels"].sum(0)[:, 1] == profile["transient"]).all()
    assert profile["transient"].any()


def test_bounds_are_reached_by_the_worst_input():
    w = np.array([[3, -2, 7], [1, 1, 1]])
    bounds = narrows.bounds(w, (0, 255))
    assert bounds["hi"].tolist() == [2550, 765] and bounds["lo"].tolist() == [-510, 0]
    assert bounds["signSum"] == 13 and bounds["channels"].tolist() == [13, 11]
    assert bounds["dataType"] >= bounds["l1"] >= bounds["signSum"]


@pytest.mark.parametrize(
    ("weights", "inputs", "register", "expected"),
    [
        ([[1, 2]], [[1, 2, 3]], "int8:wrap", "weights of 2 terms do not fit"),
        ([[1, 2]], [[0.5, 1]], "int8:wrap", "element 0 is 0.5"),
        ([[1, 2]], [[1, 2]], "int99:wrap", "int99"),
        ([[1, 2]], [[1, 2]], "int8:saturate:zero(raw)", "neither zero points nor a bias"),
        ([[1j, 2]], [[1, 2]], "int8:wrap", "expected numbers"),
    ],
)
def test_bad_operands_are_told_in_one_line(weights, inputs, register, expected):
    with pytest.raises(narrows.NarrowsError) as told:
        narrows.dot(weights, inputs, register)
    assert expected in str(told.value) and "\n" not in str(told.value)
