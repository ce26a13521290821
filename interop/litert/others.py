"""Files of operators that sum no products, small enough to keep with the tests, and their golden tensors.

One file of random_others.py for each operator and type, and graphs that converters write: layer
norms, targets of a reshape computed from shapes, masks. golden.py's format.
"""
import argparse
import pathlib

import numpy as np

import golden
import random_others
from ai_edge_litert import schema_py_generated as schema
from operators import B, Model, options
from random_operators import Draw

NAMES = {code: name for name, code in vars(B).items() if not name.startswith("_")}
TYPES = {0: "float", 9: "int8", 3: "uint8", 7: "int16"}
# their floats are not LiteRT's to the last bit, or its reference kernels are missing
INEXACT = {("GELU", "float"), ("CEIL", "float"), ("ROUND", "float"), ("ELU", "float"),
           ("LOG_SOFTMAX", "float"), ("SIN", "float"), ("COS", "float")}


def layer_norm():
    """Over the channels, as Keras' layer is converted."""
    random = np.random.default_rng(21)
    m = Model()
    shape, one = (1, 5, 6), (1, 5, 1)
    x = m.tensor(shape, "float32")
    axis = m.tensor((1,), "int32", data=[-1])
    mean, variance, shifted, root = (m.tensor(one, "float32") for _ in range(4))
    squares = m.tensor(shape, "float32")
    epsilon = m.tensor((), "float32", data=np.float32(1e-3))
    gain = m.tensor((6,), "float32", data=random.normal(1, 0.3, 6))
    shift = m.tensor((6,), "float32", data=random.normal(0, 0.3, 6))
    factor, first, second, rest, made = (m.tensor(shape, "float32") for _ in range(5))
    keeps = options("ReducerOptions", keepDims=True)
    return m.pack(
        [
            (B.MEAN, *keeps, [x, axis], [mean], 1),
            (B.SQUARED_DIFFERENCE, *options("SquaredDifferenceOptions"), [x, mean], [squares], 1),
            (B.MEAN, *keeps, [squares, axis], [variance], 1),
            (B.ADD, *options("AddOptions"), [variance, epsilon], [shifted], 1),
            (B.RSQRT, None, 0, [shifted], [root], 1),
            (B.MUL, *options("MulOptions"), [root, gain], [factor], 1),
            (B.MUL, *options("MulOptions"), [x, factor], [first], 1),
            (B.MUL, *options("MulOptions"), [mean, factor], [second], 1),
            (B.SUB, *options("SubOptions"), [shift, second], [rest], 1),
            (B.ADD, *options("AddOptions"), [first, rest], [made], 1),
        ],
        made,
    )


def folded_reshape():
    """(1, 4, 3, 2) to (1, 4 · 3, 2) by SHAPE, STRIDED_SLICE, MUL and PACK, as Keras' Reshape."""
    m = Model()
    m.tensor((1, 4, 3, 2), "int8", 0.1, 3)
    vector = lambda *data: m.tensor((len(data),), "int32", data=data)
    number = lambda: m.tensor((), "int32")
    shape, batch, rows, columns, product = m.tensor((4,), "int32"), number(), number(), number(), number()
    one, last = vector(1), m.tensor((), "int32", data=2)
    cut = lambda i, to: (
        B.STRIDED_SLICE, *options("StridedSliceOptions", shrinkAxisMask=1),
        [shape, vector(i), vector(i + 1), one], [to], 1)
    target = m.tensor((3,), "int32")
    made = m.tensor((1, 12, 2), "int8", 0.1, 3)
    return m.pack(
        [
            (B.SHAPE, *options("ShapeOptions", outType=2), [0], [shape], 1),
            cut(0, batch), cut(1, rows), cut(2, columns),
            (B.MUL, *options("MulOptions"), [rows, columns], [product], 1),
            (B.PACK, *options("PackOptions", valuesCount=3), [batch, product, last], [target], 1),
            (B.RESHAPE, *options("ReshapeOptions"), [0, target], [made], 1),
        ],
        made,
    )


def folded_broadcast():
    """Shapes gathered, joined, multiplied and cast, for FILL and BROADCAST_TO."""
    m = Model()
    m.tensor((1, 1, 3, 2), "int8", 0.1, 3)
    shape = m.tensor((4,), "int64")
    indices = m.tensor((2,), "int32", data=[3, 2])
    part = m.tensor((2,), "int64")
    words, target = m.tensor((2,), "int32"), m.tensor((4,), "int32")
    front = m.tensor((2,), "int32", data=[1, 5])
    turned = m.tensor((2,), "int32")
    axis = m.tensor((1,), "int32", data=[0])
    wide, ones, made = m.tensor((1, 5, 3, 2), "int8", 0.1, 3), m.tensor((1, 5, 3, 2), "float32"), None
    half = m.tensor((), "float32", data=np.float32(0.5))
    reals, made = m.tensor((1, 5, 3, 2), "float32"), m.tensor((1, 5, 3, 2), "float32")
    return m.pack(
        [
            (B.SHAPE, *options("ShapeOptions", outType=4), [0], [shape], 1),
            (B.GATHER, *options("GatherOptions"), [shape, indices], [part], 1),
            (B.CAST, *options("CastOptions", inDataType=4, outDataType=2), [part], [words], 1),
            (B.REVERSE_V2, *options("ReverseV2Options"), [words, axis], [turned], 1),
            (B.CONCATENATION, *options("ConcatenationOptions"), [front, turned], [target], 1),
            (B.BROADCAST_TO, *options("BroadcastToOptions"), [0, target], [wide], 2),
            (B.FILL, *options("FillOptions"), [target, half], [ones], 1),
            (B.DEQUANTIZE, *options("DequantizeOptions"), [wide], [reals], 2),
            (B.MUL, *options("MulOptions"), [reals, ones], [made], 1),
        ],
        made,
    )


