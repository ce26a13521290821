"""Registers of matrix hardware in NumPy integers: the definition of docs/accumulators.md, sharing no code with Narrows.

A float of a format with m mantissa bits and least exponent l is d * 2^(e - m): e its exponent, at least l, and -126
for zero. Dot products of every row of A with every column of B, group after group.
"""

import numpy as np

# name: mantissa bits, least exponent, code of 1.0's exponent, largest exponent code, largest mantissa code there
FORMATS = {
    "fp16": (10, -14, 15, 30, 1023),
    "bf16": (7, -126, 127, 254, 127),
    "tf32": (10, -126, 127, 254, 1023),
    "e4m3": (3, -6, 7, 15, 6),
    "e5m2": (2, -14, 15, 30, 3),
    "e4m3fnuz": (3, -7, 8, 15, 7),
    "e5m2fnuz": (2, -15, 16, 31, 3),
    "e2m1": (1, 0, 1, 3, 1),
}
# name: mantissa bits kept, least exponent, largest value, to nearest
OUTPUTS = {
    "fp32": (23, -126, float(np.finfo(np.float32).max), False),
    "e8m13": (13, -126, float(np.finfo(np.float32).max), False),
    "fp16": (10, -14, 65504.0, True),
}
ZERO = -126


def parts(values, mantissa, least, zero):
    """Digits and exponents of doubles that are multiples of 2^(exponent - mantissa)."""
    e = np.maximum(np.frexp(values)[1] - 1, least)
    e = np.where(values == 0, zero, e)
    return np.ldexp(values, mantissa - np.maximum(e, -400)).astype(np.int64) * (values != 0), e


def shifted(digits, by, down):
    """digits * 2^by without its fraction: toward zero, or down."""
    left = np.left_shift(digits, np.clip(by, 0, 62))
    right = np.clip(-by, 0, 63)
    if down:
        return np.where(by >= 0, left, np.right_shift(digits, right))
    return np.where(by >= 0, left, np.sign(digits) * np.right_shift(np.abs(digits), right))


def rounded(digits, unit, mantissa, least, largest, nearest):
    """What a format holds of digits * 2^unit."""
    size = np.abs(digits)
    # an integer of up to 62 bits: binary64 may round it up to a power of two, which the comparison undoes
    top = np.frexp(size.astype(np.float64))[1] - 1
    top = np.where(np.left_shift(1, np.clip(top, 0, 62)) > size, top - 1, top) + unit
    quantum = np.maximum(top, least) - mantissa
    by = np.clip(quantum - unit, 0, 63)
    kept = np.right_shift(size, by)
    if nearest:
        rest = size - np.where(by > 62, 0, np.left_shift(kept, np.minimum(by, 62)))
        half = np.left_shift(1, np.clip(by - 1, 0, 62))
        up = (by > 0) & (by < 63) & ((rest > half) | ((rest == half) & (kept & 1 == 1)))
        kept = kept + up
    value = np.ldexp(kept.astype(np.float64), np.maximum(quantum, unit))
    value = np.where(size == 0, 0.0, value)
    value = np.where(value > largest, np.inf, value)
    return np.where(digits < 0, -value, value) + 0.0


def fused(register, a, b, form, fraction, output, zero=ZERO, floor=None, scale=0):
    """A group: register [dots], a and b [dots, g], all finite doubles; scale: an exponent for each dot."""
    mantissa, least = FORMATS[form][:2]
    kept, low, largest, nearest = OUTPUTS[output]
    bits = 10 if output == "fp16" else 23
    c, ec = parts(register, bits, low, zero)
    da, ea = parts(a, mantissa, least, zero)
    db, eb = parts(b, mantissa, least, zero)
    e = ea + eb + np.reshape(scale, (-1, 1))
    top = np.maximum(e.max(axis=1), ec)
    if floor is not None:
        top = np.maximum(top, floor)
    unit = top - fraction
    total = shifted(c, ec - bits - unit, False)
    total = total + shifted(da * db, e - 2 * mantissa - unit[:, None], False).sum(axis=1)
    return rounded(total, unit, kept, low, largest, nearest)


def blocks(register, a, b, scale_a, scale_b, fraction, kind):
    """A group of 4-bit operands in sums of 16, each with its two scales [dots, blocks]; kind: mx or nv."""
    mantissa, least = (3, -6) if kind == "nv" else (0, -127)
    sums = (a * b * 4).astype(np.int64).reshape(len(a), -1, 16).sum(axis=2)
    da, ea = parts(scale_a, mantissa, least, ZERO)
    db, eb = parts(scale_b, mantissa, least, ZERO)
    c, ec = parts(register, 23, -126, ZERO)
    e = ea + eb
    unit = np.maximum(e.max(axis=1), ec) - fraction
    total = shifted(c, ec - 23 - unit, False)
    total = total + shifted(sums * da * db, e - 2 - 2 * mantissa - unit[:, None], False).sum(axis=1)
    return rounded(total, unit, *OUTPUTS["fp32"])


