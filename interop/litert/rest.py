"""Files of the operators that the other scripts lack, and their golden tensors; golden.py's format."""
import argparse
import pathlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import flexbuffers

import calls
import golden
from every_operator import CODES, File
from operators import B, options

INT32, FLOAT, BOOL = "int32", "float32", "bool"


class Graph(File):
    """Several operators, one after the other."""

    def __init__(self, dtype=FLOAT, how=CODES):
        super().__init__(dtype, how)
        self.operators = []

    def op(self, name, kind, inputs, *outputs, version=1):
        self.operators.append(
            (getattr(B, name), *(kind or (None, 0)), list(inputs), list(outputs), version))
        return outputs[0]

    def done(self, *results):
        return self.m.pack(self.operators, *results, inputs=self.given)

    def index(self, shape, size):
        """An input of indices below a size."""
        given = self.x(shape, INT32)
        inside = self.out(shape, INT32)
        return self.op("FLOOR_MOD", options("FloorModOptions"), [given, self.c(np.int32(size))], inside)

    def reals(self, shape, scale=0.5, zero=3):
        """An input of codes as numbers."""
        codes = self.m.tensor(shape, "int8", scale, zero)
        self.given.append(codes)
        made = self.out(shape, FLOAT)
        return self.op("DEQUANTIZE", options("DequantizeOptions"), [codes], made, version=2)


def gather(dtype, axis=1, batches=0, shape=(1, 4, 5, 3), ids=(2, 3)):
    g = Graph(dtype)
    x = g.x(shape)
    at = g.index(ids, shape[axis])
    made = g.out((*shape[:axis], *ids[batches:], *shape[axis + 1:]))
    g.op("GATHER", options("GatherOptions", axis=axis, batchDims=batches), [x, at], made, version=5)
    return g.done(made)


def gather_nd(dtype, constant=False):
    g = Graph(dtype)
    x = g.x((1, 4, 5, 3))
    if constant:
        at = g.c([[[0, 1, 2], [0, 3, 4]], [[0, 0, 0], [0, 2, 1]]])
    else:
        at = g.op("FLOOR_MOD", options("FloorModOptions"),
                  [g.x((2, 2, 3), INT32), g.c([1, 4, 5])], g.out((2, 2, 3), INT32))
    made = g.out((2, 2, 3))
    g.op("GATHER_ND", options("GatherNdOptions"), [x, at], made, version=2)
    return g.done(made)


def looked_up(table):
    """Rows of numbers, of codes, or of codes that become numbers."""
    g = Graph(table if table in ("int8", FLOAT) else FLOAT)
    at = g.index((7,), 6)
    random = np.random.default_rng(3)
    values = random.integers(-99, 99, (6, 5))
    scales = {FLOAT: None, "int8": 0.1, "hybrid": 0.03}[table]
    rows = g.c(values, FLOAT if table == FLOAT else "int8", scales, 3 if table == "int8" else 0)
    made = g.out((7, 5))
    g.op("EMBEDDING_LOOKUP", None, [at, rows], made, version=3)
    return g.done(made)


def top(dtype, k=3, shape=(1, 4, 9)):
    g = Graph(dtype)
    x = g.x(shape)
    values, at = g.out((*shape[:-1], k)), g.out((*shape[:-1], k), INT32)
    g.op("TOPK_V2", options("TopKV2Options"), [x, g.c(np.int32(k))], values, at, version=2)
    return g.done(values, at)


def reversed_rows(dtype, axis=1, batch=0):
    g = Graph(dtype)
    shape = (2, 5, 3)
    x = g.x(shape)
    lengths = g.index((shape[batch],), shape[axis])
    made = g.out(shape)
    g.op("REVERSE_SEQUENCE", options("ReverseSequenceOptions", seqDim=axis, batchDim=batch),
         [x, lengths], made)
    return g.done(made)


def one_hot(dtype, axis=-1):
    g = Graph(dtype)
    at = g.x((1, 5), INT32)
    on, off = (g.m.tensor((), dtype, *CODES.get(dtype, ()), data=v) for v in (1, 0))
    shape = (1, 5, 6) if axis == -1 else (1, 6, 5) if axis == 1 else (6, 1, 5)
    made = g.out(shape)
    g.op("ONE_HOT", options("OneHotOptions", axis=axis), [at, g.c(np.int32(6)), on, off], made)
    return g.done(made)


def scatter(dtype):
    g = Graph(dtype)
    made = g.out((1, 5, 3, 4))
    g.op("SCATTER_ND", options("ScatterNdOptions"),
         [g.c([[0, 3, 1], [0, 0, 2], [0, 4, 0]]), g.x((3, 4)), g.c([1, 5, 3, 4])], made)
    return g.done(made)


