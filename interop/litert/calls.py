"""Files whose calls take several inputs, several samples at once, or keep something from call to call.

operators.py's helpers and golden.py's format: the inputs of a file are calls one after the other.
"""
import argparse
import pathlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import golden
from operators import B, Model, options


SEED = 0  # of weights, beside each case's own


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


def hybrid_dense(shape, terms, out, asymmetric=False, channels=False, bias=True, activation=0, bits=8):
    """Integer weights on real numbers."""
    random = np.random.default_rng(31 + SEED)
    m = Model()
    m.tensor(shape, "float32")
    units = out[-1]
    scales = random.uniform(0.001, 0.01, units if channels else 1)
    limit = 2 ** (bits - 1)
    weights = filter_tensor(m, (units, terms), scales, random.integers(1 - limit, limit, (units, terms)), bits)
    inputs = [0, weights]
    if bias:
        inputs.append(m.tensor((units,), "float32", data=random.normal(0, 1, units)))
    made = m.tensor(out, "float32")
    kind = options("FullyConnectedOptions", asymmetricQuantizeInputs=asymmetric,
                   fusedActivationFunction=activation, keepNumDims=len(out) > 2)
    return m.pack([(B.FULLY_CONNECTED, *kind, inputs, [made], 9)], made)


def filter_tensor(m, shape, scales, values, bits=8, dimension=0):
    weights = m.tensor(shape, "int8", scales, 0, values, dimension)
    if bits == 4:
        flat = np.append(values.ravel(), 0) & 15
        packed4 = flat[0 : values.size : 2] | flat[1 : values.size + 1 : 2] << 4
        m.tensors[weights].type = 17
        m.buffers[m.tensors[weights].buffer].data = packed4.astype(np.uint8)
    return weights


def int4_codes(kind):
    """Weights of 4 bits on codes of 8."""
    random = np.random.default_rng(34 + SEED)
    m = Model()
    dense = kind == "dense"
    m.tensor((1, 3, 5) if dense else (1, 5, 4, 3), "int8", 0.05, 11)
    shape = {"dense": (7, 5), "conv": (6, 3, 2, 3), "depthwise": (1, 3, 2, 6)}[kind]
    out = shape[3] if kind == "depthwise" else shape[0]
    scales = random.uniform(0.02, 0.1, 1 if dense else out)
    weights = filter_tensor(m, shape, scales, random.integers(-7, 8, shape), 4,
                            3 if kind == "depthwise" else 0)
    bias = m.tensor((out,), "int32", 0.05 * scales, 0, random.integers(-900, 900, out))
    made = m.tensor((1, 3, 7) if dense else (1, 5, 4, out), "int8", 0.02, -30)
    code, name, fields = {
        "dense": (B.FULLY_CONNECTED, "FullyConnectedOptions", dict(keepNumDims=True)),
        "conv": (B.CONV_2D, "Conv2DOptions", dict(padding=0, strideW=1, strideH=1)),
        "depthwise": (B.DEPTHWISE_CONV_2D, "DepthwiseConv2DOptions",
                      dict(padding=0, strideW=1, strideH=1, depthMultiplier=2)),
    }[kind]
    return m.pack([(code, *options(name, **fields), [0, weights, bias], [made], 7)], made)


