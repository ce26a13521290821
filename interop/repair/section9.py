"""Methods section 9, one output channel, written down literally in NumPy: scale growth, a threshold for each
sign, error feedback through the Cholesky factor of the inverse, and the choice by covariance error.

    python section9.py > ../../repair/src/test/resources/golden/section9.csv

Problems whose answer hangs on a tie (a value within 1e-9 of a half, two errors within 1e-9 of each other) are left
out, so that the order of additions cannot matter.
"""
import sys

import numpy as np


class Tie(Exception):
    pass


def rint(v):
    v = np.asarray(v)
    if np.any(np.abs(v - np.floor(v) - 0.5) < 1e-9):
        raise Tie
    return np.rint(v)


class Channel:
    def __init__(self, w, c, a, b, low, high, code):
        self.w, self.c, self.a, self.b, self.low, self.high, self.code = w, c, a, b, low, high, code
        self.given = np.max(np.abs(w)) / code

    def safe(self, q):
        q = q.astype(np.int64)
        top = np.maximum(0, np.maximum(q * self.a, q * self.b)).sum()
        bottom = np.minimum(0, np.minimum(q * self.a, q * self.b)).sum()
        return top <= self.high and bottom >= self.low

    def nearest(self, v):
        # a growth scale puts a weight next to a half; w / s is one IEEE division, the same everywhere
        return np.clip(np.rint(v), -self.code, self.code)

    def growth(self):
        def ok(s):
            return self.safe(np.clip(np.rint(self.w / s), -self.code, self.code))

        if ok(self.given):
            return self.given
        out, inside = self.given, max(self.given, 2.1 * np.max(np.abs(self.w)))
        assert ok(inside)
        for _ in range(40):
            middle = np.sqrt(out) * np.sqrt(inside)
            if ok(middle):
                inside = middle
            else:
                out = middle
        return inside

    def losses(self, s):
        """What each weight loses: per side the least threshold, by bisection, at which rounding fits."""
        v = self.w / s
        raises, lowers = max(0, self.b), max(0, -self.a)
        unit = max(1, raises, lowers)
        losses = np.zeros(len(v))
        for up, budget in ((True, self.high), (False, -self.low)):
            # what a unit of a positive and of a negative weight costs this side
            cost = np.where((v > 0) == up, raises, lowers)

            def fits(threshold):
                shrunk = np.sign(v) * np.maximum(np.abs(v) - (losses + threshold * cost / unit), 0)
                q = np.clip(np.rint(shrunk), -self.code, self.code)
                return (np.abs(q) * cost).sum() <= budget

            if fits(0):
                continue
            out, inside = 0.0, max(1.0, 1 + np.max(np.abs(v)))
            while not fits(inside):
                inside *= 2
            for _ in range(40):
                middle = (out + inside) / 2
                if fits(middle):
                    inside = middle
                else:
                    out = middle
            losses = losses + inside * cost / unit
        return losses

    def shrunk(self, s, share):
        v = self.w / s
        return np.sign(v) * np.maximum(np.abs(v) - share * self.losses(s), 0)

    def threshold(self, s):
        return np.clip(np.rint(self.shrunk(s, 1)), -self.code, self.code)

    def feedback(self, s, share):
        k = len(self.w)
        order = np.argsort(-np.diag(self.c), kind="stable")
        h = self.c[np.ix_(order, order)] + 0.01 * np.trace(self.c) / k * np.eye(k)
        u = np.linalg.cholesky(np.linalg.inv(h)).T
        v = (self.shrunk(s, share) if share > 0 else self.w / s)[order]
        q = np.zeros(k)
        up, down = self.high, -self.low
        for i in range(k):
            value = float(np.clip(np.rint(v[i]) if i == 0 else rint(v[i]), -self.code, self.code))
            size = abs(int(value))
            raises, lowers = max(0, self.b), max(0, -self.a)
            here, there = (raises, lowers) if value > 0 else (lowers, raises)
            if here > 0:
                size = min(size, max(0, up) // here)
            if there > 0:
                size = min(size, max(0, down) // there)
            up, down = up - size * here, down - size * there
            q[i] = np.sign(value) * size
            error = (v[i] - q[i]) / u[i, i]
            v[i:] -= error * u[i, i:]
        answer = np.zeros(k)
        answer[order] = q
        return answer

    def error(self, q, s):
        d = s * q - self.w
        return d @ self.c @ d

    def choice(self):
        top = self.growth()
        floor = self.given / 4 if self.code <= 7 else self.given
        step = np.sqrt(np.sqrt(2.0))
        scales, s = {top * step, floor}, top
        for _ in range(17):
            scales.add(s)
            s = s / step
        found = []
        for s in sorted(s for s in scales if s >= floor):
            options = [self.threshold(s), self.feedback(s, 0), self.feedback(s, 0.5), self.feedback(s, 1)]
            rounded = self.nearest(self.w / s)
            if self.safe(rounded):
                options.append(rounded)
            for q in options:
                assert self.safe(q)
                found.append((self.error(q, s), s, q))
        found.sort(key=lambda f: f[0])
        for error, s, q in found[1:]:
            same = s == found[0][1] and np.array_equal(q, found[0][2])
            if not same and error <= found[0][0] * (1 + 1e-9):
                raise Tie
        return found[0]


def numbers(values):
    return " ".join(repr(float(v)) for v in np.ravel(values))


def integers(values):
    return " ".join(str(int(v)) for v in values)


def main():
    random = np.random.default_rng(9)
    print(f"# made by interop/repair/section9.py, NumPy {np.__version__}, x86_64")
    print("# w, C, a b L U code, growth scale, threshold q at 0.6 of it, feedback q there, chosen scale, chosen q")
    kept = 0
    while kept < 24:
        k = int(random.integers(2, 10))
        samples = random.normal(size=(3 * k, k)) @ random.normal(size=(k, k)) * random.uniform(0.1, 1, k)
        c = np.cov(samples.T, bias=True).reshape(k, k)
        c = (c + c.T) / 2
        w = random.laplace(size=k)
        code = int(random.choice([3, 7, 127]))
        a, b = [(0, 15), (0, 255), (-8, 7), (-128, 127), (5, 20)][kept % 5]
        bits = int(random.integers(8, 13)) if b > 100 else int(random.integers(6, 9))
        channel = Channel(w, c, a, b, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, code)
        try:
            growth = channel.growth()
            s = 0.6 * growth
            threshold, fed = channel.threshold(s), channel.feedback(s, 0)
            _, scale, chosen = channel.choice()
        except Tie:
            print("left out a tie", file=sys.stderr)
            continue
        kept += 1
        print(",".join([numbers(w), numbers(c), f"{a} {b} {channel.low} {channel.high} {code}", numbers(growth),
                        integers(threshold), integers(fed), numbers(scale), integers(chosen)]))


main()
