"""Random files of one operator each and their golden tensors, to compare widely.

Scales are drawn over many powers of two, near them and at exact ratios; zero points at the ends and
between. Each file runs in a process of its own, because LiteRT refuses some and stops at others.
LiteRtRandomOperatorsTest compares a folder of them.
"""
import argparse
import os
import pathlib

import numpy as np

import golden
import operators
from operators import B, Model, options

RANGE = {"int8": (-128, 128), "uint8": (0, 256), "int16": (-32768, 32768)}
IMAGE = (1, 3, 4, 3)


class Draw:
    """What one file is made of."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def one(self, *choices):
        return choices[int(self.random.integers(len(choices)))]

    def chance(self, share):
        return self.random.random() < share

    def count(self, low, high):
        return int(self.random.integers(low, high))

    def between(self, low, high):
        """Uniform in the logarithm."""
        return float(np.float32(np.exp(self.random.uniform(np.log(low), np.log(high)))))

    def dtype(self, *names):
        return self.one(*(names or RANGE))

    def zero(self, dtype):
        low, high = RANGE[dtype]
        return 0 if dtype == "int16" else self.one(low, high - 1, *self.random.integers(low, high, 3).tolist())

    def scale(self, dtype):
        way = self.count(0, 6)
        if way < 2:
            near = 1 + self.random.uniform(-0.0012, 0.0012) * way
            return float(np.float32(2.0 ** self.count(-14, 3) * near))
        if way == 2:
            return self.between(1e-9, 10 if dtype == "int16" else 1e4)
        return self.between(1e-6, 0.1) if dtype == "int16" else self.between(1e-4, 2)

    def activation(self):
        return self.one(0, 0, 0, 1, 2, 3)

    def made(self, dtype, scales, terms):
        """An output scale: where sums fill the codes, any, or an exact power of two times the sum's."""
        way = self.count(0, 10)
        if way < 4:
            return self.scale(dtype)
        if way < 6:
            return float(np.float32(scales[0])) * 2.0 ** self.count(-9, 10)
        return float(np.max(scales)) * terms**0.5 * 20 * self.between(0.2, 5)

    def weights(self, model, dtype, shape, channels, axis, scale):
        """A filter and its bias; the scales of sums."""
        scales = np.array(
            [self.between(1e-4, 1) for _ in range(self.one(1, channels) if dtype != "uint8" else 1)],
            np.float32)
        kind = "uint8" if dtype == "uint8" else "int8"
        low = 0 if kind == "uint8" else -127
        filter = model.tensor(
            shape, kind, scales, self.zero(kind) if kind == "uint8" else 0,
            self.random.integers(low, RANGE[kind][1], shape), axis)
        bias_type = "int64" if dtype == "int16" else "int32"
        bias = model.tensor((channels,), bias_type, scale * scales, 0,
                            self.random.integers(-20000, 20000, channels))
        return filter, bias, scale * scales.astype(float)


def dense(d):
    m, dtype = Model(), d.dtype()
    rows, terms, units = d.one(1, 1, 5), d.count(1, 40), d.count(1, 7)
    scale = d.scale(dtype)
    m.tensor((1, rows, terms), dtype, scale, d.zero(dtype))
    filter, bias, scales = d.weights(m, dtype, (units, terms), units, 0, scale)
    made = m.tensor((1, rows, units), dtype, d.made(dtype, scales, terms), d.zero(dtype))
    kind = options("FullyConnectedOptions", keepNumDims=True,
                   fusedActivationFunction=d.activation())
    return m.pack([(B.FULLY_CONNECTED, *kind, [0, filter, bias if d.chance(0.8) else -1], [made], 5)], made)


