"""A small file for every operator of the schema and every type of element that it may take.

`runtime.csv` beside them says which of them LiteRT's reference kernels run; the Java test
TfliteOperatorsTest reads all of them and writes docs/results/tflite-operators.md.
"""
import argparse
import os
import pathlib

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from operators import B, Model, options

NAMES = [name for name in vars(B) if not name.startswith("_")]
NAMES.sort(key=lambda name: getattr(B, name))
TYPES = ["float32", "int8", "uint8", "int16", "int32", "int64", "bool"]
CODES = {"int8": (0.1, 3), "uint8": (0.1, 130), "int16": (0.01, 0)}
UNIT = {"int8": (1 / 256, -128), "uint8": (1 / 256, 0), "int16": (1 / 32768, 0)}
AROUND = {"int8": (1 / 128, 0), "uint8": (1 / 128, 128), "int16": (1 / 32768, 0)}
IMAGE = (1, 4, 4, 4)
NEWEST = 1
FLOAT, INT32, BOOL = "float32", "int32", "bool"


class File:
    """A file of one operator of elements of one type."""

    def __init__(self, dtype, how=CODES):
        self.m, self.dtype, self.given, self.how = Model(), dtype, [], how

    def x(self, shape=IMAGE, dtype=None, how=CODES):
        """An input."""
        dtype = dtype or self.dtype
        tensor = self.m.tensor(shape, dtype, *how.get(dtype, ()))
        self.given.append(tensor)
        return tensor

    def c(self, values, dtype=INT32, scale=None, zero=0, dimension=0):
        """A constant."""
        return self.m.tensor(np.shape(values), dtype, scale, zero, values, dimension)

    def out(self, shape=IMAGE, dtype=None, how=None):
        dtype = dtype or self.dtype
        return self.m.tensor(shape, dtype, *(how or self.how).get(dtype, ()))

    def of(self, name, kind, inputs, *outputs, version=NEWEST):
        return self.m.pack([(getattr(B, name), *(kind or (None, 0)), inputs, list(outputs), version)],
                           *outputs, inputs=self.given)


def same(name, kind=None, how=CODES, version=NEWEST, pair=False):
    def make(dtype):
        f = File(dtype, how)
        inputs = [f.x(), f.x()] if pair else [f.x()]
        return f.of(name, kind, inputs, f.out(), version=version)
    return make


def to(name, kind, made, pair=False, shape=IMAGE):
    def make(dtype):
        f = File(dtype)
        return f.of(name, kind, [f.x() for _ in range(2 if pair else 1)], f.out(shape, made))
    return make


def constants(name, kind, shape, *values, x=IMAGE, version=NEWEST, made=None, last=False):
    """An input, then constants of whole numbers (or, if last, before it)."""
    def make(dtype):
        f = File(dtype)
        others = [f.c(np.array(v)) for v in values]
        given = f.x(x)
        return f.of(name, kind, [*others, given] if last else [given, *others], f.out(shape, made),
                    version=version)
    return make


def weights(f, shape, dimension=0, channels=True, bias=True, wide="int64"):
    """A filter and a bias as usual for the type."""
    random = np.random.default_rng(1)
    out = shape[dimension]
    if f.dtype == FLOAT:
        return [f.c(random.normal(0, 1, shape), FLOAT), f.c(random.normal(0, 1, out), FLOAT)][: 1 + bias]
    kind = "uint8" if f.dtype == "uint8" else "int8"
    scales = [0.01] if kind == "uint8" or not channels else random.uniform(0.01, 0.02, out)
    filter = f.c(random.integers(1, 100, shape), kind, scales, 0, dimension)
    scale = CODES.get(f.dtype, (1,))[0]
    made = f.c(random.integers(-9, 9, out), wide if f.dtype == "int16" else INT32,
               scale * np.array(scales), 0)
    return [filter, made][: 1 + bias]


def convolution(dtype):
    f = File(dtype)
    kind = options("Conv2DOptions", strideW=1, strideH=1)
    return f.of("CONV_2D", kind, [f.x(), *weights(f, (3, 2, 2, 4))], f.out((1, 4, 4, 3)), version=3)


