"""Files whose calls take several inputs, several samples at once, or keep something from call to call.

operators.py's helpers and golden.py's format: the inputs of a file are calls one after the other.
"""
import argparse
import pathlib

import numpy as np

import golden
from operators import B, Model, options


def unlike():
    """Codes, real numbers and ids, each with a scale of its own or none."""
    m = Model()
    codes = m.tensor((1, 4, 3), "int8", 0.1, 3)
    others = m.tensor((1, 4, 3), "int8", 0.07, -9)
    numbers = m.tensor((1, 4, 3), "float32")
    total = m.tensor((1, 4, 3), "int8", 0.15, -5)
    reals = m.tensor((1, 4, 3), "float32")
    made = m.tensor((1, 4, 3), "float32")
    return m.pack(
        [
            (B.ADD, *options("AddOptions"), [codes, others], [total], 2),
            (B.DEQUANTIZE, *options("DequantizeOptions"), [total], [reals], 2),
            (B.MUL, *options("MulOptions"), [reals, numbers], [made], 1),
        ],
        made,
        inputs=(codes, others, numbers),
    )


def ids():
    """Whole numbers without a scale."""
    m = Model()
    left = m.tensor((2, 3), "int32")
    right = m.tensor((1, 4), "int32")
    order = m.tensor((2,), "int32", data=[1, 0])
    turned = m.tensor((3, 2), "int32")
    flat = m.tensor((2, 2), "int32")
    made = m.tensor((5, 2), "int32")
    shape = m.tensor((2,), "int32", data=[2, 2])
    return m.pack(
        [
            (B.TRANSPOSE, *options("TransposeOptions"), [left, order], [turned], 1),
            (B.RESHAPE, *options("ReshapeOptions", newShape=[2, 2]), [right, shape], [flat], 1),
            (B.CONCATENATION, *options("ConcatenationOptions", axis=0), [turned, flat], [made], 1),
        ],
        made,
        inputs=(left, right),
    )


def halves(m, shape):
    """An input of codes as multiples of a half, so that float32 sums are exact."""
    m.tensor(shape, "int8", 0.5, 3)
    reals = m.tensor(shape, "float32")
    return reals, (B.DEQUANTIZE, *options("DequantizeOptions"), [0], [reals], 2)