def sparse(dtype, one=False):
    g = Graph(dtype)
    made = g.out((4, 3))
    default = g.m.tensor((), dtype, *CODES.get(dtype, ()), data=5)
    g.op("SPARSE_TO_DENSE", options("SparseToDenseOptions"),
         [g.c([[0, 1], [1, 2], [3, 0]]), g.c([4, 3]), g.x(() if one else (3,)), default], made)
    return g.done(made)


def diagonal(dtype, other):
    g = Graph(dtype)
    if other:
        made = g.out((2, 3, 4))
        g.op("MATRIX_SET_DIAG", options("MatrixSetDiagOptions"), [g.x((2, 3, 4)), g.x((2, 3))], made)
    else:
        made = g.out((2, 3, 3))
        g.op("MATRIX_DIAG", options("MatrixDiagOptions"), [g.x((2, 3))], made)
    return g.done(made)


def dilate(dtype):
    g = Graph(dtype)
    pad = g.m.tensor((), dtype, *CODES.get(dtype, ()), data=7)
    made = g.out((3, 7, 4))
    g.op("DILATE", None, [g.x((3, 3, 2)), g.c([1, 3, 3]), pad], made)
    return g.done(made)


def updated(dtype, constant=False):
    g = Graph(dtype)
    x, part = g.x((1, 6, 5, 3)), g.x((1, 2, 5, 2))
    at = g.c([0, 3, 0, 1]) if constant else g.x((4,), INT32)
    made = g.out((1, 6, 5, 3))
    g.op("DYNAMIC_UPDATE_SLICE", options("DynamicUpdateSliceOptions"), [x, part, at], made)
    return g.done(made)


def sums(dtype):
    g = Graph(dtype)
    given = [g.x((1, 4, 5, 3)) for _ in range(3)]
    made = g.out((1, 4, 5, 3))
    g.op("ADD_N", options("AddNOptions"), given, made)
    return g.done(made)


def running(dtype, axis, exclusive=False, reverse=False):
    g = Graph(dtype)
    made = g.out((1, 4, 5, 3))
    g.op("CUMSUM", options("CumsumOptions", exclusive=exclusive, reverse=reverse),
         [g.x((1, 4, 5, 3)), g.c(np.int32(axis))], made)
    return g.done(made)


def roots(same, batch=1):
    g = Graph()
    x = g.reals((batch, 5, 4, 3))
    made = g.out((batch, 3 if same else 2, 2, 3))
    kind = options("Pool2DOptions", padding=0 if same else 1, strideW=2, strideH=2, filterWidth=2,
                   filterHeight=3, fusedActivationFunction=1)
    g.op("L2_POOL_2D", kind, [x], made)
    return g.done(made)


def local(radius, beta=0.5):
    g = Graph()
    x = g.reals((1, 3, 4, 7))
    made = g.out((1, 3, 4, 7))
    kind = options("LocalResponseNormalizationOptions", radius=radius, bias=1.5, alpha=0.25, beta=beta)
    g.op("LOCAL_RESPONSE_NORMALIZATION", kind, [x], made)
    return g.done(made)


def fake(bits, low=-3.3, high=4.1):
    g = Graph()
    x = g.x((1, 5, 4, 3))
    made = g.out((1, 5, 4, 3))
    kind = options("FakeQuantOptions", min=low, max=high, numBits=bits)
    g.op("FAKE_QUANT", kind, [x], made)
    return g.done(made)


def filled(dtype):
    g = Graph(dtype)
    made = g.out((1, 4, 3))
    g.op("FILL", options("FillOptions"), [g.c([1, 4, 3]), g.x(())], made)
    return g.done(made)


def ranged():
    g = Graph()
    ends = [g.m.tensor((), FLOAT, data=np.float32(v)) for v in (0.3, 1.4, 0.1)]
    numbers, made = g.out((11,)), g.out((1, 11))
    g.op("RANGE", options("RangeOptions"), ends, numbers)
    g.op("ADD", options("AddOptions"), [g.x((1, 11)), numbers], made)
    return g.done(made)


def pair(name, option, dtype, positive=False, made=None):
    g = Graph(dtype)
    x = g.x((1, 4, 5, 3))
    random = np.random.default_rng(4)
    shape = (5, 3)
    values = random.integers(1, 5, shape) if positive else random.integers(-90, 90, shape) | 1
    other = g.c(values, dtype, *CODES.get(dtype, ()))
    made = g.out((1, 4, 5, 3), made)
    g.op(name, options(option), [x, other], made, version=1 if made is None else 2 if name not in (
        "POW", "ATAN2", "BITWISE_XOR", "RIGHT_SHIFT", "FLOOR_DIV", "SQUARED_DIFFERENCE") else 1)
    return g.done(made)