def depthwise(dtype):
    f = File(dtype)
    kind = options("DepthwiseConv2DOptions", strideW=1, strideH=1, depthMultiplier=1)
    return f.of("DEPTHWISE_CONV_2D", kind, [f.x(), *weights(f, (1, 2, 2, 4), 3)], f.out(), version=3)


def dense(dtype):
    f = File(dtype)
    kind = options("FullyConnectedOptions", keepNumDims=True)
    return f.of("FULLY_CONNECTED", kind, [f.x(), *weights(f, (3, 4), channels=False)],
                f.out((1, 4, 4, 3)), version=4)


def transposed(dtype):
    f = File(dtype)
    shape = f.c([1, 8, 8, 3])
    kind = options("TransposeConvOptions", strideW=2, strideH=2)
    filter = weights(f, (3, 2, 2, 4), bias=False)
    return f.of("TRANSPOSE_CONV", kind, [shape, *filter, f.x()], f.out((1, 8, 8, 3)), version=3)


def solid(name):
    def make(dtype):
        f = File(dtype)
        random = np.random.default_rng(1)
        kind = options("Conv3DOptions", strideD=1, strideW=1, strideH=1)
        filter = f.c(random.normal(0, 1, (2, 2, 2, 4, 3) if name == "CONV_3D" else (2, 2, 2, 3, 4)), FLOAT)
        bias = f.c(np.ones(3), FLOAT)
        inputs = [f.x((1, 3, 4, 4, 4)), filter, bias]
        if name != "CONV_3D":
            inputs = [f.c([1, 3, 4, 4, 3]), filter, f.given[0], bias]
        return f.of(name, kind, inputs, f.out((1, 3, 4, 4, 3)))
    return make


def matmul(dtype):
    f = File(dtype)
    kind = options("BatchMatMulOptions")
    return f.of("BATCH_MATMUL", kind, [f.x((2, 3, 4)), f.x((2, 4, 5))], f.out((2, 3, 5)), version=3)


def pool(name, version=3):
    kind = options("Pool2DOptions", padding=1, strideW=2, strideH=2, filterWidth=2, filterHeight=2)
    def make(dtype):
        f = File(dtype)
        return f.of(name, kind, [f.x()], f.out((1, 2, 2, 4)), version=version)
    return make


def reducer(name):
    return constants(name, options("ReducerOptions"), (1, 4, 4), [3], version=2)


def arg(name):
    return constants(name, options("ArgMaxOptions" if name == "ARG_MAX" else "ArgMinOptions",
                                   outputType=2), (1, 4, 4), np.int32(3), made=INT32)


def joined(name, kind, shape):
    def make(dtype):
        f = File(dtype)
        return f.of(name, kind, [f.x(), f.x()], f.out(shape), version=2)
    return make


def parts(name, kind, shapes, *extra, first=False):
    def make(dtype):
        f = File(dtype)
        others = [f.c(np.array(v)) for v in extra]
        given = f.x()
        return f.of(name, kind, [*others, given] if first else [given, *others],
                    *[f.out(s) for s in shapes], version=2)
    return make


def selected(name):
    def make(dtype):
        f = File(dtype)
        return f.of(name, options("SelectOptions" if name == "SELECT" else "SelectV2Options"),
                    [f.x(dtype=BOOL), f.x(), f.x()], f.out())
    return make


def gather(dtype):
    f = File(dtype)
    return f.of("GATHER", options("GatherOptions", axis=1), [f.x(), f.x((3,), INT32)],
                f.out((1, 3, 4, 4)), version=2)


def gather_constant(dtype):
    f = File(dtype)
    return f.of("GATHER", options("GatherOptions", axis=1), [f.x(), f.c([2, 0])],
                f.out((1, 2, 4, 4)), version=2)


def gather_nd(dtype):
    f = File(dtype)
    return f.of("GATHER_ND", options("GatherNdOptions"), [f.x(), f.c([[0, 1], [0, 3]])],
                f.out((2, 4, 4)), version=2)