def hybrid_convolution(depthwise=False, channels=True, batch=1, same=True, stride=2, out=6, bias=True,
                       dilation=1, groups=1, activation=0):
    random = np.random.default_rng(32 + SEED)
    m = Model()
    depth = 4 if groups > 1 else 3
    m.tensor((batch, 6, 5, depth), "float32")
    out = 6 if depthwise else out
    shape = (1, 3, 2, out) if depthwise else (out, 3, 2, depth // groups)
    scales = random.uniform(0.001, 0.01, out if channels else 1)
    weights = filter_tensor(m, shape, scales, random.integers(-127, 128, shape), 8, 3 if depthwise else 0)
    inputs = [0, weights]
    if bias:
        inputs.append(m.tensor((out,), "float32", data=random.normal(0, 1, out)))
    extent = lambda k: (k - 1) * dilation + 1
    size = lambda n, k: -(-n // stride) if same else -(-(n - extent(k) + 1) // stride)
    made = m.tensor((batch, size(6, 3), size(5, 2), out), "float32")
    fields = dict(padding=0 if same else 1, strideW=stride, strideH=stride, dilationWFactor=dilation,
                  dilationHFactor=dilation, fusedActivationFunction=activation)
    if depthwise:
        fields["depthMultiplier"] = out // depth
    kind = options("DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", **fields)
    code = B.DEPTHWISE_CONV_2D if depthwise else B.CONV_2D
    return m.pack([(code, *kind, inputs, [made], 3)], made)


def half(m, shape, values):
    """A constant of 16 bits that is widened, and the operator that does it."""
    halves = m.tensor(shape, "float32")
    m.tensors[halves].type = 1
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(np.asarray(values, np.float16).tobytes(), np.uint8)
    m.tensors[halves].buffer = len(m.buffers)
    m.buffers.append(buffer)
    wide = m.tensor(shape, "float32")
    return wide, (B.DEQUANTIZE, *options("DequantizeOptions"), [halves], [wide], 3)


def halves_dense():
    """Weights of 16 bits and a bias whose codes are widened; sums are exact."""
    random = np.random.default_rng(33)
    m = Model()
    m.tensor((1, 3, 6), "int8", 0.5, 3)
    reals = m.tensor((1, 3, 6), "float32")
    weights, widen = half(m, (5, 6), random.integers(-9, 10, (5, 6)) / 8)
    codes = m.tensor((5,), "int8", 0.25, 1, random.integers(-127, 128, 5))
    bias = m.tensor((5,), "float32")
    made = m.tensor((1, 3, 5), "float32")
    return m.pack(
        [
            widen,
            (B.DEQUANTIZE, *options("DequantizeOptions"), [codes], [bias], 2),
            (B.DEQUANTIZE, *options("DequantizeOptions"), [0], [reals], 2),
            (B.FULLY_CONNECTED, *options("FullyConnectedOptions", keepNumDims=True),
             [reals, weights, bias], [made], 5),
        ],
        made,
    )


def updated(m, shape, dtype="float32", *how):
    """A tensor that an operator updates from call to call."""
    tensor = m.tensor(shape, dtype, *how)
    m.tensors[tensor].isVariable = True
    return tensor


def svdf(rank=2, batch=1, dtype="int8", bias=True, hybrid=False, asymmetric=False, activation=1,
         features=5, filters=6, memory=4):
    random = np.random.default_rng(41 + SEED)
    m = Model()
    units = filters // rank
    real = dtype == "float32"
    if real and not hybrid:
        source, first = halves(m, (batch, features))
        feature = m.tensor((filters, features), dtype, data=random.integers(-9, 10, (filters, features)) / 2)
        time = m.tensor((filters, memory), dtype, data=random.integers(-9, 10, (filters, memory)) / 4)
        constant = m.tensor((units,), dtype, data=random.integers(-9, 10, units))
        state, made = updated(m, (batch, filters * memory)), m.tensor((batch, units), dtype)
    elif real:
        source, first = m.tensor((batch, features), dtype), None
        feature = filter_tensor(m, (filters, features), 0.01, random.integers(-127, 128, (filters, features)))
        time = m.tensor((filters, memory), "int8", 0.03, 0, random.integers(-127, 128, (filters, memory)))
        constant = m.tensor((units,), dtype, data=random.normal(0, 1, units))
        state, made = updated(m, (batch, filters * memory)), m.tensor((batch, units), dtype)
    else:
        source, first = m.tensor((batch, features), "int8", 0.05, 11), None
        feature = m.tensor((filters, features), "int8", 0.006, 0, random.integers(-127, 128, (filters, features)))
        time = m.tensor((filters, memory), "int16", 0.0004, 0,
                        random.integers(-30000, 30000, (filters, memory)))
        constant = m.tensor((units,), "int32", 0.0004 * 0.0007, 0, random.integers(-900000, 900000, units))
        state = updated(m, (batch, filters * memory), "int16", 0.0007, 0)
        made = m.tensor((batch, units), "int8", 0.3, -20)
    kind = options("SVDFOptions", rank=rank, fusedActivationFunction=activation,
                   asymmetricQuantizeInputs=asymmetric)
    operator = (B.SVDF, *kind, [source, feature, time, constant if bias else -1, state], [made], 3)
    return m.pack([first, operator] if first else [operator], made)


def lstm(steps=3, batch=1, inputs=3, cells=4, outputs=None, hybrid=False, asymmetric=False, coupled=False,
         peephole=False, projection=False, first=False, clip=0.0, sizes=1.0):
    """Real numbers, or integer weights on them."""
    random = np.random.default_rng(51 + SEED)
    m = Model()
    outputs = outputs or cells
    m.tensor((steps, batch, inputs) if first else (batch, steps, inputs), "float32")

    def weights(*shape):
        if hybrid:
            return m.tensor(shape, "int8", float(random.uniform(0.002, 0.01)), 0,
                            random.integers(-127, 128, shape))
        return m.tensor(shape, "float32", data=random.normal(0, sizes, shape))

    real = lambda n: m.tensor((n,), "float32", data=random.normal(0, sizes, n))
    gates = range(1 if coupled else 0, 4)
    read = [-1] * 24
    read[0] = 0
    for gate in gates:
        read[1 + gate] = weights(cells, inputs)
        read[5 + gate] = weights(cells, outputs)
        read[12 + gate] = real(cells)
    if peephole:
        for gate in range(1 if coupled else 0, 3):
            read[9 + gate] = weights(cells)
    if projection:
        read[16] = weights(outputs, cells)
        read[17] = real(outputs)
    read[18] = updated(m, (batch, outputs))
    read[19] = updated(m, (batch, cells))
    made = m.tensor((steps, batch, outputs) if first else (batch, steps, outputs), "float32")
    kind = options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=4, cellClip=clip,
                   projClip=clip / 2, timeMajor=first, asymmetricQuantizeInputs=asymmetric)
    return m.pack([(B.UNIDIRECTIONAL_SEQUENCE_LSTM, *kind, read, [made], 3)], made)


def rnn(steps=3, batch=1, hybrid=False, first=False, inputs=3, units=4, activation=4):
    """One step (steps 0) or a sequence of the plain recurrent operator."""
    random = np.random.default_rng(71 + SEED)
    m = Model()
    order = (steps, batch) if first else (batch, steps)
    m.tensor((*(order if steps else (batch,)), inputs), "float32")

    def weights(*shape):
        if hybrid:
            return m.tensor(shape, "int8", 0.007, 0, random.integers(-127, 128, shape))
        return m.tensor(shape, "float32", data=random.normal(0, 0.6, shape))

    read = [0, weights(units, inputs), weights(units, units),
            m.tensor((units,), "float32", data=random.normal(0, 0.5, units)), updated(m, (batch, units))]
    made = m.tensor((*(order if steps else (batch,)), units), "float32")
    if steps:
        kind = options("SequenceRNNOptions", timeMajor=first, fusedActivationFunction=activation)
        return m.pack([(B.UNIDIRECTIONAL_SEQUENCE_RNN, *kind, read, [made], 3)], made)
    kind = options("RNNOptions", fusedActivationFunction=activation)
    return m.pack([(B.RNN, *kind, read, [made], 3)], made)


def lstm_codes(steps=3, batch=1, inputs=5, cells=6, outputs=None, coupled=False, peephole=False,
               projection=False, first=False, clip=0.0, cell=-11, hidden=3):
    """Codes of 8 bits, a cell of 16."""
    random = np.random.default_rng(61 + SEED)
    m = Model()
    outputs = outputs or cells
    m.tensor((steps, batch, inputs) if first else (batch, steps, inputs), "int8", 0.02, 7)
    drawn = lambda low, high: float(np.float32(random.uniform(low, high)))
    weights = lambda *shape: m.tensor(shape, "int8", drawn(0.004, 0.02), 0, random.integers(-127, 128, shape))
    state = (0.008, -11)
    gates = range(1 if coupled else 0, 4)
    read = [-1] * 24
    read[0] = 0
    for gate in gates:
        read[1 + gate] = weights(cells, inputs)
        read[5 + gate] = weights(cells, outputs)
        read[12 + gate] = m.tensor((cells,), "int32", 0.0002, 0, random.integers(-3000, 3000, cells))
    if peephole:
        for gate in range(1 if coupled else 0, 3):
            read[9 + gate] = m.tensor((cells,), "int16", drawn(1e-5, 4e-5), 0,
                                      random.integers(-32767, 32768, cells))
    if projection:
        read[16] = weights(outputs, cells)
        read[17] = m.tensor((outputs,), "int32", 0.0002, 0, random.integers(-3000, 3000, outputs))
    read[18] = updated(m, (batch, outputs), "int8", *state)
    read[19] = updated(m, (batch, cells), "int16", 2.0**cell, 0)
    made = m.tensor((steps, batch, outputs) if first else (batch, steps, outputs), "int8", *state)
    between = [m.tensor((1,), "int16", 2.0**-12, 0) for _ in range(4)]
    between.append(m.tensor((1,), "int8", *((0.0077, hidden) if projection else state)))
    kind = options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=4, cellClip=clip,
                   projClip=clip / 2, timeMajor=first)
    operator = (B.UNIDIRECTIONAL_SEQUENCE_LSTM, *kind, read, [made], 3)
    return packed(m.buffers, (m.tensors, [operator], (0,), (made,)), between=between)