def convolution(d):
    m, dtype, depthwise = Model(), d.dtype(), d.chance(0.4)
    height, width, channels = d.count(3, 8), d.count(3, 8), d.count(1, 5)
    kernel = d.count(1, 4), d.count(1, 4)
    out = channels * d.count(1, 3) if depthwise else d.count(1, 7)
    scale, stride, same = d.scale(dtype), d.count(1, 3), d.chance(0.5)
    m.tensor((1, height, width, channels), dtype, scale, d.zero(dtype))
    shape = (1, *kernel, out) if depthwise else (out, *kernel, channels)
    filter, bias, scales = d.weights(m, dtype, shape, out, 3 if depthwise else 0, scale)
    size = lambda n, k: -(-n // stride) if same else -(-(n - k + 1) // stride)
    terms = kernel[0] * kernel[1] * (1 if depthwise else channels)
    made = m.tensor((1, size(height, kernel[0]), size(width, kernel[1]), out), dtype,
                    d.made(dtype, scales, terms), d.zero(dtype))
    fields = dict(padding=0 if same else 1, strideW=stride, strideH=stride,
                  dilationWFactor=1, dilationHFactor=1, fusedActivationFunction=d.activation())
    if depthwise:
        fields["depthMultiplier"] = out // channels
    kind = options("DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", **fields)
    code = B.DEPTHWISE_CONV_2D if depthwise else B.CONV_2D
    return m.pack([(code, *kind, [0, filter, bias], [made], 3)], made)


def pair(d):
    m, dtype, code = Model(), d.dtype(), d.one(B.ADD, B.SUB, B.MUL)
    left = d.scale(dtype)
    right = d.scale(dtype) if d.chance(0.4) else left * d.between(0.1, 10)
    if dtype == "int16" and d.chance(0.5):
        near = lambda: 1 + d.one(0, d.random.uniform(-0.0009, 0.0009))
        power = 2.0 ** d.count(-14, 0)
        left, right = power * near(), power / 2 ** d.count(0, 5) * near()
        out = power * near()
    elif code == B.MUL:
        out = left * right * RANGE[dtype][1] * d.between(0.1, 2)
    else:
        out = max(left, right) * d.between(0.5, 3)
    m.tensor(IMAGE, dtype, left, d.zero(dtype))
    shape = d.one(IMAGE, (3,)) if dtype != "int16" else IMAGE
    constant = m.tensor(shape, dtype, right, d.zero(dtype), d.random.integers(*RANGE[dtype], shape))
    made = m.tensor(IMAGE, dtype, out, d.zero(dtype))
    name = {B.ADD: "AddOptions", B.SUB: "SubOptions", B.MUL: "MulOptions"}[code]
    kind = options(name, fusedActivationFunction=d.activation())
    if code != B.MUL and d.chance(0.2):
        kind[0].potScaleInt16 = False
    inputs = [0, constant] if d.chance(0.5) else [constant, 0]
    return m.pack([(code, *kind, inputs, [made], 3)], made)


def function(d):
    code, kind = d.one(
        (B.RELU, (None, 0)), (B.RELU6, (None, 0)), (B.LOGISTIC, (None, 0)), (B.TANH, (None, 0)),
        (B.HARD_SWISH, (None, 0)),
        (B.LEAKY_RELU, options("LeakyReluOptions", alpha=d.one(0.1, -0.4, 7.5))),
    )
    dtype = d.dtype(*(["int8", "uint8"] if code == B.HARD_SWISH else RANGE))
    scale = d.scale(dtype)
    out = (d.scale(dtype) if d.chance(0.5) else scale * d.between(0.3, 3), d.zero(dtype))
    if code in (B.LOGISTIC, B.TANH) and dtype == "int16":
        out = (1 / 32768 * (1.0004 if code == B.TANH and d.chance(0.2) else 1), 0)
    elif code == B.LOGISTIC:
        out = (1 / 256, d.zero(dtype))
    shape = (1, 64, 64, 4) if dtype == "int16" else (1, 8, 16, 8)
    version = 1 if code == B.HARD_SWISH else 2 if code == B.LEAKY_RELU else 3
    return operators.unary(code, kind, shape, shape=shape, scale=scale, zero=d.zero(dtype),
                           out=out, dtype=dtype, version=version)


def softmax(d):
    dtype, shape = d.dtype(), (1, 4, 4, d.count(1, 20))
    out = {"int8": (1 / 256, -128), "uint8": (1 / 256, 0), "int16": (1 / 32768, 0)}[dtype]
    kind = options("SoftmaxOptions", beta=d.one(1.0, d.between(0.1, 4)))
    return operators.unary(B.SOFTMAX, kind, shape, shape=shape, scale=d.scale(dtype),
                           zero=d.zero(dtype), out=out, dtype=dtype, version=3)


def quantize(d):
    source, made = d.dtype(), d.dtype()
    scale = d.scale(source)
    out = d.scale(made) if d.chance(0.5) else scale * d.between(0.3, 3)
    return operators.rescaled(made, out, d.zero(made), (source, scale, d.zero(source)))


def mean(d):
    dtype = d.dtype("int8", "uint8")
    scale = d.scale(dtype)
    out = d.scale(dtype) if d.chance(0.3) else scale * d.between(0.3, 3)
    return operators.unary(
        B.MEAN, options("ReducerOptions", keepDims=False), (1, 3), [1, 2],
        shape=(1, d.count(1, 9), d.count(1, 9), 3), scale=scale, zero=d.zero(dtype),
        out=(out, d.zero(dtype)), dtype=dtype)


KINDS = [dense, dense, convolution, convolution, pair, pair, function, function, function, softmax,
         quantize, mean]


def write(seed, out, kinds=None, raw=False):
    kinds = kinds or KINDS
    make = kinds[seed % len(kinds)]
    file = out / f"{make.__name__}-{seed:06d}.tflite"
    file.write_bytes(make(Draw(seed)))
    child = os.fork()
    if child == 0:
        try:
            golden.golden(file, 4, out, raw)
            os._exit(0)
        except Exception as problem:
            print(f"{file.name}: {str(problem).splitlines()[0]}")
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        file.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for each in range(arguments.seed, arguments.seed + arguments.count):
        write(each, arguments.out)