def scatter_nd(dtype):
    f = File(dtype)
    return f.of("SCATTER_ND", options("ScatterNdOptions"), [f.c([[1], [3]]), f.x((2, 4)), f.c([5, 4])],
                f.out((5, 4)))


def top(dtype):
    f = File(dtype)
    return f.of("TOPK_V2", options("TopKV2Options"), [f.x((1, 9)), f.c(np.int32(3))],
                f.out((1, 3)), f.out((1, 3), INT32), version=2)


def one_hot(dtype):
    f = File(dtype)
    on, off = (f.m.tensor((), f.dtype, *CODES.get(f.dtype, ()), data=v) for v in (1, 0))
    return f.of("ONE_HOT", options("OneHotOptions", axis=-1), [f.x((1, 5), INT32), f.c(np.int32(6)), on, off],
                f.out((1, 5, 6)))


def padded(dtype):
    f = File(dtype)
    number = f.m.tensor((), f.dtype, *CODES.get(f.dtype, ()), data=1)
    return f.of("PADV2", options("PadV2Options"), [f.x(), f.c([[0, 0], [1, 0], [0, 2], [0, 0]]), number],
                f.out((1, 5, 6, 4)), version=2)


def strided(dtype):
    f = File(dtype)
    return f.of("STRIDED_SLICE", options("StridedSliceOptions"),
                [f.x(), f.c([0, 0, 0, 0]), f.c([1, 4, 4, 4]), f.c([1, 2, 1, 1])], f.out((1, 2, 4, 4)), version=2)


def filled(dtype):
    f = File(dtype)
    return f.of("FILL", options("FillOptions"), [f.c([2, 3]), f.x(())], f.out((2, 3)))


def ranged(dtype):
    f = File(dtype)
    return f.of("RANGE", options("RangeOptions"), [f.c(v, dtype) for v in (0, 5, 1)] if dtype in (FLOAT, INT32) else [f.x(()) for _ in range(3)], f.out((5,)))


def resized(name, kind):
    return constants(name, kind, (1, 8, 8, 4), [8, 8], version=3)


def quantized(dtype):
    f = File(dtype)
    return f.of("QUANTIZE", options("QuantizeOptions"), [f.x()], f.out(IMAGE, "int8"), version=2)


def dequantized(dtype):
    f = File(dtype)
    return f.of("DEQUANTIZE", options("DequantizeOptions"), [f.x()], f.out(IMAGE, FLOAT), version=3)


def normalized(name, option, how, version=2):
    return same(name, option, how, version)


def recurrent(name, kind, biases=1):
    """The plain recurrent operators: input 4, units 3."""
    def make(dtype):
        f = File(dtype)
        random = np.random.default_rng(1)
        both = "BIDIRECTIONAL" in name and "UNI" not in name
        sequence = "SEQUENCE" in name
        x = f.x((1, 5, 4) if sequence else (1, 4))
        inputs = [x]
        for _ in range(2 if both else 1):
            inputs += [f.c(random.normal(0, 1, (3, 4)), FLOAT), f.c(random.normal(0, 1, (3, 3)), FLOAT),
                       f.c(np.zeros(3), FLOAT), f.m.tensor((1, 3), dtype)]
            f.m.tensors[inputs[-1]].isVariable = True
        if both:
            inputs += [-1] * 3
        shape = (1, 5, 3) if sequence else (1, 3)
        return f.of(name, kind, inputs, *[f.out(shape) for _ in range(2 if both else 1)])
    return make


def lstm(name, kind):
    def make(dtype):
        f = File(dtype)
        random = np.random.default_rng(1)
        both = name == "BIDIRECTIONAL_SEQUENCE_LSTM"
        sequence = "SEQUENCE" in name
        inputs = [f.x((1, 5, 4) if sequence else (1, 4))]
        states = []
        for _ in range(2 if both else 1):
            inputs += [f.c(random.normal(0, 1, (3, 4)), FLOAT) for _ in range(4)]
            inputs += [f.c(random.normal(0, 1, (3, 3)), FLOAT) for _ in range(4)]
            inputs += [-1] * 3
            inputs += [f.c(np.zeros(3), FLOAT) for _ in range(4)]
            inputs += [-1] * 2
            for _ in range(2):
                states.append(f.m.tensor((1, 3), dtype))
                f.m.tensors[states[-1]].isVariable = True
        inputs += states
        inputs += [-1] * (9 if both else 4)
        shape = (1, 5, 3) if sequence else (1, 3)
        return f.of(name, kind, inputs, *[f.out(shape) for _ in range(2 if both else 1)])
    return make