class Stateful(Model):
    """A second subgraph, which is run once, sets variables to constants."""

    def __init__(self):
        super().__init__()
        self.names, self.firsts = [], []

    def variable(self, name, shape, dtype, first, *how):
        """A tensor that stands for a variable, and the operator that makes it."""
        handle = self.resource()
        self.firsts.append((name, shape, dtype, first, how))
        return handle, (B.VAR_HANDLE, *options("VarHandleOptions", sharedName=name, container=""),
                        [], [handle], 1)

    def resource(self):
        handle = self.tensor((), "int32")
        self.tensors[handle].type = 13
        return handle

    def pack(self, operators, *results, inputs=(0,)):
        once = (B.CALL_ONCE, *options("CallOnceOptions", initSubgraphIndex=1), [], [], 1)
        main, self.tensors, made = self.tensors, [], []
        for name, shape, dtype, first, how in self.firsts:
            handle = self.resource()
            value = self.tensor(shape, dtype, *how, data=first)
            made.append((B.VAR_HANDLE, *options("VarHandleOptions", sharedName=name, container=""),
                         [], [handle], 1))
            made.append((B.ASSIGN_VARIABLE, *options("AssignVariableOptions"), [handle, value], [], 1))
        second = (self.tensors, made, (), ())
        self.tensors = main
        return packed(self.buffers, (main, [once, *operators], inputs, results), second)