def pairwise(register, a, b, flushes):
    """A group of AMD's CDNA1 and CDNA2, in binary32."""
    kept = lambda v: np.where(flushes & (np.abs(v) < 2.0**-126), np.float32(0), v)
    with np.errstate(over="ignore", invalid="ignore"):
        level = kept(a.astype(np.float32) * b.astype(np.float32))
        while level.shape[1] > 1:
            level = kept(level[:, 0::2] + level[:, 1::2])
        return kept(register.astype(np.float32) + level[:, 0]).astype(np.float64)


def products(a, b, form, fraction):
    mantissa, least = FORMATS[form][:2]
    da, ea = parts(a, mantissa, least, ZERO)
    db, eb = parts(b, mantissa, least, ZERO)
    e = ea + eb
    top = e.max(axis=1)
    return shifted(da * db, e - 2 * mantissa - (top - fraction)[:, None], False).sum(axis=1), top


def floored(register, a, b, form, fraction, pairs):
    """A group of AMD's CDNA3."""
    if pairs:
        s0, e0 = products(a[:, 0::2], b[:, 0::2], form, fraction)
        s1, e1 = products(a[:, 1::2], b[:, 1::2], form, fraction)
        e = np.maximum(e0, e1)
        s = shifted(s0, e0 - e, True) + shifted(s1, e1 - e, True)
    else:
        s, e = products(a, b, form, fraction)
    c, ec = parts(register, 23, -126, ZERO)
    top = np.maximum(e, ec)
    s = shifted(s, e - fraction - (top - 31), True)
    c = shifted(c, ec - 23 - (top - 24), True)
    if pairs:
        c = np.where(ec >= top - 25, c, 0)
    value = rounded(s + np.left_shift(c, 7), top - 31, 23, -126, OUTPUTS["fp32"][2], True)
    large = np.abs(a * b) >= 2.0**128
    up = (large & (a * b > 0)).any(axis=1)
    down = (large & (a * b < 0)).any(axis=1)
    value = np.where(up, np.inf, np.where(down, -np.inf, value))
    return np.where(up & down, np.nan, value)


def dots(a, b, style, group, fraction, output, form, dropped=False):
    """a [rows, K] with b [K, columns] -> [rows * columns]; dropped: zeros as in the Leeds model."""
    rows, terms = a.shape
    columns = b.shape[1]
    left = np.repeat(a, columns, axis=0)
    right = np.tile(b.T, (rows, 1))
    register = np.zeros(rows * columns)
    if style == "pairwise-flushed":
        least = 2.0 ** FORMATS[form][1]
        left, right = (np.where(np.abs(v) < least, 0.0, v) for v in (left, right))
    for k in range(0, terms, group):
        x, y = left[:, k : k + group], right[:, k : k + group]
        with np.errstate(invalid="ignore", over="ignore"):
            special = (x * y).sum(axis=1) + register
        held = np.where(np.isfinite(register), register, 0.0)
        if style.startswith("pairwise"):
            register = pairwise(register, x, y, style == "pairwise-flushed")
            continue
        if style == "fused":
            zero = -100000 if dropped else ZERO
            result = fused(held, x, y, form, fraction, output, zero, -133 if dropped else None)
        else:
            result = floored(held, x, y, form, fraction, style == "floored-pairs")
        register = np.where(np.isfinite(special), result, special)
    return register


def scaled_dots(a, b, scale_a, scale_b, style, group, fraction, form, kind):
    """The same with scales of blocks: scale_a [rows, blocks], scale_b [blocks, columns]."""
    rows, terms = a.shape
    columns = b.shape[1]
    left, right = np.repeat(a, columns, axis=0), np.tile(b.T, (rows, 1))
    sa, sb = np.repeat(scale_a, columns, axis=0), np.tile(scale_b.T, (rows, 1))
    size = terms // scale_a.shape[1]
    register = np.zeros(rows * columns)
    for k in range(0, terms, group):
        x, y = left[:, k : k + group], right[:, k : k + group]
        first, last = k // size, -(-(k + group) // size)
        p, q = sa[:, first:last], sb[:, first:last]
        if style == "fused":
            exponents = (np.log2(p[:, 0]) + np.log2(q[:, 0])).astype(np.int64)
            register = fused(register, x, y, form, fraction, "fp32", scale=exponents)
        else:
            each = size // 16
            register = blocks(register, x, y, np.repeat(p, each, axis=1), np.repeat(q, each, axis=1), fraction, kind)
    return register
