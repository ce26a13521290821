"""A file whose two dense operators share a filter tensor, and whose biases share a buffer.

`shared.py --out DIR` writes it. A copy with other constants for the second operator is written by
Narrows (TfliteConstantsTest, which compares its bytes); golden.py runs both.
"""
import argparse
import pathlib

import numpy as np
from operators import B, Model, options


def shared():
    random = np.random.default_rng(17)
    m = Model()
    m.tensor((1, 6), "int8", 0.05, 11)
    scales = random.uniform(0.001, 0.01, 5)
    weights = m.tensor((5, 6), "int8", scales, 0, random.integers(-127, 128, (5, 6)))
    bias = random.integers(-900, 900, 5)
    one = m.tensor((5,), "int32", 0.05 * scales, 0, bias)
    other = m.tensor((5,), "int32", 0.05 * scales, 0, bias)
    m.tensors[other].buffer = m.tensors[one].buffer
    m.buffers.pop()
    first = m.tensor((1, 5), "int8", 0.02, -30)
    second = m.tensor((1, 5), "int8", 0.03, -20)
    kind = options("FullyConnectedOptions")
    return m.pack(
        [
            (B.FULLY_CONNECTED, *kind, [0, weights, one], [first], 5),
            (B.FULLY_CONNECTED, *kind, [0, weights, other], [second], 5),
        ],
        first,
        second,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    (out / "shared.tflite").write_bytes(shared())