def svdf(dtype):
    f = File(dtype)
    random = np.random.default_rng(1)
    state = f.m.tensor((1, 12), dtype)
    f.m.tensors[state].isVariable = True
    inputs = [f.x((1, 4)), f.c(random.normal(0, 1, (3, 4)), FLOAT), f.c(random.normal(0, 1, (3, 4)), FLOAT),
              f.c(np.zeros(3), FLOAT), state]
    return f.of("SVDF", options("SVDFOptions", rank=1), inputs, f.out((1, 3)))


def looked_up(dtype):
    f = File(dtype)
    values = np.arange(24).reshape(6, 4)
    table = f.c(values, dtype, *CODES.get(dtype, ()))
    return f.of("EMBEDDING_LOOKUP", None, [f.x((3,), INT32), table], f.out((3, 4)))


def suppressed(name):
    def make(dtype):
        f = File(dtype)
        number = lambda v: f.c(np.float32(v), FLOAT)
        inputs = [f.x((6, 4)), f.x((6,)), f.c(np.int32(3)), number(0.5), number(0.1)]
        outputs = [f.out((3,), INT32)]
        if name.endswith("5"):
            inputs.append(number(0.5))
            outputs.append(f.out((3,), FLOAT))
        return f.of(name, options("NonMaxSuppressionV%sOptions" % name[-1]), inputs, *outputs, f.out((), INT32))
    return make


def segments(name):
    def make(dtype):
        f = File(dtype)
        inputs = [f.x((4, 3)), f.c([0, 0, 1, 1])]
        if name.startswith("UNSORTED"):
            inputs.append(f.c(np.int32(2)))
        return f.of(name, options("SegmentSumOptions" if name == "SEGMENT_SUM" else {
            "PROD": "UnsortedSegmentProdOptions", "MAX": "UnsortedSegmentMaxOptions",
            "SUM": "UnsortedSegmentSumOptions", "MIN": "UnsortedSegmentMinOptions"}[name.split("_")[-1]]),
            inputs, f.out((2, 3)))
    return make


def updated(dtype):
    f = File(dtype)
    return f.of("DYNAMIC_UPDATE_SLICE", options("DynamicUpdateSliceOptions"),
                [f.x((4, 3)), f.x((1, 3)), f.x((2,), INT32)], f.out((4, 3)))


def reversed_rows(dtype):
    f = File(dtype)
    return f.of("REVERSE_SEQUENCE", options("ReverseSequenceOptions", seqDim=1, batchDim=0),
                [f.x((2, 4, 3)), f.x((2,), INT32)], f.out((2, 4, 3)))


def diagonal(name):
    def make(dtype):
        f = File(dtype)
        if name == "MATRIX_DIAG":
            return f.of(name, options("MatrixDiagOptions"), [f.x((2, 3))], f.out((2, 3, 3)))
        return f.of(name, options("MatrixSetDiagOptions"), [f.x((2, 3, 3)), f.x((2, 3))], f.out((2, 3, 3)))
    return make


def sparse(dtype):
    f = File(dtype)
    return f.of("SPARSE_TO_DENSE", options("SparseToDenseOptions"),
                [f.c([[0, 1], [1, 2]]), f.c([2, 3]), f.x((2,)), f.x(())], f.out((2, 3)))


def bucket(dtype):
    f = File(dtype)
    return f.of("BUCKETIZE", options("BucketizeOptions", boundaries=[0.0, 1.0, 2.5]), [f.x()], f.out(IMAGE, INT32))


def fake(dtype):
    f = File(dtype)
    kind = options("FakeQuantOptions", min=-6.0, max=6.0, numBits=8)
    return f.of("FAKE_QUANT", kind, [f.x()], f.out())