def compared(name, dtype, scales):
    g = Graph(dtype)
    x = g.m.tensor((1, 4, 5, 3), dtype, scales[0], 0 if dtype == "int16" else 3)
    g.given.append(x)
    random = np.random.default_rng(4)
    low = 0 if dtype == "uint8" else -128
    other = g.c(random.integers(low, low + 256, (5, 3)), dtype, scales[1], 0 if dtype == "int16" else 9)
    made = g.out((1, 4, 5, 3), BOOL)
    kind = options({"LESS": "LessOptions", "EQUAL": "EqualOptions", "GREATER_EQUAL": "GreaterEqualOptions",
                    "NOT_EQUAL": "NotEqualOptions"}[name])
    g.op(name, kind, [x, other], made, version=2)
    return g.done(made)


def cast(dtype, to):
    g = Graph(dtype)
    made = g.out((1, 4, 5, 3), to)
    g.op("CAST", options("CastOptions"), [g.x((1, 4, 5, 3))], made)
    return g.done(made)


def detections():
    """Two convolutions, whose numbers become boxes."""
    g = Graph()
    random = np.random.default_rng(5)
    x = g.reals((1, 3, 2, 4))
    boxes, scores = g.out((1, 6, 4)), g.out((1, 6, 3))
    for last, made in ((4, boxes), (3, scores)):
        filter = g.c(random.integers(-9, 10, (last, 1, 1, 4)) / 2, FLOAT)
        bias = g.c(random.integers(-9, 10, last), FLOAT)
        sums = g.out((1, 3, 2, last))
        g.op("CONV_2D", options("Conv2DOptions", strideW=1, strideH=1), [x, filter, bias], sums)
        g.op("RESHAPE", options("ReshapeOptions", newShape=[1, 6, last]), [sums, g.c([1, 6, last])], made)
    anchors = g.c(random.uniform(0, 1, (6, 4)), FLOAT)
    outputs = [g.out((1, 5, 4)), g.out((1, 5)), g.out((1, 5)), g.out((1,))]
    g.op("CUSTOM", None, [boxes, scores, anchors], *outputs)
    model = schema.ModelT.InitFromPackedBuf(bytearray(g.done(*outputs)), 0)
    for code in model.operatorCodes:
        if code.builtinCode == B.CUSTOM:
            code.customCode = b"TFLite_Detection_PostProcess"
    fields = dict(max_detections=5, max_classes_per_detection=1, num_classes=2, nms_score_threshold=0.1,
                  nms_iou_threshold=0.5, y_scale=10.0, x_scale=10.0, h_scale=5.0, w_scale=5.0)
    model.subgraphs[0].operators[-1].customOptions = np.frombuffer(flexbuffers.Dumps(fields), np.uint8)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class Joined:
    """Several subgraphs that share their constants' buffers."""

    def __init__(self):
        self.graphs = []

    def graph(self, dtype="int8"):
        g = Graph(dtype)
        if self.graphs:
            g.m.buffers = self.graphs[0].m.buffers
        self.graphs.append(g)
        return g

    def done(self, *results):
        return calls.packed(self.graphs[0].m.buffers, *[
            (g.m.tensors, g.operators, g.given, r) for g, r in zip(self.graphs, results)])


SMALL = (1, 4, 3)


def plus(g, x, seed):
    """Codes plus constant ones, to the scale that all have."""
    values = np.random.default_rng(seed).integers(-128, 128, SMALL)
    made = g.out(SMALL)
    return g.op("ADD", options("AddOptions"), [x, g.c(values, "int8", 0.07, 5)], made, version=2)


def branches(constant):
    """One sum or another, by a constant or by what is given."""
    j = Joined()
    main, then, other = j.graph(), j.graph(), j.graph()
    x = main.x(SMALL)
    holds = main.m.tensor((), BOOL, data=False) if constant else main.x((), BOOL)
    made = main.op("IF", options("IfOptions", thenSubgraphIndex=1, elseSubgraphIndex=2), [holds, x], main.out(SMALL))
    left = plus(then, then.x(SMALL), 1)
    right = plus(other, plus(other, other.x(SMALL), 2), 3)
    return j.done([made], [left], [right])