def mask():
    """Numbers below zero halved, by LESS, SELECT_V2 and a mask of numbers."""
    m = Model()
    x = m.tensor((1, 4, 3), "float32")
    zero = m.tensor((), "float32", data=np.float32(0))
    below, rest = m.tensor((1, 4, 3), "bool"), m.tensor((1, 4, 3), "bool")
    halves, numbers, chosen, made = (m.tensor((1, 4, 3), "float32") for _ in range(4))
    half = m.tensor((3,), "float32", data=np.float32([0.5, 0.25, 0.125]))
    return m.pack(
        [
            (B.LESS, *options("LessOptions"), [x, zero], [below], 1),
            (B.LOGICAL_NOT, *options("LogicalNotOptions"), [below], [rest], 1),
            (B.MUL, *options("MulOptions"), [x, half], [halves], 1),
            (B.SELECT_V2, *options("SelectV2Options"), [below, halves, x], [chosen], 1),
            (B.CAST, *options("CastOptions", inDataType=6, outDataType=0), [rest], [numbers], 1),
            (B.ADD, *options("AddOptions"), [chosen, numbers], [made], 1),
        ],
        made,
    )


def whole_numbers():
    """Integers without a scale, added, compared and counted."""
    m = Model()
    x = m.tensor((1, 4, 3), "int32")
    y = m.tensor((3,), "int32", data=[7, -3, 2])
    total, product, larger = (m.tensor((1, 4, 3), "int32") for _ in range(3))
    equal = m.tensor((1, 4, 3), "bool")
    chosen = m.tensor((1, 4, 3), "int32")
    made = m.tensor((1, 4, 3), "float32")
    return m.pack(
        [
            (B.ADD, *options("AddOptions"), [x, y], [total], 1),
            (B.MUL, *options("MulOptions"), [total, y], [product], 1),
            (B.MAXIMUM, *options("MaximumMinimumOptions"), [product, x], [larger], 1),
            (B.GREATER_EQUAL, *options("GreaterEqualOptions"), [larger, total], [equal], 1),
            (B.SELECT_V2, *options("SelectV2Options"), [equal, larger, y], [chosen], 1),
            (B.CAST, *options("CastOptions", inDataType=2, outDataType=0), [chosen], [made], 1),
        ],
        made,
    )


def embedding():
    """Rows of a table by ids, of which a mean is taken."""
    random = np.random.default_rng(22)
    m = Model()
    ids = m.tensor((1, 6), "int32")
    table = m.tensor((300, 5), "float32", data=random.normal(0, 1, (300, 5)))
    size = m.tensor((), "int32", data=150)
    shifted, rows = m.tensor((1, 6), "int32"), m.tensor((1, 6, 5), "float32")
    axis = m.tensor((1,), "int32", data=[1])
    made = m.tensor((1, 5), "float32")
    return m.pack(
        [
            (B.ADD, *options("AddOptions"), [ids, size], [shifted], 1),
            (B.GATHER, *options("GatherOptions"), [table, shifted], [rows], 1),
            (B.MEAN, *options("ReducerOptions"), [rows, axis], [made], 1),
        ],
        made,
    )


def any_and_all():
    """Whether any and all of a row are below zero; the second output is a constant."""
    m = Model()
    x = m.tensor((1, 8, 3), "float32")
    zero = m.tensor((), "float32", data=np.float32(0))
    below = m.tensor((1, 8, 3), "bool")
    axis = m.tensor((1,), "int32", data=[2])
    some, every, made = (m.tensor((1, 8), "bool") for _ in range(3))
    constant = m.tensor((2,), "float32", data=np.float32([1.5, -2]))
    return m.pack(
        [
            (B.LESS, *options("LessOptions"), [x, zero], [below], 1),
            (B.REDUCE_ANY, *options("ReducerOptions"), [below, axis], [some], 1),
            (B.REDUCE_ALL, *options("ReducerOptions"), [below, axis], [every], 1),
            (B.NOT_EQUAL, *options("NotEqualOptions"), [some, every], [made], 1),
        ],
        made,
        constant,
    )


CASES = {
    "embedding": embedding,
    "any-and-all": any_and_all,
    "layer-norm": layer_norm,
    "folded-reshape": folded_reshape,
    "folded-broadcast": folded_broadcast,
    "mask": mask,
    "whole-numbers": whole_numbers,
}


def key(file):
    """The operator and the type of a random file."""
    graph = schema.ModelT.InitFromPackedBuf(file, 0)
    operators = [NAMES[graph.operatorCodes[o.opcodeIndex].builtinCode]
                 for o in graph.subgraphs[0].operators]
    last = graph.subgraphs[0].operators[-1]
    kind = TYPES[graph.subgraphs[0].tensors[last.inputs[0]].type]
    return next((o for o in operators if o != "DEQUANTIZE"), operators[0]), kind


def collected(out, count):
    """The first random file of each operator and type that LiteRT runs."""
    taken = set()
    for seed in range(count):
        make = random_others.KINDS[seed % len(random_others.KINDS)]
        file = make(Draw(seed))
        operator, kind = key(file)
        if (operator, kind) in taken | INEXACT:
            continue
        path = out / f"{operator.lower().replace('_', '-')}-{kind}-drawn.tflite"
        path.write_bytes(file)
        try:
            golden.golden(path, 4, out)
            taken.add((operator, kind))
        except (ValueError, RuntimeError):
            path.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, make in CASES.items():
        file = out / f"{name}.tflite"
        file.write_bytes(make())
        golden.golden(file, 4, out)
    collected(out, 900)