def convolution(depthwise=False, same=True, stride=2, dilation=1, groups=1, batch=3, real=False):
    random = np.random.default_rng(5)
    m = Model()
    channels, out, kernel = 4, 8, (3, 2)
    if real:
        source, first = halves(m, (batch, 6, 5, channels))
    else:
        source, first = m.tensor((batch, 6, 5, channels), "int8", 0.05, 11), None
    shape = (1, *kernel, out) if depthwise else (out, *kernel, channels // groups)
    if real:  # halves, so that float32 sums are exact
        weights = m.tensor(shape, "float32", data=random.integers(-9, 10, shape) / 2)
        bias = m.tensor((out,), "float32", data=random.integers(-9, 10, out))
    else:
        scales = random.uniform(0.001, 0.01, out)
        weights = m.tensor(shape, "int8", scales, 0, random.integers(-127, 128, shape),
                           3 if depthwise else 0)
        bias = m.tensor((out,), "int32", 0.05 * scales, 0, random.integers(-900, 900, out))
    extent = lambda k: (k - 1) * dilation + 1
    size = lambda n, k: -(-n // stride) if same else -(-(n - extent(k) + 1) // stride)
    how = ("float32",) if real else ("int8", 0.02, -30)
    made = m.tensor((batch, size(6, 3), size(5, 2), out), *how)
    fields = dict(padding=0 if same else 1, strideW=stride, strideH=stride,
                  dilationWFactor=dilation, dilationHFactor=dilation, fusedActivationFunction=1)
    if depthwise:
        fields["depthMultiplier"] = out // channels
    kind = options("DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", **fields)
    code = B.DEPTHWISE_CONV_2D if depthwise else B.CONV_2D
    operator = (code, *kind, [source, weights, bias], [made], 3)
    return m.pack([first, operator] if real else [operator], made)


def transposed(batch=2):
    random = np.random.default_rng(9)
    m = Model()
    m.tensor((batch, 4, 3, 4), "int8", 0.05, 11)
    shape = m.tensor((4,), "int32", data=[batch, 8, 6, 5])
    scales = random.uniform(0.001, 0.01, 5)
    weights = m.tensor((5, 3, 2, 4), "int8", scales, 0, random.integers(-127, 128, (5, 3, 2, 4)))
    bias = m.tensor((5,), "int32", 0.05 * scales, 0, random.integers(-900, 900, 5))
    made = m.tensor((batch, 8, 6, 5), "int8", 0.02, -30)
    kind = options("TransposeConvOptions", padding=0, strideW=2, strideH=2)
    return m.pack([(B.TRANSPOSE_CONV, *kind, [shape, weights, 0, bias], [made], 4)], made)


def dense(shape, terms, out, keeps):
    random = np.random.default_rng(6)
    m = Model()
    m.tensor(shape, "int8", 0.05, 11)
    weights = m.tensor((5, terms), "int8", 0.004, 0, random.integers(-127, 128, (5, terms)))
    bias = m.tensor((5,), "int32", 0.05 * 0.004, 0, random.integers(-900, 900, 5))
    made = m.tensor(out, "int8", 0.02, -30)
    kind = options("FullyConnectedOptions", keepNumDims=keeps)
    return m.pack([(B.FULLY_CONNECTED, *kind, [0, weights, bias], [made], 5)], made)


def pool(code, same, real=False, batch=3):
    m = Model()
    shape, out = (batch, 5, 4, 3), (batch, 3 if same else 2, 2, 3)
    if real:
        source, first = halves(m, shape)
    else:
        source, first = m.tensor(shape, "int8", 0.1, 3), None
    made = m.tensor(out, "float32") if real else m.tensor(out, "int8", 0.1, 3)
    kind = options("Pool2DOptions", padding=0 if same else 1, strideW=2, strideH=2, filterWidth=2,
                   filterHeight=3, fusedActivationFunction=1)
    operator = (code, *kind, [source], [made], 2)
    return m.pack([first, operator] if real else [operator], made)


def unary(code, option, shape, out, *constants, dtype="int8", how=(0.1, 3), made_how=None):
    m = Model()
    m.tensor(shape, dtype, *how)
    inputs = [0] + [m.tensor(np.shape(c), "int32", data=c) for c in constants]
    made = m.tensor(out, dtype, *(made_how or how))
    return m.pack([(code, *option, inputs, [made], 2)], made)


CASES = {
    "inputs-unlike": unlike,
    "inputs-ids": ids,
    "batch-conv-same": convolution,
    "batch-conv-valid": lambda: convolution(same=False, stride=1, dilation=2),
    "batch-conv-groups": lambda: convolution(groups=2),
    "batch-conv-real": lambda: convolution(real=True),
    "batch-depthwise": lambda: convolution(depthwise=True),
    "batch-depthwise-real": lambda: convolution(depthwise=True, real=True, stride=1),
    "batch-transpose-conv": transposed,
    "batch-dense": lambda: dense((3, 6), 6, (3, 5), False),
    "batch-dense-images": lambda: dense((2, 3, 2, 6), 6, (2, 3, 2, 5), True),
    "batch-dense-rows": lambda: dense((2, 3, 2, 6), 36, (2, 5), False),
    "batch-dense-flat": lambda: dense((2, 3, 6), 6, (6, 5), False),
    "batch-average-pool": lambda: pool(B.AVERAGE_POOL_2D, False),
    "batch-average-pool-real": lambda: pool(B.AVERAGE_POOL_2D, False, True),
    "batch-max-pool": lambda: pool(B.MAX_POOL_2D, True),
    "batch-softmax": lambda: unary(
        B.SOFTMAX, options("SoftmaxOptions", beta=0.7), (2, 3, 4, 5), (2, 3, 4, 5),
        made_how=(1 / 256, -128)),
    "batch-pad": lambda: unary(
        B.PAD, options("PadOptions"), (2, 3, 4, 3), (3, 4, 6, 3), [[1, 0], [0, 1], [2, 0], [0, 0]]),
    "batch-transpose-five": lambda: unary(
        B.TRANSPOSE, options("TransposeOptions"), (2, 3, 4, 2, 3), (4, 2, 3, 3, 2), [2, 0, 1, 4, 3]),
    "batch-resize": lambda: unary(
        B.RESIZE_BILINEAR, options("ResizeBilinearOptions"), (2, 3, 4, 3), (2, 7, 5, 3), [7, 5]),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("names", nargs="*", help="all, unless some are named")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or CASES:
        file = arguments.out / f"{name}.tflite"
        file.write_bytes(CASES[name]())
        golden.golden(file, 4, arguments.out)