def cast(dtype):
    f = File(dtype)
    return f.of("CAST", options("CastOptions"), [f.x()], f.out(IMAGE, INT32 if dtype != INT32 else FLOAT))


def spectrum(dtype):
    f = File(dtype)
    made = f.m.tensor((1, 4, 5), FLOAT)
    f.m.tensors[made].type = 8
    return f.of("RFFT2D", options("Rfft2dOptions"), [f.x((1, 4, 8)), f.c([4, 8])], made)


def dilated(dtype):
    f = File(dtype)
    pad = f.m.tensor((), dtype, *CODES.get(dtype, ()), data=0)
    return f.of("DILATE", None, [f.x((2, 3)), f.c([2, 2]), pad], f.out((3, 5)))


def windows(dtype):
    f = File(dtype)
    zero = f.m.tensor((), dtype, *CODES.get(dtype, ()), data=0)
    o = schema.ReduceWindowOptionsT()
    o.reduceFunction = 4
    return other(f, "REDUCE_WINDOW", o, "ReduceWindowOptions",
                 [f.x((4, 4)), zero, f.c([2, 2], "int64"), *[f.c([1, 1], "int64") for _ in range(3)]][:5], f.out((3, 3)))


def other(f, name, made, kind, inputs, *outputs):
    """An operator whose options are of the second union."""
    model = schema.ModelT.InitFromPackedBuf(bytearray(f.of(name, None, inputs, *outputs)), 0)
    operator = model.subgraphs[0].operators[0]
    operator.builtinOptions2 = made
    operator.builtinOptions2Type = getattr(schema.BuiltinOptions2, kind)
    import flatbuffers
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def unique(dtype):
    f = File(dtype)
    return f.of("UNIQUE", options("UniqueOptions", idxOutType=2), [f.x((6,))], f.out((6,)), f.out((6,), INT32))


def drawn(name):
    """Random numbers of a shape."""
    def make(dtype):
        f = File(dtype)
        return f.of(name, options("RandomOptions"), [f.x((2,), INT32)], f.out((2, 3)))
    return make


def added(dtype):
    f = File(dtype)
    return f.of("ADD_N", options("AddNOptions"), [f.x(), f.x(), f.x()], f.out())


def stablehlo(name):
    """Element by element, or refused by LiteRT's interpreter in this form."""
    pairs = ("ADD", "DIVIDE", "MULTIPLY", "MAXIMUM", "AND", "MINIMUM", "OR", "POWER", "REMAINDER", "SUBTRACT", "SHIFT_LEFT")
    def make(dtype):
        f = File(dtype)
        count = 2 if name.split("_", 1)[1] in pairs else 1
        return f.of(name, None, [f.x() for _ in range(count)], f.out())
    return make


ACTIVATION = ("RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "FLOOR", "CEIL", "ROUND", "SQRT", "RSQRT", "LOG",
              "SIN", "ELU", "STABLEHLO_LOGISTIC")
