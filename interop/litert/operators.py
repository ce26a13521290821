"""Files of one operator each, small enough to keep with the tests, and their golden tensors.

Built with LiteRT's own schema; scales, zero points and shapes are chosen so that roundings, clamps
and channels-last layouts matter. golden.py's format.
"""
import argparse
import pathlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

import golden

B = schema.BuiltinOperator


class Model:
    def __init__(self):
        self.buffers = [schema.BufferT()]
        self.tensors = []

    def tensor(self, shape, dtype, scale=None, zero=0, data=None, dimension=0):
        t = schema.TensorT()
        t.shape = list(shape)
        t.type = {"int8": 9, "int16": 7, "uint8": 3, "int32": 2, "int64": 4, "float32": 0, "bool": 6}[dtype]
        t.name = f"t{len(self.tensors)}".encode()
        t.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.asarray(data, dtype).tobytes(), np.uint8)
            t.buffer = len(self.buffers)
            self.buffers.append(buffer)
        if scale is not None:
            q = schema.QuantizationParametersT()
            q.scale = np.atleast_1d(np.asarray(scale, np.float32))
            q.zeroPoint = np.full(len(q.scale), zero, np.int64)
            q.quantizedDimension = dimension
            t.quantization = q
        self.tensors.append(t)
        return len(self.tensors) - 1

    def pack(self, operators, *results, inputs=(0,)):
        model = schema.ModelT()
        model.version = 3
        model.buffers = self.buffers
        graph = schema.SubGraphT()
        graph.tensors = self.tensors
        graph.inputs = list(inputs)
        graph.outputs = list(results)
        graph.operators = []
        model.operatorCodes = []
        for code, options, kind, inputs, outputs, version in operators:
            c = schema.OperatorCodeT()
            c.builtinCode = code
            c.deprecatedBuiltinCode = min(code, 127)
            c.version = version
            o = schema.OperatorT()
            o.opcodeIndex = len(model.operatorCodes)
            model.operatorCodes.append(c)
            o.inputs = inputs
            o.outputs = outputs
            o.builtinOptions = options
            o.builtinOptionsType = kind
            graph.operators.append(o)
        model.subgraphs = [graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def options(name, **fields):
    made = getattr(schema, name + "T")()
    for key, value in fields.items():
        setattr(made, key, value)
    return made, getattr(schema.BuiltinOptions, name)


def unary(code, option, out_shape, *constants, shape=(1, 5, 4, 3), scale=0.1, zero=3, out=None,
          dtype="int8", version=2):
    m = Model()
    m.tensor(shape, dtype, scale, zero)
    inputs = [0] + [m.tensor(np.shape(c), "int32", data=c) for c in constants]
    made = m.tensor(out_shape, dtype, *(out or (scale, zero)))
    return m.pack([(code, *option, inputs, [made], version)], made)


def rescaled(dtype, scale, zero, source=("int8", 0.1, 3)):
    m = Model()
    m.tensor((1, 5, 4, 3), *source)
    made = m.tensor((1, 5, 4, 3), dtype, scale, zero)
    return m.pack([(B.QUANTIZE, *options("QuantizeOptions"), [0], [made], 2)], made)


def reals(dtype="int8", scale=0.03, zero=-7):
    m = Model()
    m.tensor((1, 5, 4, 3), "float32")
    codes = m.tensor((1, 5, 4, 3), dtype, scale, zero)
    made = m.tensor((1, 5, 4, 3), "float32")
    return m.pack(
        [
            (B.QUANTIZE, *options("QuantizeOptions"), [0], [codes], 1),
            (B.DEQUANTIZE, *options("DequantizeOptions"), [codes], [made], 2),
        ],
        made,
    )


def concatenation(axis):
    """x beside a piece of itself, along any dimension."""
    m = Model()
    m.tensor((1, 5, 4, 3), "int8", 0.1, 3)
    begin = m.tensor((4,), "int32", data=[0, 0, 0, 0])
    sizes = [1, 5, 4, 3]
    sizes[axis] = 2
    size = m.tensor((4,), "int32", data=sizes)
    piece = m.tensor(sizes, "int8", 0.1, 3)
    shape = [1, 5, 4, 3]
    shape[axis] += 2
    made = m.tensor(shape, "int8", 0.1, 3)
    return m.pack(
        [
            (B.SLICE, *options("SliceOptions"), [0, begin, size], [piece], 2),
            (B.CONCATENATION, *options("ConcatenationOptions", axis=axis), [0, piece], [made], 2),
        ],
        made,
    )


def concatenation_scaled():
    """x beside its pooled self in another scale, to a third one."""
    m = Model()
    m.tensor((1, 5, 4, 3), "uint8", 0.1, 130)
    other = m.tensor((1, 5, 4, 3), "uint8", 0.07, 90)
    made = m.tensor((1, 5, 4, 6), "uint8", 0.083, 101)
    return m.pack(
        [
            (B.QUANTIZE, *options("QuantizeOptions"), [0], [other], 2),
            (B.CONCATENATION, *options("ConcatenationOptions", axis=3), [0, other], [made], 1),
        ],
        made,
    )


def split(axis, parts, shape):
    m = Model()
    m.tensor(shape, "int8", 0.1, 3)
    dimension = m.tensor((1,), "int32", data=[axis])
    piece = list(shape)
    piece[axis] //= parts
    made = [m.tensor(piece, "int8", 0.1, 3) for _ in range(parts)]
    total = m.tensor(piece, "int8", 0.15, -5)
    return m.pack(
        [
            (B.SPLIT, *options("SplitOptions", numSplits=parts), [dimension, 0], made, 2),
            (B.ADD, *options("AddOptions"), [made[0], made[-1]], [total], 2),
        ],
        total,
    )


def convolution(depthwise=False, groups=1, stride=2, dilation=1, same=True, activation=3,
                dtype="int8", bias_type="int32"):
    random = np.random.default_rng(5)
    m = Model()
    channels = 4
    wide = dtype == "int16"
    scale, zero = (0.0003, 0) if wide else (0.05, 11)
    m.tensor((1, 9, 7, channels), dtype, scale, zero)
    out = 8
    shape = (1, 3, 2, out) if depthwise else (out, 3, 2, channels // groups)
    scales = random.uniform(0.001, 0.01, out)
    weights = m.tensor(
        shape, "int8", scales, 0, random.integers(-127, 128, shape), 3 if depthwise else 0
    )
    limit = 90000 if wide else 900
    bias = m.tensor((out,), bias_type, scale * scales, 0, random.integers(-limit, limit, out))
    extent = lambda k: (k - 1) * dilation + 1
    size = lambda n, k: -(-n // stride) if same else -(-(n - extent(k) + 1) // stride)
    how = (0.0002, 0) if wide else (0.02, -30)
    made = m.tensor((1, size(9, 3), size(7, 2), out), dtype, *how)
    fields = dict(
        padding=0 if same else 1,
        strideW=stride,
        strideH=stride,
        dilationWFactor=dilation,
        dilationHFactor=dilation,
        fusedActivationFunction=activation,
    )
    if depthwise:
        fields["depthMultiplier"] = out // channels
    elif wide:
        fields["quantizedBiasType"] = {"int32": 2, "int64": 4}[bias_type]
    kind = options("DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", **fields)
    code = B.DEPTHWISE_CONV_2D if depthwise else B.CONV_2D
    return m.pack([(code, *kind, [0, weights, bias], [made], 3)], made)


def transposed(dtype, same, stride, height, width, bias_type="int32", activation=0):
    random = np.random.default_rng(9)
    m = Model()
    scale, zero = {"int8": (0.05, 11), "uint8": (0.05, 131), "int16": (0.0003, 0)}[dtype]
    out = {"int8": (0.02, -30), "uint8": (0.03, 90), "int16": (0.0002, 0)}[dtype]
    channels, kernel = 5, (3, 2)
    size = [-(-height // stride) if same else (height - kernel[0]) // stride + 1,
            -(-width // stride) if same else (width - kernel[1]) // stride + 1]
    m.tensor((1, *size, 4), dtype, scale, zero)
    shape = m.tensor((4,), "int32", data=[1, height, width, channels])
    low, high = (0, 256) if dtype == "uint8" else (-127, 128)
    scales = 0.004 if dtype == "uint8" else random.uniform(0.001, 0.01, channels)
    weights = m.tensor((channels, *kernel, 4), "uint8" if dtype == "uint8" else "int8", scales,
                       120 if dtype == "uint8" else 0,
                       random.integers(low, high, (channels, *kernel, 4)))
    limit = 90000 if dtype == "int16" else 900
    bias = m.tensor((channels,), bias_type, scale * np.atleast_1d(scales), 0,
                    random.integers(-limit, limit, channels))
    made = m.tensor((1, height, width, channels), dtype, *out)
    fields = dict(padding=0 if same else 1, strideW=stride, strideH=stride,
                  fusedActivationFunction=activation)
    if dtype == "int16":
        fields["quantizedBiasType"] = {"int32": 2, "int64": 4}[bias_type]
    kind = options("TransposeConvOptions", **fields)
    return m.pack([(B.TRANSPOSE_CONV, *kind, [shape, weights, 0, bias], [made], 4)], made)


def batch_matmul(adj_x, adj_y, left=(1, 7, 6), zero=0):
    """A constant on the right."""
    random = np.random.default_rng(10)
    m = Model()
    m.tensor(left, "int8", 0.05, 11)
    terms, rows = (left[-2], left[-1]) if adj_x else (left[-1], left[-2])
    shape = (5, terms) if adj_y else (terms, 5)
    weights = m.tensor(shape, "int8", 0.006, zero, random.integers(-127, 128, shape))
    made = m.tensor((*left[:-2], rows, 5), "int8", 0.03, -20)
    kind = options("BatchMatMulOptions", adjX=adj_x, adjY=adj_y)
    return m.pack([(B.BATCH_MATMUL, *kind, [0, weights], [made], 2)], made)


def batch_matmul_batched(adj_x, adj_y, left, shape, out, zero=0):
    """A constant on the right, another one for each batch."""
    random = np.random.default_rng(12)
    m = Model()
    m.tensor(left, "int8", 0.05, 11)
    weights = m.tensor(shape, "int8", 0.006, zero, random.integers(-127, 128, shape))
    made = m.tensor(out, "int8", 0.03, -20)
    kind = options("BatchMatMulOptions", adjX=adj_x, adjY=adj_y)
    return m.pack([(B.BATCH_MATMUL, *kind, [0, weights], [made], 2)], made)


def batch_matmul_codes(adj_x, adj_y, shape, out, turned=False, part=None, swapped=False,
                       constant=None, scale=0.11):
    """x with itself in another scale, as it is, with two dimensions turned, or a part of it."""
    random = np.random.default_rng(13)
    m = Model()
    m.tensor(shape, "int8", 0.05, 11)
    operators = []
    if constant:
        other = m.tensor(constant, "int8", 0.07, -9, random.integers(-128, 128, constant))
    else:
        other = m.tensor(shape, "int8", 0.07, -9)
        operators.append((B.QUANTIZE, *options("QuantizeOptions"), [0], [other], 2))
    if turned:
        order = [*range(len(shape) - 2), len(shape) - 1, len(shape) - 2]
        permutation = m.tensor((len(shape),), "int32", data=order)
        shape = tuple(shape[i] for i in order)
        moved = m.tensor(shape, "int8", 0.07, -9)
        operators.append(
            (B.TRANSPOSE, *options("TransposeOptions"), [other, permutation], [moved], 2))
        other = moved
    if part:
        begin = m.tensor((len(part),), "int32", data=[0] * len(part))
        size = m.tensor((len(part),), "int32", data=part)
        cut = m.tensor(part, "int8", 0.07, -9)
        operators.append((B.SLICE, *options("SliceOptions"), [other, begin, size], [cut], 2))
        other = cut
    made = m.tensor(out, "int8", scale, 5)
    kind = options("BatchMatMulOptions", adjX=adj_x, adjY=adj_y)
    pair = [other, 0] if swapped else [0, other]
    return m.pack([*operators, (B.BATCH_MATMUL, *kind, pair, [made], 2)], made)


def batch_matmul_reals(adj_x, shape, out, constant=False):
    """x with itself, turned, or with a constant; halves, so that float32 sums are exact."""
    random = np.random.default_rng(11)
    m = Model()
    m.tensor(shape, "int8", 0.5, 3)
    left = m.tensor(shape, "float32")
    right = left
    if constant:
        right = m.tensor((shape[-1], 5), "float32", data=random.integers(-9, 10, (shape[-1], 5)) / 2)
    made = m.tensor(out, "float32")
    kind = options("BatchMatMulOptions", adjX=adj_x, adjY=not adj_x and not constant)
    return m.pack(
        [
            (B.DEQUANTIZE, *options("DequantizeOptions"), [0], [left], 2),
            (B.BATCH_MATMUL, *kind, [left, right], [made], 1),
        ],
        made,
    )


def real(code):
    m = Model()
    m.tensor((1, 5, 4, 3), "float32")
    made = m.tensor((1, 5, 4, 3), "float32")
    return m.pack([(code, None, 0, [0], [made], 1)], made)


def several():
    """Two inputs, two outputs, the first of which is made first."""
    m = Model()
    left = m.tensor((1, 5, 4, 3), "int8", 0.1, 3)
    right = m.tensor((1, 4, 3), "int8", 0.1, 3)
    total = m.tensor((1, 5, 4, 3), "int8", 0.15, -5)
    rows = m.tensor((4,), "int32", data=[0, 2, 1, 3])
    turned = m.tensor((1, 4, 5, 3), "int8", 0.15, -5)
    return m.pack(
        [
            (B.ADD, *options("AddOptions"), [left, right], [total], 2),
            (B.TRANSPOSE, *options("TransposeOptions"), [total, rows], [turned], 2),
        ],
        total,
        turned,
        inputs=(left, right),
    )


def dense_scaled(dtype, ratio, terms=40):
    """Three rows and five units whose input scale times weight scale is `ratio` output scales."""
    random = np.random.default_rng(14)
    m = Model()
    m.tensor((1, 3, terms), dtype, 0.5, 10 if dtype == "uint8" else 0)
    low, high = (0, 256) if dtype == "uint8" else (-127, 128)
    weights = m.tensor((5, terms), "uint8" if dtype == "uint8" else "int8", 0.25,
                       128 if dtype == "uint8" else 0,
                       random.integers(low, high, (5, terms)))
    bias = m.tensor((5,), "int64" if dtype == "int16" else "int32", 0.125, 0,
                    random.integers(-900, 900, 5))
    made = m.tensor((1, 3, 5), dtype, 0.125 / ratio, {"int8": -7, "uint8": 100, "int16": 0}[dtype])
    kind = options("FullyConnectedOptions", keepNumDims=True)
    return m.pack([(B.FULLY_CONNECTED, *kind, [0, weights, bias], [made], 5)], made)


def convolution_scaled(dtype, ratio):
    """A convolution whose sums, shifted left for such a ratio of scales, leave 32 bits."""
    random = np.random.default_rng(15)
    m = Model()
    m.tensor((1, 5, 4, 3), dtype, 0.5, 0)
    weights = m.tensor((4, 3, 2, 3), "int8", np.full(4, 0.25), 0,
                       random.integers(-127, 128, (4, 3, 2, 3)))
    bias = m.tensor((4,), "int64" if dtype == "int16" else "int32", np.full(4, 0.125), 0,
                    random.integers(-900, 900, 4))
    made = m.tensor((1, 3, 3, 4), dtype, 0.125 / ratio, 0)
    kind = options("Conv2DOptions", padding=1, strideW=1, strideH=1)
    return m.pack([(B.CONV_2D, *kind, [0, weights, bias], [made], 3)], made)


def pair_powers(code, left, right, out):
    """16-bit codes whose scales are powers of two, or count as such, beside a constant."""
    random = np.random.default_rng(16)
    m = Model()
    shape = (1, 5, 4, 3)
    m.tensor(shape, "int16", left)
    constant = m.tensor(shape, "int16", right, data=random.integers(-32768, 32768, shape))
    made = m.tensor(shape, "int16", out)
    name = {B.ADD: "AddOptions", B.SUB: "SubOptions"}[code]
    return m.pack([(code, *options(name), [0, constant], [made], 2)], made)


def dense(rows, per_channel, dtype="int8", bias_type="int32"):
    random = np.random.default_rng(6)
    m = Model()
    wide = dtype == "int16"
    scale, zero = (0.0003, 0) if wide else (0.05, 11)
    m.tensor((1, rows, 6), dtype, scale, zero)
    scales = random.uniform(0.001, 0.01, 5 if per_channel else 1)
    weights = m.tensor((5, 6), "int8", scales, 0, random.integers(-127, 128, (5, 6)))
    limit = 90000 if wide else 900
    bias = m.tensor((5,), bias_type, scale * scales, 0, random.integers(-limit, limit, 5))
    made = m.tensor((1, rows, 5), dtype, *((0.0002, 0) if wide else (0.02, -30)))
    kind = options("FullyConnectedOptions", keepNumDims=True)
    if wide:
        kind[0].quantizedBiasType = {"int32": 2, "int64": 4}[bias_type]
    return m.pack([(B.FULLY_CONNECTED, *kind, [0, weights, bias], [made], 5)], made)


def pool(code, same, activation, dtype, zero):
    kind = options(
        "Pool2DOptions",
        padding=0 if same else 1,
        strideW=2,
        strideH=2,
        filterWidth=2,
        filterHeight=3,
        fusedActivationFunction=activation,
    )
    height = 3 if same else 2
    return unary(code, kind, (1, height, 2, 3), zero=zero, dtype=dtype)


def pair(code, dtype, left, right, scales=(0.1, 0.07, 0.2), zeros=(3, -5, 7), constant=None,
         activation=0, version=2):
    """Two shapes, broadcast; the operand `constant` is one, the other (or a slice of it) is x."""
    random = np.random.default_rng(8)
    m = Model()
    quantized = dtype != "float32"
    how = [(scale, zero) if quantized else () for scale, zero in zip(scales, zeros)]
    shapes = [left, right]
    operators = []
    operands = [0, 0]
    first = 1 - constant if constant is not None else 0
    m.tensor(shapes[first], dtype, *how[first])
    if constant is not None:
        low, high = {"int8": (-128, 128), "uint8": (0, 256), "int16": (-32768, 32768),
                     "float32": (1, 9)}[dtype]
        data = random.uniform(low, high, shapes[constant]).astype(dtype)
        operands[constant] = m.tensor(shapes[constant], dtype, *how[constant], data=data)
    else:
        rank = len(left)
        begin = m.tensor((rank,), "int32", data=[0] * rank)
        size = m.tensor((rank,), "int32", data=right)
        operands[1] = m.tensor(right, dtype, *how[0])
        operators = [(B.SLICE, *options("SliceOptions"), [0, begin, size], [operands[1]], 2)]
    name = {B.ADD: "AddOptions", B.SUB: "SubOptions", B.MUL: "MulOptions"}[code]
    kind = options(name, fusedActivationFunction=activation)
    if code != B.MUL and dtype == "int16":
        kind[0].potScaleInt16 = False
    made = m.tensor(np.broadcast_shapes(left, right), dtype, *how[2])
    return m.pack(operators + [(code, *kind, operands, [made], version)], made)


def resized(bilinear, dtype, height, width, **fields):
    quantized = {"int8": (0.1, 3), "uint8": (0.1, 130), "int16": (0.001, 0), "float32": ()}[dtype]
    m = Model()
    m.tensor((1, 5, 4, 3), dtype, *quantized)
    size = m.tensor((2,), "int32", data=[height, width])
    made = m.tensor((1, height, width, 3), dtype, *quantized)
    name = "ResizeBilinearOptions" if bilinear else "ResizeNearestNeighborOptions"
    code = B.RESIZE_BILINEAR if bilinear else B.RESIZE_NEAREST_NEIGHBOR
    return m.pack([(code, *options(name, **fields), [0, size], [made], 3)], made)


def resizes():
    found = {}
    for word, bilinear in (("nearest", False), ("bilinear", True)):
        for way, fields in (("", {}), ("-corners", dict(alignCorners=True)),
                            ("-centers", dict(halfPixelCenters=True))):
            for dtype in ("int8", "uint8", "int16", "float32"):
                for size, (height, width) in (("up", (13, 7)), ("down", (3, 2))):
                    if bilinear or dtype == "int8":
                        found[f"resize-{word}{way}-{dtype}-{size}"] = (
                            lambda b=bilinear, d=dtype, h=height, w=width, f=fields:
                            resized(b, d, h, w, **f)
                        )
    return found


def pairs():
    image, rows = (1, 5, 4, 3), (1, 5, 1, 3)
    wide = dict(scales=(0.001, 0.0007, 0.0021), zeros=(0, 0, 0))
    found = {}
    for word, code in (("add", B.ADD), ("sub", B.SUB), ("mul", B.MUL)):
        # a product's scale is larger
        out = dict(scales=(0.1, 0.07, 0.7)) if code == B.MUL else {}
        large = dict(wide, scales=(0.001, 0.0007, 0.01)) if code == B.MUL else wide
        for name, make in {
            "channels": lambda c=code, o=out: pair(c, "int8", image, (3,), constant=1, **o),
            "first": lambda c=code, o=out: pair(c, "int8", (1, 1, 1, 1), image, constant=0, **o),
            "rows": lambda c=code, o=out: pair(c, "int8", image, rows, activation=1, **o),
            "grows": lambda c=code, o=out: pair(c, "int8", (1, 1, 4, 1), (5, 1, 3), constant=1, **o),
            "uint8": lambda c=code, o=out: pair(
                c, "uint8", image, (3,), zeros=(130, 120, 7), constant=1, activation=3, **o),
            "int16": lambda c=code, o=large: pair(c, "int16", image, (4, 3), constant=1, **o),
            "int16-rows": lambda c=code, o=large: pair(c, "int16", image, rows, activation=1, **o),
            "real": lambda c=code: pair(c, "float32", image, (3,), constant=1, activation=3),
        }.items():
            found[f"{word}-{name}"] = make
    return found


CASES = {
    "conv-same-relu6": lambda: convolution(),
    "conv-dilated": lambda: convolution(stride=1, dilation=2, same=False, activation=0),
    "conv-groups": lambda: convolution(groups=2, activation=1),
    "conv-relu-n1": lambda: convolution(activation=2),
    "depthwise-multiplier": lambda: convolution(depthwise=True),
    "dense-rows": lambda: dense(7, False),
    "dense-channels": lambda: dense(1, True),
    "average-pool": lambda: pool(B.AVERAGE_POOL_2D, False, 0, "int8", 3),
    "average-pool-uint8": lambda: pool(B.AVERAGE_POOL_2D, False, 1, "uint8", 130),
    "max-pool-same-relu": lambda: pool(B.MAX_POOL_2D, True, 1, "int8", 3),
    "relu": lambda: unary(B.RELU, (None, 0), (1, 5, 4, 3)),
    "relu6": lambda: unary(B.RELU6, (None, 0), (1, 5, 4, 3)),
    "softmax-beta": lambda: unary(
        B.SOFTMAX, options("SoftmaxOptions", beta=0.7), (1, 5, 4, 3), out=(1 / 256, -128)
    ),
    "softmax-uint8": lambda: unary(
        B.SOFTMAX, options("SoftmaxOptions", beta=1.0), (1, 50), shape=(1, 50), zero=130,
        out=(1 / 256, 0), dtype="uint8", version=1,
    ),
    "reshape-mixed": lambda: unary(
        B.RESHAPE, options("ReshapeOptions", newShape=[1, 3, 4, 5]), (1, 3, 4, 5), [1, 3, 4, 5],
        version=1,
    ),
    "reshape-planes": lambda: unary(
        B.RESHAPE, options("ReshapeOptions", newShape=[1, 20, 3]), (1, 20, 3), [1, 20, 3],
        version=1,
    ),
    "reshape-rank5": lambda: unary(
        B.RESHAPE, options("ReshapeOptions", newShape=[1, 5, 2, 2, 3]), (1, 5, 2, 2, 3),
        [1, 5, 2, 2, 3], version=1,
    ),
    "squeeze": lambda: unary(
        B.SQUEEZE, options("SqueezeOptions", squeezeDims=[2]), (1, 5, 3), shape=(1, 5, 1, 3),
        version=1,
    ),
    "quantize": lambda: rescaled("int8", 0.173, -9),
    "quantize-wider": lambda: rescaled("int8", 0.03, 9),
    "quantize-uint8": lambda: rescaled("uint8", 0.1, 131),
    "quantize-reals": reals,
    "mean": lambda: unary(
        B.MEAN, options("ReducerOptions", keepDims=False), (1, 3), [1, 2], out=(0.07, -4)
    ),
    "mean-keeps": lambda: unary(
        B.MEAN, options("ReducerOptions", keepDims=True), (1, 1, 1, 6), [2, 1],
        shape=(1, 7, 7, 6),
    ),
    "mean-uint8": lambda: unary(
        B.MEAN, options("ReducerOptions", keepDims=False), (1, 3), [1, 2], out=(0.02, 120),
        zero=130, dtype="uint8",
    ),
    "logistic": lambda: unary(
        B.LOGISTIC, (None, 0), (1, 5, 4, 3), scale=0.07, out=(1 / 256, -128)
    ),
    "tanh": lambda: unary(B.TANH, (None, 0), (1, 5, 4, 3), scale=0.03, out=(1 / 128, 0)),
    "leaky-relu": lambda: unary(
        B.LEAKY_RELU, options("LeakyReluOptions", alpha=0.3), (1, 5, 4, 3), out=(0.08, -20)
    ),
    "pad": lambda: unary(
        B.PAD, options("PadOptions"), (1, 8, 4, 5), [[0, 0], [1, 2], [0, 0], [2, 0]]
    ),
    "transpose": lambda: unary(
        B.TRANSPOSE, options("TransposeOptions"), (1, 3, 5, 4), [0, 3, 1, 2]
    ),
    "slice": lambda: unary(
        B.SLICE, options("SliceOptions"), (1, 2, 4, 2), [0, 2, 0, 1], [1, 2, -1, 2]
    ),
    "strided-slice": lambda: unary(
        B.STRIDED_SLICE, options("StridedSliceOptions", endMask=2, shrinkAxisMask=4), (1, 2, 3),
        [0, 1, 2, 2], [1, 0, 3, -4], [1, 2, 1, -1],
    ),
    "concatenation-rows": lambda: concatenation(1),
    "concatenation-columns": lambda: concatenation(2),
    "concatenation-channels": lambda: concatenation(3),
    "split-channels": lambda: split(3, 2, (1, 5, 4, 6)),
    "split-columns": lambda: split(2, 4, (1, 5, 4, 6)),
    **pairs(),
    "conv-int16": lambda: convolution(dtype="int16", bias_type="int64"),
    "conv-int16-bias32": lambda: convolution(dtype="int16", activation=0),
    "depthwise-int16": lambda: convolution(
        depthwise=True, dtype="int16", bias_type="int64", activation=1
    ),
    "dense-int16": lambda: dense(7, False, "int16", "int64"),
    "dense-int16-channels": lambda: dense(1, True, "int16", "int64"),
    "dense-int16-bias32": lambda: dense(7, True, "int16", "int32"),
    "average-pool-int16": lambda: pool(B.AVERAGE_POOL_2D, False, 0, "int16", 0),
    "max-pool-int16": lambda: pool(B.MAX_POOL_2D, True, 1, "int16", 0),
    "quantize-int16": lambda: rescaled("int16", 0.0007, 0),
    "quantize-from-int16": lambda: rescaled("int8", 0.1, 5, ("int16", 0.0004, 0)),
    "quantize-int16-int16": lambda: rescaled("int16", 0.0003, 0, ("int16", 0.0004, 0)),
    "quantize-reals-int16": lambda: reals("int16", 0.0001, 0),
    "quantize-reals-uint8": lambda: reals("uint8", 0.03, 121),
    "relu-scale": lambda: unary(B.RELU, (None, 0), (1, 5, 4, 3), out=(0.07, -100)),
    "relu6-scale-uint8": lambda: unary(
        B.RELU6, (None, 0), (1, 5, 4, 3), zero=130, out=(0.031, 20), dtype="uint8"
    ),
    "relu-int16": lambda: unary(
        B.RELU, (None, 0), (1, 5, 4, 3), scale=0.001, zero=0, out=(0.0013, 0), dtype="int16"
    ),
    "leaky-relu-uint8": lambda: unary(
        B.LEAKY_RELU, options("LeakyReluOptions", alpha=0.3), (1, 5, 4, 3), zero=130,
        out=(0.08, 60), dtype="uint8",
    ),
    "leaky-relu-int16": lambda: unary(
        B.LEAKY_RELU, options("LeakyReluOptions", alpha=0.1), (1, 5, 4, 3), scale=0.001, zero=0,
        out=(0.0013, 0), dtype="int16",
    ),
    "logistic-uint8": lambda: unary(
        B.LOGISTIC, (None, 0), (1, 5, 4, 3), scale=0.07, zero=131, out=(1 / 256, 0),
        dtype="uint8",
    ),
    "tanh-uint8": lambda: unary(
        B.TANH, (None, 0), (1, 5, 4, 3), scale=0.03, zero=120, out=(1 / 128, 128), dtype="uint8"
    ),
    **{
        f"{name}-int16-{word}": lambda code=code, scale=scale: unary(
            code, (None, 0), (1, 50, 40, 3), shape=(1, 50, 40, 3), scale=scale, zero=0,
            out=(1 / 32768, 0), dtype="int16", version=3,
        )
        for name, code in (("logistic", B.LOGISTIC), ("tanh", B.TANH))
        for word, scale in (("power", 2**-12), ("double", 2**-11), ("fine", 0.00023))
    },
    "hard-swish": lambda: unary(B.HARD_SWISH, (None, 0), (1, 5, 4, 30), shape=(1, 5, 4, 30),
                                scale=0.05, zero=-20, out=(0.04, -110), version=1),
    "hard-swish-wide": lambda: unary(B.HARD_SWISH, (None, 0), (1, 5, 4, 30), shape=(1, 5, 4, 30),
                                     scale=0.6, zero=3, out=(0.5, -120), version=1),
    "hard-swish-uint8": lambda: unary(
        B.HARD_SWISH, (None, 0), (1, 5, 4, 30), shape=(1, 5, 4, 30), scale=0.02, zero=100,
        out=(0.013, 30), dtype="uint8", version=1,
    ),
    "dense-uint8-quarter": lambda: dense_scaled("uint8", 0.25, 1),
    "dense-uint8-odd": lambda: dense_scaled("uint8", 0.0037),
    "dense-uint8-scale256": lambda: dense_scaled("uint8", 256.0, 600),
    "dense-scale256": lambda: dense_scaled("int8", 256.0, 600),
    "dense-scale65536": lambda: dense_scaled("int8", 65536.0),
    "dense-int16-scale4096": lambda: dense_scaled("int16", 4096.0),
    "conv-scale65536": lambda: convolution_scaled("int8", 65536.0),
    "conv-int16-scale256": lambda: convolution_scaled("int16", 256.0),
    "conv-int16-scale8192": lambda: convolution_scaled("int16", 8192.0),
    "quantize-scale-2-23": lambda: rescaled("int8", 2.0**-23, 5, ("int8", 2.0, -3)),
    "leaky-relu-negative": lambda: unary(
        B.LEAKY_RELU, options("LeakyReluOptions", alpha=-0.3), (1, 5, 4, 3), out=(0.08, -20)
    ),
    **{
        f"hard-swish-{word}": lambda scale=scale, out=out, dtype=dtype: unary(
            B.HARD_SWISH, (None, 0), (1, 5, 4, 30), shape=(1, 5, 4, 30), scale=scale,
            zero=7, out=out, dtype=dtype, version=1)
        for word, scale, out, dtype in (
            ("times511", 0.05, (0.05 * 511, 3), "int8"),
            ("times513", 0.05, (0.05 * 513, 3), "int8"),
            ("times9000", 0.05, (450.0, -128), "int8"),
            ("fine-input", 1e-6, (1e-6, 0), "int8"),
            ("fills-16-bits", 0.5, (0.5 / 127, 240), "uint8"),
        )
    },
    **{
        f"{name}-int16-{word}": lambda code=code, scale=scale, out=out: unary(
            code, (None, 0), (1, 50, 40, 3), shape=(1, 50, 40, 3), scale=scale, zero=0,
            out=(out, 0), dtype="int16", version=3,
        )
        for name, code in (("logistic", B.LOGISTIC), ("tanh", B.TANH))
        for word, scale, out in (
            ("near", 2**-12 * 1.0006, 2**-15),
            ("near-below", 2**-12 * 0.9994, 2**-15),
            ("not-near", 2**-12 * 1.0008, 2**-15),
            ("huge", 200000.0, 2**-15),
            *((("near-double", 2**-11 * 1.0006, 2**-15 * 1.0005),) if code == B.TANH else ()),
        )
    },
    "add-int16-powers": lambda: pair_powers(B.ADD, 2**-12, 2**-9, 2**-9),
    "add-int16-near-powers": lambda: pair_powers(B.ADD, 2**-9 * 1.0006, 2**-12, 2**-9 * 0.9995),
    "sub-int16-powers": lambda: pair_powers(B.SUB, 2**-13, 2**-9, 2**-9),
    "sub-int16-near-powers": lambda: pair_powers(B.SUB, 2**-9 * 1.0006, 2**-12, 2**-9 * 0.9995),
    "concatenation-uint8-scales": concatenation_scaled,
    **resizes(),
    **{
        f"softmax-int16-{word}": lambda scale=scale: unary(
            B.SOFTMAX, options("SoftmaxOptions", beta=1.0), (1, 5, 4, 12), shape=(1, 5, 4, 12),
            scale=scale, zero=0, out=(1 / 32768, 0), dtype="int16", version=3,
        )
        for word, scale in (("fine", 0.0001), ("coarse", 0.001))
    },
    "logistic-real": lambda: real(B.LOGISTIC),
    "hard-swish-real": lambda: real(B.HARD_SWISH),
    "add-real-n1": lambda: pair(B.ADD, "float32", (1, 5, 4, 3), (3,), constant=1, activation=2),
    "batch-matmul": lambda: batch_matmul(False, False),
    "batch-matmul-right": lambda: batch_matmul(False, True, (1, 3, 4, 6), 9),
    "batch-matmul-left": lambda: batch_matmul(True, False),
    "batch-matmul-real-right": lambda: batch_matmul_reals(False, (1, 3, 4, 6), (1, 3, 4, 4)),
    "batch-matmul-real-left": lambda: batch_matmul_reals(True, (1, 4, 6), (1, 6, 6)),
    "batch-matmul-real-constant": lambda: batch_matmul_reals(
        False, (1, 3, 4, 6), (1, 3, 4, 5), True
    ),
    "batch-matmul-batched": lambda: batch_matmul_batched(
        False, False, (1, 3, 4, 6), (1, 3, 6, 5), (1, 3, 4, 5)
    ),
    "batch-matmul-batched-right": lambda: batch_matmul_batched(
        False, True, (1, 3, 4, 6), (1, 3, 5, 6), (1, 3, 4, 5), 9
    ),
    "batch-matmul-batched-left": lambda: batch_matmul_batched(
        True, False, (1, 3, 6, 4), (3, 6, 5), (1, 3, 4, 5)
    ),
    "batch-matmul-batched-broadcast": lambda: batch_matmul_batched(
        False, False, (1, 4, 6), (3, 6, 5), (3, 4, 5)
    ),
    "batch-matmul-codes": lambda: batch_matmul_codes(
        False, False, (1, 3, 4, 6), (1, 3, 4, 4), turned=True
    ),
    "batch-matmul-codes-right": lambda: batch_matmul_codes(
        False, True, (1, 3, 4, 6), (1, 3, 4, 4)
    ),
    "batch-matmul-codes-left": lambda: batch_matmul_codes(True, False, (1, 4, 6), (1, 6, 6)),
    "batch-matmul-codes-both": lambda: batch_matmul_codes(
        True, True, (1, 2, 4, 6), (1, 2, 6, 6), turned=True
    ),
    "batch-matmul-codes-five": lambda: batch_matmul_codes(
        False, True, (1, 2, 3, 4, 6), (1, 2, 3, 4, 4)
    ),
    "batch-matmul-codes-broadcast-right": lambda: batch_matmul_codes(
        False, True, (1, 3, 4, 6), (1, 3, 4, 2), part=(1, 1, 2, 6)
    ),
    "batch-matmul-codes-broadcast-left": lambda: batch_matmul_codes(
        False, True, (1, 3, 4, 6), (1, 3, 2, 4), part=(1, 1, 2, 6), swapped=True
    ),
    "batch-matmul-codes-constant-left": lambda: batch_matmul_codes(
        False, False, (1, 3, 4, 6), (1, 3, 5, 6), constant=(5, 4), swapped=True
    ),
    "batch-matmul-codes-clamped": lambda: batch_matmul_codes(
        False, True, (1, 7, 33), (1, 7, 7), scale=0.02
    ),
    "several-inputs-outputs": several,
    "transpose-conv-same": lambda: transposed("int8", True, 2, 9, 7, activation=1),
    "transpose-conv-valid": lambda: transposed("int8", False, 2, 10, 8),
    "transpose-conv-stride3": lambda: transposed("int8", True, 3, 8, 8, activation=3),
    "transpose-conv-uint8": lambda: transposed("uint8", True, 2, 8, 6),
    "transpose-conv-int16": lambda: transposed("int16", True, 2, 8, 6, "int64"),
    "transpose-conv-int16-bias32": lambda: transposed("int16", False, 1, 8, 6),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, make in CASES.items():
        file = out / f"{name}.tflite"
        file.write_bytes(make())
        golden.golden(file, 4, out)