def loop():
    """Three trips, of which the last adds something else; a row of the result is written each trip."""
    j = Joined()
    main, test, body, early, late = [j.graph() for _ in range(5)]
    x = main.x(SMALL)
    state = [main.m.tensor((), INT32, data=0), x, main.c(np.zeros((3, 4, 3)), "int8", 0.1, 3)]
    results = [main.out((), INT32), main.out(SMALL), main.out((3, 4, 3))]
    main.op("WHILE", options("WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2), state, *results)
    given = [test.x((), INT32), test.x(SMALL), test.x((3, 4, 3))]
    holds = test.op("LESS", options("LessOptions"), [given[0], test.m.tensor((), INT32, data=3)], test.out((), BOOL))
    i, y, rows = body.x((), INT32), body.x(SMALL), body.x((3, 4, 3))
    number = lambda v: body.m.tensor((), INT32, data=v)
    next = body.op("ADD", options("AddOptions"), [i, number(1)], body.out((), INT32))
    first = body.op("LESS", options("LessOptions"), [i, number(2)], body.out((), BOOL))
    made = body.op("IF", options("IfOptions", thenSubgraphIndex=3, elseSubgraphIndex=4), [first, y], body.out(SMALL))
    one = lambda t: body.op("RESHAPE", options("ReshapeOptions", newShape=[1]), [t, body.c([1])], body.out((1,), INT32))
    joined = lambda t, rest: body.op("CONCATENATION", options("ConcatenationOptions"), [t, body.c(rest)], body.out((3,), INT32))
    open_shape = lambda: open_tensor(body)
    before = body.op("SLICE", options("SliceOptions"), [rows, body.c([0, 0, 0]), joined(one(i), [-1, -1])], open_shape(), version=2)
    after = body.op("SLICE", options("SliceOptions"), [rows, joined(one(next), [0, 0]), body.c([-1, -1, -1])], open_shape(), version=2)
    all_rows = body.op("CONCATENATION", options("ConcatenationOptions"), [before, made, after], body.out((3, 4, 3)), version=2)
    sums = [plus(g, g.x(SMALL), seed) for seed, g in enumerate((early, late))]
    return j.done(results, [holds], [next, made, all_rows], *[[s] for s in sums])


def open_tensor(g):
    """A tensor whose first dimension the file leaves open."""
    made = g.out((1, 4, 3))
    g.m.tensors[made].shapeSignature = [-1, 4, 3]
    return made


def solid(same, stride=1, dilation=1, batch=1, activation=0):
    """A convolution of three axes; halves, so that sums are exact."""
    g = Graph()
    random = np.random.default_rng(6)
    x = g.reals((batch, 4, 5, 6, 2))
    filter = g.c(random.integers(-9, 10, (2, 3, 2, 2, 3)) / 2, FLOAT)
    size = lambda n, k: -(-n // stride) if same else -(-(n - (k - 1) * dilation) // stride)
    made = g.out((batch, size(4, 2), size(5, 3), size(6, 2), 3))
    kind = options("Conv3DOptions", padding=0 if same else 1, strideD=stride, strideH=stride, strideW=stride,
                   dilationDFactor=dilation, dilationHFactor=dilation, dilationWFactor=dilation,
                   fusedActivationFunction=activation)
    g.op("CONV_3D", kind, [x, filter, g.c(random.integers(-9, 10, 3), FLOAT)], made)
    return g.done(made)


def solid_transposed(same, out, stride=1, dilation=1, batch=1, activation=0, bias=True):
    """The way back; halves, so that sums are exact."""
    g = Graph()
    random = np.random.default_rng(7)
    size = lambda n, k: -(-n // stride) if same else -(-(n - (k - 1) * dilation) // stride)
    x = g.reals((batch, size(out[0], 2), size(out[1], 3), size(out[2], 2), 2))
    filter = g.c(random.integers(-9, 10, (2, 3, 2, 3, 2)) / 2, FLOAT)
    made = g.out((batch, *out, 3))
    kind = options("Conv3DOptions", padding=0 if same else 1, strideD=stride, strideH=stride, strideW=stride,
                   dilationDFactor=dilation, dilationHFactor=dilation, dilationWFactor=dilation,
                   fusedActivationFunction=activation)
    more = [g.c(random.integers(-9, 10, 3), FLOAT)] if bias else []
    g.op("CONV_3D_TRANSPOSE", kind, [g.c([batch, *out, 3]), filter, x, *more], made)
    return g.done(made)


def product_of_shorts(turned, shape, other, out, constant=False):
    """16-bit codes, whose sums LiteRT keeps in 64 bits."""
    g = Graph("int16", {"int16": (0.01, 0)})
    random = np.random.default_rng(9)
    how = ("int16", 0.02, 0)
    right = g.m.tensor(other, *how, random.integers(-32768, 32768, other)) if constant else g.m.tensor(other, *how)
    left = g.x(shape)
    if not constant:
        g.given.append(right)
    made = g.m.tensor(out, "int16", 7.3, 0)
    g.op("BATCH_MATMUL", options("BatchMatMulOptions", adjX=turned, adjY=turned), [left, right], made, version=4)
    return g.done(made)


def sparse_weights(block=None, dtype="int8", densify=True):
    """Weights of which the file has some only: rows of a CSR matrix, or blocks of 1 by 4."""
    random = np.random.default_rng(10)
    g = Graph(dtype)
    x = g.reals((1, 3, 16)) if dtype == FLOAT else g.x((1, 3, 16))
    values = random.integers(-127, 128, (8, 16)) / (2 if dtype == FLOAT else 1)
    width = block or 1
    kept = random.random((8, 16 // width)) < 0.4
    kept[3] = False
    places = [np.nonzero(row)[0] for row in kept]
    inner = values.reshape(8, 16 // width, width)
    scale = () if dtype == FLOAT else (0.01,)
    weights = g.c(np.concatenate([inner[r, c] for r in range(8) for c in places[r]]), dtype, *scale)
    tensor = g.m.tensors[weights]
    tensor.shape = [8, 16]
    how = schema.SparsityParametersT()
    how.traversalOrder = [0, 1, 2] if block else [0, 1]
    how.blockMap = [1] if block else []
    dimensions = [schema.DimensionMetadataT() for _ in how.traversalOrder]
    dimensions[0].format, dimensions[0].denseSize = 0, 8
    dimensions[1].format = 1
    segments = [0, *np.cumsum([len(row) for row in places])]
    for field, numbers, kind in (("Segments", segments, "Uint16Vector"), ("Indices", np.concatenate(places), "Uint8Vector")):
        vector = getattr(schema, kind + "T")()
        vector.values = [int(n) for n in numbers]
        setattr(dimensions[1], "array" + field, vector)
        setattr(dimensions[1], "array" + field + "Type", getattr(schema.SparseIndexVector, kind))
    if block:
        dimensions[2].format, dimensions[2].denseSize = 0, block
    how.dimMetadata = dimensions
    tensor.sparsity = how
    if densify:
        dense = g.m.tensor((8, 16), dtype, *scale)
        g.op("DENSIFY", options("DensifyOptions"), [weights], dense)
        weights = dense
    bias = g.c(random.integers(-900, 900, 8), FLOAT if dtype == FLOAT else INT32)
    made = g.out((1, 3, 8))
    g.op("FULLY_CONNECTED", options("FullyConnectedOptions", keepNumDims=True), [x, weights, bias], made, version=5)
    return g.done(made)


def reduced(name, axes, keeps=False):
    g = Graph(INT32)
    shape = [1, 4, 5, 3]
    out = [1 if i in axes else n for i, n in enumerate(shape)] if keeps else [
        n for i, n in enumerate(shape) if i not in axes]
    made = g.out(out)
    g.op(name, options("ReducerOptions", keepDims=keeps), [g.x(shape), g.c(axes)], made, version=2)
    return g.done(made)


def sign():
    g = Graph(INT32)
    made = g.out((1, 4, 5, 3))
    g.op("SIGN", options("SignOptions"), [g.x((1, 4, 5, 3))], made)
    return g.done(made)


def given_weights(dtype, bias=False, activation=0):
    """A fully connected operator whose weights are an input too."""
    g = Graph(dtype)
    x, weights = (g.reals((3, 4)), g.reals((5, 4))) if dtype == FLOAT else (g.x((3, 4)), g.x((5, 4)))
    more = [g.c(np.arange(5) - 2, FLOAT)] if bias else [-1]
    made = g.out((3, 5), how={"int8": (0.6, -9)})
    g.op("FULLY_CONNECTED", options("FullyConnectedOptions", fusedActivationFunction=activation),
         [x, weights, *more], made, version=4)
    return g.done(made)


def hybrid_product(asymmetric, turned=False):
    """Numbers times constant integers."""
    g = Graph()
    random = np.random.default_rng(8)
    shape = (5, 6) if turned else (6, 5)
    right = g.c(random.integers(-127, 128, shape), "int8", 0.011)
    made = g.out((1, 4, 5))
    g.op("BATCH_MATMUL", options("BatchMatMulOptions", adjY=turned, asymmetricQuantizeInputs=asymmetric),
         [g.x((1, 4, 6)), right], made, version=4)
    return g.done(made)


CASES = {
    "conv-3d-same": lambda: solid(True),
    "conv-3d-stride": lambda: solid(True, 2, batch=2, activation=1),
    "conv-3d-valid": lambda: solid(False, 1, 2),
    "conv-3d-transpose-same": lambda: solid_transposed(True, (4, 5, 6)),
    "conv-3d-transpose-stride": lambda: solid_transposed(True, (5, 6, 7), 2, batch=2, activation=1),
    "conv-3d-transpose-valid": lambda: solid_transposed(False, (6, 9, 7), 3, activation=3, bias=False),
    "conv-3d-transpose-dilation": lambda: solid_transposed(False, (6, 8, 7), 1, 2),
    "batch-matmul-int16": lambda: product_of_shorts(False, (2, 3, 40), (2, 40, 5), (2, 3, 5)),
    "batch-matmul-int16-turned": lambda: product_of_shorts(True, (1, 2, 8, 3), (4, 1, 5, 8), (4, 2, 3, 5)),
    "batch-matmul-int16-weights": lambda: product_of_shorts(False, (2, 3, 40), (40, 5), (2, 3, 5), True),
    "sparse-int8": lambda: sparse_weights(),
    "sparse-float": lambda: sparse_weights(dtype=FLOAT),
    "sparse-blocks-int8": lambda: sparse_weights(4),
    "sparse-read": lambda: sparse_weights(dtype=FLOAT, densify=False),
    "sum-int32": lambda: reduced("SUM", [1, 3]),
    "sum-int32-keeps": lambda: reduced("SUM", [2], True),
    "mean-int32": lambda: reduced("MEAN", [1, 2]),
    "sign-int32": sign,
    "given-weights-float": lambda: given_weights(FLOAT, True, 1),
    "given-weights-int8": lambda: given_weights("int8"),
    "hybrid-product": lambda: hybrid_product(False),
    "hybrid-product-asymmetric": lambda: hybrid_product(True, True),
    "if-constant": lambda: branches(True),
    "if-data": lambda: branches(False),
    "while-trips": loop,
    "detections": detections,
    **{f"gather-{t}": (lambda t=t: gather(t)) for t in (FLOAT, "int8", "uint8", "int16", INT32, BOOL)},
    "gather-last": lambda: gather("int8", 3),
    "gather-batches": lambda: gather(FLOAT, 2, 2, ids=(1, 4, 2)),
    "gather-batch-before": lambda: gather("int8", 2, 1, shape=(2, 4, 5, 3), ids=(2, 3)),
    **{f"gather-nd-{t}": (lambda t=t: gather_nd(t)) for t in (FLOAT, "int8")},
    "gather-nd-constant": lambda: gather_nd("int8", True),
    **{f"embedding-lookup-{t}": (lambda t=t: looked_up(t)) for t in (FLOAT, "int8", "hybrid")},
    **{f"topk-{t}": (lambda t=t: top(t)) for t in (FLOAT, "int8", "uint8", "int16", INT32)},
    "topk-flat": lambda: top("int8", 9, (9,)),
    **{f"reverse-sequence-{t}": (lambda t=t: reversed_rows(t)) for t in (FLOAT, "uint8", INT32)},
    "reverse-sequence-turned": lambda: reversed_rows(FLOAT, 0, 2),
    **{f"one-hot-{t}": (lambda t=t: one_hot(t)) for t in (FLOAT, "int8", INT32, BOOL)},
    "one-hot-middle": lambda: one_hot(FLOAT, 1),
    "one-hot-first": lambda: one_hot("uint8", 0),
    **{f"scatter-nd-{t}": (lambda t=t: scatter(t)) for t in (FLOAT, "int8", INT32)},
    **{f"sparse-to-dense-{t}": (lambda t=t: sparse(t)) for t in (FLOAT, "int8", INT32)},
    "sparse-to-dense-one": lambda: sparse(FLOAT, True),
    **{f"matrix-diag-{t}": (lambda t=t: diagonal(t, False)) for t in (FLOAT, "int8")},
    **{f"matrix-set-diag-{t}": (lambda t=t: diagonal(t, True)) for t in (FLOAT, "int8")},
    **{f"dilate-{t}": (lambda t=t: dilate(t)) for t in (FLOAT, "int8")},
    **{f"update-slice-{t}": (lambda t=t: updated(t)) for t in (FLOAT, "int8", INT32)},
    "update-slice-constant": lambda: updated(FLOAT, True),
    **{f"add-n-{t}": (lambda t=t: sums(t)) for t in (FLOAT, INT32)},
    **{f"cumsum-{t}-{i}": (lambda t=t, i=i, how=how: running(t, *how)) for t in (FLOAT, INT32)
       for i, how in enumerate([(3,), (1, True), (2, False, True), (-2, True, True)])},
    "l2-pool-same": lambda: roots(True),
    "l2-pool-valid-batch": lambda: roots(False, 2),
    **{f"local-response-{r}": (lambda r=r: local(r)) for r in (1, 2, 9)},
    "fake-quant-8": lambda: fake(8),
    "fake-quant-4": lambda: fake(4),
    **{f"fill-{t}": (lambda t=t: filled(t)) for t in (FLOAT, "int8", INT32)},
    "range-float": ranged,
    **{f"floor-div-{t}": (lambda t=t: pair("FLOOR_DIV", "FloorDivOptions", t)) for t in ("int8", "int16", INT32)},
    **{f"floor-mod-{t}": (lambda t=t: pair("FLOOR_MOD", "FloorModOptions", t)) for t in ("int8", "int16", INT32)},
    "pow-int32": lambda: pair("POW", "PowOptions", INT32, True),
    **{f"bitwise-xor-{t}": (lambda t=t: pair("BITWISE_XOR", "BitwiseXorOptions", t)) for t in ("int8", INT32)},
    **{f"right-shift-{t}": (lambda t=t: pair("RIGHT_SHIFT", "RightShiftOptions", t, True)) for t in ("int8", INT32)},
    "squared-difference-int32": lambda: pair("SQUARED_DIFFERENCE", "SquaredDifferenceOptions", INT32),
    **{f"compare-{n.lower()}-{t}": (lambda n=n, t=t, s=s: compared(n, t, s))
       for n, t, s in [("LESS", "int8", (0.1, 0.1)), ("EQUAL", "int8", (0.0011, 0.0011)), ("GREATER_EQUAL", "uint8", (0.1, 0.07)),
                       ("NOT_EQUAL", "uint8", (0.002, 0.003)), ("LESS", "int16", (0.1, 0.03)), ("EQUAL", "int16", (0.1, 0.1))]},
    **{f"cast-{t}-{o}": (lambda t=t, o=o: cast(t, o)) for t, o in [("int8", FLOAT), ("uint8", INT32), ("int16", INT32)]},
}


def gates(g, random, sizes=1.0, hybrid=False, count=4):
    """Weights of numbers, or of integers."""
    def weights(*shape):
        if hybrid:
            return g.c(random.integers(-127, 128, shape), "int8", float(random.uniform(0.002, 0.01)))
        return g.c(random.normal(0, sizes, shape), FLOAT)
    return weights, lambda n: g.c(random.normal(0, sizes, n), FLOAT)


def lstm(steps=3, batch=1, inputs=3, cells=4, outputs=None, hybrid=False, norm=False, coupled=False,
         peephole=False, projection=False, both=False, second=None, merges=False, first=False, old=False):
    """The LSTM with all its parts: of one step, of a sequence, or of both directions."""
    random = np.random.default_rng(91)
    g = Graph()
    weights, real = gates(g, random, 0.8, hybrid)
    outputs = outputs or cells
    order = (steps, batch) if first else (batch, steps)
    read = [g.x((batch, inputs) if old else (*order, inputs))]
    if second:
        g.x((*order, second if second != "way back" else inputs))
    kept = range(1 if coupled else 0, 4)
    states = []
    for _ in range(2 if both else 1):
        at = [-1] * 17
        for gate in kept:
            at[gate], at[4 + gate] = weights(cells, inputs), weights(cells, outputs)
            at[11 + gate] = real(cells)
        if peephole:
            for gate in range(1 if coupled else 0, 3):
                at[8 + gate] = weights(cells)
        if projection:
            at[15], at[16] = weights(outputs, cells), real(outputs)
        read += at
        for size in (outputs, cells):
            states.append(g.m.tensor((batch, size), FLOAT))
            g.m.tensors[states[-1]].isVariable = True
    read += states
    if both:
        read += [g.given[1] if second else -1]
        read += [weights(cells, second) if second and second != "way back" else -1 for _ in range(8)]
    else:
        read += [real(cells) if norm and gate in kept else -1 for gate in range(4)]
    shape = (batch, outputs) if old else (*order, outputs)
    fields = dict(fusedActivationFunction=4, cellClip=0.9, projClip=0.8)
    if old:
        kind, name = options("LSTMOptions", **fields), "LSTM"
    elif both:
        kind = options("BidirectionalSequenceLSTMOptions", timeMajor=first, mergeOutputs=merges, **fields)
        name = "BIDIRECTIONAL_SEQUENCE_LSTM"
    else:
        kind, name = options("UnidirectionalSequenceLSTMOptions", timeMajor=first, **fields), "UNIDIRECTIONAL_SEQUENCE_LSTM"
    if merges:
        shape = (*order, 2 * outputs)
    made = [g.out(shape) for _ in range(2 if both and not merges else 1)]
    g.op(name, kind, read, *made, version=3)
    return g.done(*made)


def basic():
    random = np.random.default_rng(92)
    g = Graph()
    x = g.x((2, 3))
    state = [g.m.tensor((2, 4), FLOAT) for _ in range(2)]
    for each in state:
        g.m.tensors[each].isVariable = True
    read = [x, state[0], g.c(random.normal(0, 0.8, (16, 7)), FLOAT), g.c(random.normal(0, 0.8, 16), FLOAT), state[1]]
    made = [g.out((2, 4)), g.out((2, 4)), g.out((2, 7)), g.out((2, 16))]
    g.op("LSTM", options("LSTMOptions", fusedActivationFunction=4, kernelType=1), read, *made, version=2)
    return g.done(*made[:2])


def rnn(second=None, merges=False, first=False, hybrid=False, steps=3, batch=2):
    """The plain recurrent operator of both directions."""
    random = np.random.default_rng(93)
    g = Graph()
    weights, real = gates(g, random, 0.7, hybrid)
    order = (steps, batch) if first else (batch, steps)
    read = [g.x((*order, 3))]
    if second:
        g.x((*order, second if second != "way back" else 3))
    for _ in range(2):
        state = g.m.tensor((batch, 4), FLOAT)
        g.m.tensors[state].isVariable = True
        read += [weights(4, 3), weights(4, 4), real(4), state]
    read += [g.given[1] if second else -1]
    read += [weights(4, second) if second and second != "way back" else -1 for _ in range(2)]
    made = [g.out((*order, 8 if merges else 4)) for _ in range(1 if merges else 2)]
    kind = options("BidirectionalSequenceRNNOptions", timeMajor=first, mergeOutputs=merges, fusedActivationFunction=4)
    g.op("BIDIRECTIONAL_SEQUENCE_RNN", kind, read, *made, version=3)
    return g.done(*made)


RECURRENT = {
    "lstm-norm": lambda: lstm(norm=True, peephole=True),
    "lstm-norm-coupled": lambda: lstm(norm=True, coupled=True, outputs=3, projection=True, batch=2, first=True),
    "lstm-hybrid-norm": lambda: lstm(norm=True, hybrid=True),
    "lstm-old": lambda: lstm(old=True, peephole=True, outputs=3, projection=True, batch=2),
    "lstm-basic": basic,
    "lstm-both": lambda: lstm(both=True, peephole=True, outputs=3, projection=True, batch=2),
    "lstm-both-merged": lambda: lstm(both=True, merges=True, first=True, batch=2),
    "lstm-both-hybrid": lambda: lstm(both=True, hybrid=True, coupled=True),
    "lstm-both-second": lambda: lstm(both=True, second=2),
    "lstm-both-stacked": lambda: lstm(both=True, second="way back"),
    "rnn-both": lambda: rnn(),
    "rnn-both-merged": lambda: rnn(merges=True, first=True),
    "rnn-both-second": lambda: rnn(second=2),
    "rnn-both-hybrid": lambda: rnn(hybrid=True),
}


def called(cases, out, only):
    """What calls one after the other give; of several outputs all, one after the other."""
    out.mkdir(parents=True, exist_ok=True)
    for name, make in cases.items():
        if only and not any(name.startswith(each) for each in only):
            continue
        file = out / f"{name}.tflite"
        file.write_bytes(make())
        calls.values(file, 5)


def write(cases, out, only):
    out.mkdir(parents=True, exist_ok=True)
    for name, make in cases.items():
        if only and not any(name.startswith(each) for each in only):
            continue
        file = out / f"{name}.tflite"
        file.write_bytes(make())
        try:
            golden.golden(file, 4, out)
        except (ValueError, RuntimeError) as problem:
            print(name, str(problem)[:200])
            file.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--recurrent", type=pathlib.Path, help="where files with values go")
    parser.add_argument("only", nargs="*", help="beginnings of names; all without any")
    arguments = parser.parse_args()
    write(CASES, arguments.out, arguments.only)
    if arguments.recurrent:
        called(RECURRENT, arguments.recurrent, arguments.only)