RECIPES = {
    **{name: same(name) for name in ACTIVATION},
    **{name: same(name, options(kind), version=v) for name, kind, v in (
        ("EXP", "ExpOptions", 2), ("NEG", "NegOptions", 1), ("SQUARE", "SquareOptions", 1), ("ABS", "AbsOptions", 2),
        ("COS", "CosOptions", 1), ("HARD_SWISH", "HardSwishOptions", 1), ("ZEROS_LIKE", "ZerosLikeOptions", 1),
        ("GELU", "GeluOptions", 2), ("SIGN", "SignOptions", 1), ("LOGICAL_NOT", "LogicalNotOptions", 1))},
    "LEAKY_RELU": same("LEAKY_RELU", options("LeakyReluOptions", alpha=0.1), version=2),
    "LOGISTIC": same("LOGISTIC", how=UNIT, version=3),
    "TANH": same("TANH", how=AROUND, version=3),
    "SOFTMAX": same("SOFTMAX", options("SoftmaxOptions", beta=1.0), how=UNIT, version=3),
    "LOG_SOFTMAX": same("LOG_SOFTMAX", options("LogSoftmaxOptions"), how={"int8": (1 / 16, 127), "uint8": (1 / 16, 255)}),
    "L2_NORMALIZATION": same("L2_NORMALIZATION", options("L2NormOptions"), how=AROUND, version=2),
    "LOCAL_RESPONSE_NORMALIZATION": same("LOCAL_RESPONSE_NORMALIZATION", options(
        "LocalResponseNormalizationOptions", radius=1, bias=1.0, alpha=0.5, beta=0.5)),
    **{name: same(name, options(kind), version=v, pair=True) for name, kind, v in (
        ("ADD", "AddOptions", 2), ("SUB", "SubOptions", 2), ("MUL", "MulOptions", 2), ("DIV", "DivOptions", 1),
        ("MAXIMUM", "MaximumMinimumOptions", 2), ("MINIMUM", "MaximumMinimumOptions", 2), ("POW", "PowOptions", 1),
        ("FLOOR_DIV", "FloorDivOptions", 1), ("FLOOR_MOD", "FloorModOptions", 1),
        ("SQUARED_DIFFERENCE", "SquaredDifferenceOptions", 2), ("LOGICAL_OR", "LogicalOrOptions", 1),
        ("LOGICAL_AND", "LogicalAndOptions", 1), ("ATAN2", "ATan2Options", 1),
        ("BITWISE_XOR", "BitwiseXorOptions", 1), ("RIGHT_SHIFT", "RightShiftOptions", 1))},
    **{name: to(name, options(kind), BOOL, pair=True) for name, kind in (
        ("LESS", "LessOptions"), ("LESS_EQUAL", "LessEqualOptions"), ("GREATER", "GreaterOptions"),
        ("GREATER_EQUAL", "GreaterEqualOptions"), ("EQUAL", "EqualOptions"), ("NOT_EQUAL", "NotEqualOptions"))},
    "PRELU": same("PRELU", pair=True),
    "CONV_2D": convolution, "DEPTHWISE_CONV_2D": depthwise, "FULLY_CONNECTED": dense, "TRANSPOSE_CONV": transposed,
    "CONV_3D": solid("CONV_3D"), "CONV_3D_TRANSPOSE": solid("CONV_3D_TRANSPOSE"), "BATCH_MATMUL": matmul,
    "AVERAGE_POOL_2D": pool("AVERAGE_POOL_2D"), "MAX_POOL_2D": pool("MAX_POOL_2D"), "L2_POOL_2D": pool("L2_POOL_2D", 1),
    **{name: reducer(name) for name in ("MEAN", "SUM", "REDUCE_PROD", "REDUCE_MAX", "REDUCE_MIN")},
    **{name: constants(name, options("ReducerOptions"), (1, 4, 4), [3]) for name in ("REDUCE_ANY", "REDUCE_ALL")},
    "ARG_MAX": arg("ARG_MAX"), "ARG_MIN": arg("ARG_MIN"),
    "CONCATENATION": joined("CONCATENATION", options("ConcatenationOptions", axis=3), (1, 4, 4, 8)),
    "PACK": joined("PACK", options("PackOptions", valuesCount=2, axis=0), (2, 1, 4, 4, 4)),
    "UNPACK": parts("UNPACK", options("UnpackOptions", num=4, axis=1), [(1, 4, 4)] * 4),
    "SPLIT": parts("SPLIT", options("SplitOptions", numSplits=2), [(1, 2, 4, 4)] * 2, np.int32(1), first=True),
    "SPLIT_V": parts("SPLIT_V", options("SplitVOptions", numSplits=2), [(1, 1, 4, 4), (1, 3, 4, 4)], [1, 3], np.int32(1)),
    "RESHAPE": constants("RESHAPE", options("ReshapeOptions", newShape=[1, 16, 4]), (1, 16, 4), [1, 16, 4]),
    "SQUEEZE": constants("SQUEEZE", options("SqueezeOptions", squeezeDims=[0]), (4, 4, 4)),
    "EXPAND_DIMS": constants("EXPAND_DIMS", options("ExpandDimsOptions"), (1, 1, 4, 4, 4), np.int32(0)),
    "PAD": constants("PAD", options("PadOptions"), (1, 5, 6, 4), [[0, 0], [1, 0], [0, 2], [0, 0]], version=2),
    "PADV2": padded,
    "MIRROR_PAD": constants("MIRROR_PAD", options("MirrorPadOptions", mode=0), (1, 5, 6, 4), [[0, 0], [1, 0], [0, 2], [0, 0]]),
    "TRANSPOSE": constants("TRANSPOSE", options("TransposeOptions"), IMAGE, [0, 3, 1, 2], version=2),
    "SLICE": constants("SLICE", options("SliceOptions"), (1, 2, 4, 4), [0, 1, 0, 0], [1, 2, 4, 4], version=2),
    "STRIDED_SLICE": strided,
    "TILE": constants("TILE", options("TileOptions"), (1, 8, 4, 4), [1, 2, 1, 1]),
    "BROADCAST_TO": constants("BROADCAST_TO", options("BroadcastToOptions"), (2, 4, 4, 4), [2, 4, 4, 4], version=2),
    "REVERSE_V2": constants("REVERSE_V2", options("ReverseV2Options"), IMAGE, [1]),
    "SPACE_TO_DEPTH": constants("SPACE_TO_DEPTH", options("SpaceToDepthOptions", blockSize=2), (1, 2, 2, 16)),
    "DEPTH_TO_SPACE": constants("DEPTH_TO_SPACE", options("DepthToSpaceOptions", blockSize=2), (1, 8, 8, 1)),
    "SPACE_TO_BATCH_ND": constants("SPACE_TO_BATCH_ND", options("SpaceToBatchNDOptions"), (4, 2, 2, 4), [2, 2], [[0, 0], [0, 0]]),
    "BATCH_TO_SPACE_ND": constants("BATCH_TO_SPACE_ND", options("BatchToSpaceNDOptions"), (1, 4, 4, 4), [2, 2], [[0, 0], [0, 0]], x=(4, 2, 2, 4)),
    "RESIZE_BILINEAR": resized("RESIZE_BILINEAR", options("ResizeBilinearOptions")),
    "RESIZE_NEAREST_NEIGHBOR": resized("RESIZE_NEAREST_NEIGHBOR", options("ResizeNearestNeighborOptions")),
    "CUMSUM": constants("CUMSUM", options("CumsumOptions"), IMAGE, np.int32(3)),
    "SELECT": selected("SELECT"), "SELECT_V2": selected("SELECT_V2"),
    "GATHER": gather, "GATHER_ND": gather_nd, "SCATTER_ND": scatter_nd, "TOPK_V2": top, "ONE_HOT": one_hot,
    "QUANTIZE": quantized, "DEQUANTIZE": dequantized, "CAST": cast, "FAKE_QUANT": fake,
    "FILL": filled, "RANGE": ranged, "EMBEDDING_LOOKUP": looked_up, "ADD_N": added,
    "RNN": recurrent("RNN", options("RNNOptions", fusedActivationFunction=4)),
    "UNIDIRECTIONAL_SEQUENCE_RNN": recurrent("UNIDIRECTIONAL_SEQUENCE_RNN", options("SequenceRNNOptions", fusedActivationFunction=4)),
    "BIDIRECTIONAL_SEQUENCE_RNN": recurrent("BIDIRECTIONAL_SEQUENCE_RNN", options("BidirectionalSequenceRNNOptions", fusedActivationFunction=4)),
    "LSTM": lstm("LSTM", options("LSTMOptions", fusedActivationFunction=4)),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": lstm("UNIDIRECTIONAL_SEQUENCE_LSTM", options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=4)),
    "BIDIRECTIONAL_SEQUENCE_LSTM": lstm("BIDIRECTIONAL_SEQUENCE_LSTM", options("BidirectionalSequenceLSTMOptions", fusedActivationFunction=4, timeMajor=False)),
    "SVDF": svdf,
    "NON_MAX_SUPPRESSION_V4": suppressed("NON_MAX_SUPPRESSION_V4"), "NON_MAX_SUPPRESSION_V5": suppressed("NON_MAX_SUPPRESSION_V5"),
    **{name: segments(name) for name in ("SEGMENT_SUM", "UNSORTED_SEGMENT_PROD", "UNSORTED_SEGMENT_MAX", "UNSORTED_SEGMENT_SUM", "UNSORTED_SEGMENT_MIN")},
    "DYNAMIC_UPDATE_SLICE": updated, "REVERSE_SEQUENCE": reversed_rows,
    "MATRIX_DIAG": diagonal("MATRIX_DIAG"), "MATRIX_SET_DIAG": diagonal("MATRIX_SET_DIAG"),
    "SPARSE_TO_DENSE": sparse, "BUCKETIZE": bucket, "RFFT2D": spectrum, "DILATE": dilated, "REDUCE_WINDOW": windows,
    "WHERE": to("WHERE", options("WhereOptions"), "int64", shape=(64, 4)),
    "UNIQUE": unique,
    "SHAPE": to("SHAPE", options("ShapeOptions", outType=2), INT32, shape=(4,)),
    "RANK": to("RANK", options("RankOptions"), INT32, shape=()),
    "RANDOM_UNIFORM": drawn("RANDOM_UNIFORM"),
    "RANDOM_STANDARD_NORMAL": drawn("RANDOM_STANDARD_NORMAL"),
    "MULTINOMIAL": constants("MULTINOMIAL", options("RandomOptions"), (1, 3), np.int32(3), x=(1, 4), made="int64"),
    "BITCAST": to("BITCAST", options("BitcastOptions"), INT32),
    "BROADCAST_ARGS": same("BROADCAST_ARGS", pair=True),
    "COMPLEX_ABS": same("COMPLEX_ABS"), "REAL": same("REAL"), "IMAG": same("IMAG"),
}
# what needs further subgraphs, resources, strings or complex numbers: files of their own kind elsewhere
APART = {"CUSTOM", "DELEGATE", "PLACEHOLDER_FOR_GREATER_OP_CODES", "CALL", "IF", "WHILE", "CALL_ONCE", "VAR_HANDLE",
         "READ_VARIABLE", "ASSIGN_VARIABLE", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT", "HASHTABLE_SIZE",
         "HASHTABLE_LOOKUP", "LSH_PROJECTION", "CONCAT_EMBEDDINGS", "SKIP_GRAM", "EMBEDDING_LOOKUP_SPARSE", "DENSIFY",
         "COMPLEX_ABS", "REAL", "IMAG", "BROADCAST_ARGS"}


