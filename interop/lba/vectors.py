"""Dot products in floating-point registers: the definition in NumPy, sharing no code with Narrows.

    python3 -m venv venv && venv/bin/pip install numpy    # 2.4.6 made the committed file
    venv/bin/python interop/lba/vectors.py > core/src/test/resources/golden/numpy-lba.csv

`FloatNumpyGoldenTest` in `core` draws the same operands (SplitMix64, seed 20261122 + number of the
line) and compares. A line is a block of DOTS dot products of K terms: the register as text, K, the
exponents of the operands, the counts of all events, the bits of the first value and the first half
of the SHA-256 of all values (binary32, little-endian).
"""

import hashlib
import sys

import numpy as np

DOTS = 100
BLOCKS = 72
MASK = (1 << 64) - 1

# text: product (m, e, b), sum (m, e, b), order, underflow
REGISTERS = {
    "m7e4(12)/m7e4(10)": ((7, 4, 12), (7, 4, 10), 16, True),
    "m6e4(12)/m6e4(10)": ((6, 4, 12), (6, 4, 10), 16, True),
    "m5e4(12)/m5e4(10):chunk(5)": ((5, 4, 12), (5, 4, 10), 5, True),
    "m4e4(12)/m4e4(10):sequential": ((4, 4, 12), (4, 4, 10), "sequential", True),
    "m5e3(6)/m5e3(4)": ((5, 3, 6), (5, 3, 4), 16, True),
    "m4e3(6)/m4e3(4)": ((4, 3, 6), (4, 3, 4), 16, True),
    "m3e3(5)/m3e3(4):reversed": ((3, 3, 5), (3, 3, 4), "reversed", True),
    "m10e5(20)/m10e5(18)": ((10, 5, 20), (10, 5, 18), 16, True),
    "m6e5(20)/m6e5(18)": ((6, 5, 20), (6, 5, 18), 16, True),
    "m10e5(15)": ((10, 5, 15), (10, 5, 15), 16, True),
    "m7e8(127)": ((7, 8, 127), (7, 8, 127), 16, True),
    "m13e8(127)": ((13, 8, 127), (13, 8, 127), 16, True),
    "m7e4(12)/m10e4(10)": ((7, 4, 12), (10, 4, 10), 16, True),
    "m7e4(12)/m7e4(10):no-underflow": ((7, 4, 12), (7, 4, 10), 16, False),
}


def ends(form):
    """The exponents of the smallest and the largest value, within binary32's normal numbers."""
    _, e, b = form
    return max(-b, -126), min(2**e - 1 - b, 127)


class Quantiser:
    def __init__(self, form, underflow):
        self.m = form[0]
        low, high = ends(form)
        self.least = 2.0 ** (low if underflow else -126)
        self.largest = 2.0**high * (2 - 2.0**-self.m)
        self.under = self.over = 0

    def __call__(self, v):
        assert v.dtype == np.float32 and not np.isnan(v).any()
        magnitude = np.abs(v.astype(np.float64))
        under = magnitude < self.least
        over = magnitude > self.largest
        self.under += int((under & (magnitude != 0)).sum())
        self.over += int(over.sum())
        finite = np.where(over, 1.0, magnitude)
        exponent = np.frexp(finite)[1] - 1
        kept = np.ldexp(np.floor(np.ldexp(finite, self.m - exponent)), exponent - self.m)
        kept = np.where(over, self.largest, np.where(under, 0.0, kept))
        return (np.copysign(kept, v) + 0.0).astype(np.float32)


class Register:
    def __init__(self, product, total, order, underflow):
        self.q_product = Quantiser(product, underflow)
        self.q_sum = Quantiser(total, underflow)
        self.order = order
        self.swamps = 0

    def add(self, term, held):
        after = self.q_sum(term + held)
        self.swamps += int(((term != 0) & (after == held)).sum())
        return after

    def dots(self, w, x):
        """w, x: [dots, K] binary32."""
        count, terms = w.shape
        zero = np.zeros(count, np.float32)
        whole = isinstance(self.order, str)
        ks = list(range(terms))
        if self.order == "reversed":
            ks.reverse()
        size = terms if whole else self.order
        total = zero
        for start in range(0, terms, size):
            held = zero
            for k in ks[start : start + size]:
                held = self.add(self.q_product(x[:, k] * w[:, k]), held)
            total = held if whole else self.add(held, total)
        return total


class Draws:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 32) % bound

    def operand(self, low, span):
        """Zero in one of five cases, else up to 24 significant bits, below 2^(low + span)."""
        if self.below(5) == 0:
            return 0.0
        return float(np.ldexp(float(self.below((1 << 25) - 1) - (1 << 24) + 1), self.below(span) + low - 24))


def main():
    print(f"# NumPy {np.__version__}, Python {sys.version.split()[0]}; made by interop/lba/vectors.py; Apache-2.0")
    print("register,k,low,span,productUnderflows,productOverflows,sumUnderflows,sumOverflows,swamps,first,sha256")
    line = 0
    for text, (product, total, order, underflow) in REGISTERS.items():
        low, high = ends(product) if underflow else (-126, ends(product)[1])
        margin = (high - low) // 4
        low, high = (low - max(4, margin)) // 2, (high + max(10, margin)) // 2
        events = np.zeros(5, int)
        for _ in range(BLOCKS):
            draws = Draws(20261122 + line)
            line += 1
            k = 1 + draws.below(64)
            span = high - low + 1
            w = np.empty((DOTS, k), np.float32)
            x = np.empty((DOTS, k), np.float32)
            for i in range(DOTS):
                for j in range(k):
                    w[i, j] = draws.operand(low, span)
                    x[i, j] = draws.operand(low, span)
            register = Register(product, total, order, underflow)
            with np.errstate(over="ignore", under="ignore"):
                values = register.dots(w, x)
            p, s = register.q_product, register.q_sum
            counts = [p.under, p.over, s.under, s.over, register.swamps]
            events += counts
            bits = values.astype("<f4").tobytes()
            print(
                text, k, low, span, *counts, f"{int(values[:1].view(np.uint32)[0]):08x}",
                hashlib.sha256(bits).hexdigest()[:32], sep=",",
            )
        print(f"{text}: {events.tolist()}", file=sys.stderr)
        under, over, swamps = events[0] + events[2], events[1] + events[3], events[4]
        assert min(under, over, swamps) >= 1000, text


main()