def packed(buffers, *graphs, between=()):
    model = schema.ModelT()
    model.version, model.buffers, model.operatorCodes, model.subgraphs = 3, buffers, [], []
    for tensors, operators, inputs, results in graphs:
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = tensors, []
        graph.inputs, graph.outputs = list(inputs), list(results)
        for code, fields, kind, read, made, version in operators:
            c = schema.OperatorCodeT()
            c.builtinCode, c.deprecatedBuiltinCode, c.version = code, min(code, 127), version
            o = schema.OperatorT()
            o.opcodeIndex = len(model.operatorCodes)
            model.operatorCodes.append(c)
            o.inputs, o.outputs = read, made
            o.intermediates = list(between)
            o.builtinOptions, o.builtinOptionsType = fields, kind
            graph.operators.append(o)
        model.subgraphs.append(graph)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def read(handle, value):
    return B.READ_VARIABLE, *options("ReadVariableOptions"), [handle], [value], 1


def assign(handle, value):
    return B.ASSIGN_VARIABLE, *options("AssignVariableOptions"), [handle, value], [], 1


def streaming():
    """A convolution over the last five rows, of which two are new in each call."""
    random = np.random.default_rng(21)
    m = Stateful()
    how = ("int8", 0.05, 11)
    m.tensor((1, 2, 4), *how)
    rows, named = m.variable("rows", (1, 3, 4), "int8", random.integers(-128, 128, (1, 3, 4)), 0.05, 11)
    old, all_rows = m.tensor((1, 3, 4), *how), m.tensor((1, 5, 4), *how)
    last = m.tensor((1, 3, 4), *how)
    image, shape = m.tensor((1, 5, 1, 4), *how), m.tensor((4,), "int32", data=[1, 5, 1, 4])
    begin, end = m.tensor((3,), "int32", data=[0, 2, 0]), m.tensor((3,), "int32", data=[1, 5, 4])
    step = m.tensor((3,), "int32", data=[1, 1, 1])
    scales = random.uniform(0.001, 0.01, 6)
    weights = m.tensor((6, 5, 1, 4), "int8", scales, 0, random.integers(-127, 128, (6, 5, 1, 4)))
    bias = m.tensor((6,), "int32", 0.05 * scales, 0, random.integers(-900, 900, 6))
    made = m.tensor((1, 1, 1, 6), "int8", 0.02, -30)
    return m.pack(
        [
            named,
            read(rows, old),
            (B.CONCATENATION, *options("ConcatenationOptions", axis=1), [old, 0], [all_rows], 2),
            (B.STRIDED_SLICE, *options("StridedSliceOptions"), [all_rows, begin, end, step], [last], 2),
            assign(rows, last),
            (B.RESHAPE, *options("ReshapeOptions", newShape=[1, 5, 1, 4]), [all_rows, shape], [image], 1),
            (B.CONV_2D, *options("Conv2DOptions", padding=1, strideW=1, strideH=1),
             [image, weights, bias], [made], 3),
        ],
        made,
    )