def interpreter(path):
    try:
        return Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    except ValueError as problem:
        if "Didn't find op" not in str(problem):
            raise
        return Interpreter(
            str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)


def runs(path):
    """What LiteRT says; a child process, because it stops at some."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            runtime = interpreter(path)
            runtime.allocate_tensors()
            for given in runtime.get_input_details():
                runtime.set_tensor(given["index"], np.ones(given["shape"], given["dtype"]))
            runtime.invoke()
            os.write(writer, b"runs")
        except Exception as problem:  # noqa: BLE001, whatever it is is the answer
            os.write(writer, str(problem).splitlines()[0][:150].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said or "stops"


def main(out):
    lines = ["# ai-edge-litert 2.3.0, BUILTIN_REF; interop/litert/every_operator.py", "operator,type,litert"]
    for name in NAMES:
        recipe = RECIPES.get(name) or (stablehlo(name) if name.startswith("STABLEHLO") else None)
        if name in APART or recipe is None:
            lines.append(f"{name},,apart")
            continue
        for dtype in TYPES:
            path = out / f"{name}-{dtype}.tflite"
            try:
                path.write_bytes(recipe(dtype))
            except (KeyError, ValueError, OverflowError, TypeError) as problem:
                lines.append(f'{name},{dtype},no file: {type(problem).__name__}')
                print(name, dtype, repr(problem))
                continue
            said = runs(path).replace(",", ";")
            lines.append(f"{name},{dtype},{said}")
            if said != "runs":
                path.unlink()
    (out / "runtime.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    main(arguments.out)