def counting():
    """Two variables that feed each other, read again after they are assigned, and one that stays."""
    m = Stateful()
    m.tensor((1, 3), "float32")
    a, name_a = m.variable("a", (1, 3), "float32", [[1, 2, 3]])
    b, name_b = m.variable("b", (1, 3), "float32", [[-0.5, 0.25, 4]])
    c, name_c = m.variable("c", (1, 3), "float32", [[2, -1, 0.5]])
    old_a, old_b, kept = (m.tensor((1, 3), "float32") for _ in range(3))
    total, new_b, product = (m.tensor((1, 3), "float32") for _ in range(3))
    add = lambda *inputs: (B.ADD, *options("AddOptions"), list(inputs[:2]), [inputs[2]], 1)
    return m.pack(
        [
            name_a, name_b, name_c, read(a, old_a), read(b, old_b), read(c, kept),
            add(old_a, 0, total), assign(b, total), assign(a, old_b), read(b, new_b),
            (B.MUL, *options("MulOptions"), [new_b, kept], [product], 1),
        ],
        product,
    )


CASES = {
    "hybrid-dense": lambda: hybrid_dense((1, 30), 30, (1, 7)),
    "hybrid-dense-rows": lambda: hybrid_dense((4, 30), 30, (4, 7), activation=1),
    "hybrid-dense-asymmetric": lambda: hybrid_dense((4, 30), 30, (4, 7), True),
    "hybrid-dense-channels": lambda: hybrid_dense((4, 30), 30, (4, 7), channels=True),
    "hybrid-dense-asymmetric-channels": lambda: hybrid_dense(
        (2, 3, 30), 30, (2, 3, 7), True, True, bias=False, activation=3),
    "hybrid-dense-int4": lambda: hybrid_dense((4, 31), 31, (4, 7), bits=4),
    "hybrid-dense-int4-channels": lambda: hybrid_dense((1, 32), 32, (1, 9), True, True, bits=4),
    "hybrid-conv": lambda: hybrid_convolution(channels=False),
    "hybrid-conv-channels": hybrid_convolution,
    "hybrid-conv-batch": lambda: hybrid_convolution(channels=False, batch=3, same=False),
    "hybrid-conv-batch-channels": lambda: hybrid_convolution(batch=3, stride=1, activation=1),
    "hybrid-conv-one": lambda: hybrid_convolution(out=1),
    "hybrid-depthwise": lambda: hybrid_convolution(depthwise=True),
    "hybrid-depthwise-batch": lambda: hybrid_convolution(depthwise=True, batch=2, activation=3),
    **{f"int4-{kind}": lambda kind=kind: int4_codes(kind) for kind in ("dense", "conv", "depthwise")},
    "half-dense": halves_dense,
    "svdf": svdf,
    "svdf-rank1-batch": lambda: svdf(1, 3, bias=False),
    "svdf-real": lambda: svdf(2, 2, "float32"),
    "svdf-real-rank3": lambda: svdf(3, 1, "float32", bias=False, activation=0),
    "svdf-hybrid": lambda: svdf(1, 1, "float32", hybrid=True, memory=1),
    "lstm-codes": lstm_codes,
    "lstm-codes-batch": lambda: lstm_codes(batch=2, first=True, cell=-12),
    "lstm-codes-coupled": lambda: lstm_codes(coupled=True, peephole=True, clip=0.9),
    "lstm-codes-projection": lambda: lstm_codes(outputs=4, projection=True, peephole=True, clip=1.5),
    "calls-streaming": streaming,
    "calls-counting": counting,
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

# functions of numbers are those of the runtime's own library: values are kept, not digests
RECURRENT = {
    "rnn": rnn,
    "rnn-step": lambda: rnn(0, 2),
    "rnn-hybrid": lambda: rnn(4, 2, True, True),
    "rnn-hybrid-step": lambda: rnn(0, hybrid=True),
    "lstm": lstm,
    "lstm-hybrid": lambda: lstm(hybrid=True),
    "lstm-hybrid-batch": lambda: lstm(batch=2, hybrid=True, asymmetric=True, first=True),
    "lstm-hybrid-coupled": lambda: lstm(hybrid=True, coupled=True, peephole=True, clip=0.5),
    "lstm-hybrid-projection": lambda: lstm(hybrid=True, outputs=3, projection=True, clip=0.7),
}


def values(file, calls):
    """What calls one after the other give, a line each."""
    runtime = Interpreter(str(file), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    runtime.allocate_tensors()
    sources = runtime.get_input_details()
    lines = [f"# {file.name}, ai-edge-litert {golden.importlib.metadata.version('ai-edge-litert')}"
             " (Apache-2.0), BUILTIN_REF; interop/litert/calls.py; a call a line"]
    for seed in range(calls):
        row = golden.codes(seed, int(sum(np.prod(source["shape"]) for source in sources)), np.uint64)
        for source in sources:  # several are one row
            size = int(np.prod(source["shape"]))
            given = golden.given(row[:size], source["dtype"]).reshape(source["shape"])
            runtime.set_tensor(source["index"], given)
            row = row[size:]
        runtime.invoke()
        made = [runtime.get_tensor(each["index"]).ravel() for each in runtime.get_output_details()]
        lines.append(" ".join(str(value) for value in np.concatenate(made)))
    file.with_suffix(".csv").write_text("\n".join(lines) + "\n")
    print(f"{file.name}: {calls} calls")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--recurrent", type=pathlib.Path, help="where files with values go")
    parser.add_argument("names", nargs="*", help="all, unless some are named")
    arguments = parser.parse_args()
    for cases, out in ((CASES, arguments.out), (RECURRENT, arguments.recurrent)):
        for name in cases if out else ():
            if not arguments.names or name in arguments.names:
                out.mkdir(parents=True, exist_ok=True)
                file = out / f"{name}.tflite"
                file.write_bytes(cases[name]())
                golden.golden(file, 4, out) if cases is CASES else values(file, 5)
