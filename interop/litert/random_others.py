"""Random files of one operator each that sums no products, and their golden tensors.

As random_operators.py; floats come from codes through DEQUANTIZE, so that their range can be chosen.
"""
import argparse
import pathlib

import numpy as np

import random_operators
from operators import B, Model, options
from random_operators import RANGE

FLOATS = {
    "ABS": "AbsOptions", "NEG": "NegOptions", "SQRT": None, "RSQRT": None, "SQUARE": "SquareOptions",
    "EXP": "ExpOptions", "LOG": None, "SIN": None, "COS": "CosOptions", "FLOOR": None,
    "CEIL": None, "ROUND": None, "ELU": None, "GELU": "GeluOptions", "RELU_N1_TO_1": None,
    "RELU_0_TO_1": None, "SIGN": "SignOptions", "LEAKY_RELU": "LeakyReluOptions",
}
PAIRS = {
    "DIV": "DivOptions", "POW": "PowOptions", "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions", "SQUARED_DIFFERENCE": "SquaredDifferenceOptions",
    "PRELU": None, "FLOOR_DIV": "FloorDivOptions", "FLOOR_MOD": "FloorModOptions",
}
REDUCERS = ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD")


def some(name, **fields):
    return options(name, **fields) if name else (None, 0)


def shape(d, least=1, most=4):
    rank = d.count(least, most + 1)
    dims = [d.count(1, 6) for _ in range(rank)]
    if rank > 1 and d.chance(0.8):
        dims[0] = 1
    return tuple(dims)


def floats(m, d, dims, zero, scale):
    """A float tensor and the operator that makes it."""
    m.tensor(dims, "int8", scale, zero)
    real = m.tensor(dims, "float32")
    return real, [(B.DEQUANTIZE, *options("DequantizeOptions"), [0], [real], 2)]


def one(dims):
    """As an image of Narrows' first dimension 1."""
    return dims if len(dims) == 1 or dims[0] == 1 else (1, *dims[1:])


def float_function(d):
    m = Model()
    name = d.one(*FLOATS)
    dims = one(shape(d))
    positive = name in ("SQRT", "RSQRT", "LOG")
    # LiteRT has no reference kernels of three, and its fast dequantisation is exact for zero only
    zero = 0 if name in ("CEIL", "ROUND", "ELU") else -128 if positive else d.count(-128, 128)
    real, made = floats(m, d, dims, zero, d.between(1e-3, 1))
    out = m.tensor(dims, "float32")
    fields = {"GELU": {"approximate": d.chance(0.5)}, "LEAKY_RELU": {"alpha": d.one(0.1, -0.3, 4.0)}}
    kind = some(FLOATS[name], **fields.get(name, {}))
    return m.pack([*made, (getattr(B, name), *kind, [real], [out], 1)], out)


def float_pair(d):
    m = Model()
    name = d.one(*PAIRS)
    dims = one(shape(d))
    positive = name == "POW"
    real, made = floats(m, d, dims, -128 if positive else d.count(-128, 128), d.between(1e-3, 0.1))
    other = tuple(1 if d.chance(0.4) else n for n in dims)
    other = other[d.count(0, len(other)):] if d.chance(0.3) else other
    values = d.random.normal(0, 2, other).astype(np.float32)
    constant = m.tensor(other, "float32", data=values)
    out = m.tensor(dims, "float32")
    fields = {"fusedActivationFunction": d.activation()} if name == "DIV" else {}
    return m.pack([*made, (getattr(B, name), *some(PAIRS[name], **fields), [real, constant], [out], 1)],
                  out)


def code_function(d):
    name = d.one("ABS", "NEG", "SQRT", "RSQRT", "EXP", "LOG", "ELU", "GELU", "RELU_N1_TO_1",
                 "RELU_0_TO_1")
    dtype = {"GELU": d.dtype(), "RELU_N1_TO_1": d.dtype("int8", "uint8"), "ELU": "int8",
             "RELU_0_TO_1": d.dtype("int8", "uint8")}.get(name, d.dtype("int8", "int16"))
    zero = d.zero(dtype)
    if name in ("SQRT", "RSQRT"):
        dtype, zero = "int8", -128  # LiteRT stops at negative numbers
    dims = (1, 8, 16, 8) if dtype != "int16" else (1, 64, 64, 4)
    m = Model()
    scale = d.scale(dtype)
    m.tensor(dims, dtype, scale, zero)
    if name == "EXP":
        scale = d.between(1e-5, 6 / RANGE[dtype][1])
        m.tensors[0].quantization.scale[0] = scale
    out_scale = d.scale(dtype) if d.chance(0.3) else scale * d.between(0.3, 3)
    if name in ("EXP", "RSQRT", "LOG"):
        out_scale = max(out_scale, 1e-4)
    made = m.tensor(dims, dtype, out_scale, d.zero(dtype))
    kind = some(FLOATS[name], **({"approximate": d.chance(0.5)} if name == "GELU" else {}))
    return m.pack([(getattr(B, name), *kind, [0], [made], 1 if name in ("ELU", "NEG") or name.startswith("RELU_") else 2)], made)


def code_pair(d):
    name = d.one("DIV", "MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE", "PRELU")
    dtype = "int8" if name == "SQUARED_DIFFERENCE" else d.dtype()
    m = Model()
    dims = one(shape(d, 2))
    scale, zero = d.scale(dtype), d.zero(dtype)
    m.tensor(dims, dtype, scale, zero)
    other = tuple(1 if d.chance(0.4) else n for n in dims)
    kind = "int8" if name == "PRELU" and dtype == "int16" else dtype
    right, right_zero = d.scale(kind), d.zero(kind)
    out = max(scale, right) * d.between(0.5, 3)
    out_zero = d.zero(dtype)
    codes = d.random.integers(*RANGE[kind], other)
    if name in ("MAXIMUM", "MINIMUM"):
        right, right_zero, out, out_zero = scale, zero, scale, zero
    if name == "DIV":
        codes = np.where(codes == right_zero, codes + (1 if right_zero < RANGE[kind][1] - 1 else -1), codes)
        out = scale / right * d.between(0.01, 2)
    if name == "PRELU":
        out = scale * d.between(0.3, 2)
    if name == "SQUARED_DIFFERENCE":
        out = max(scale, right) ** 2 * d.between(1, 200)
    constant = m.tensor(other, kind, right, right_zero, codes)
    made = m.tensor(dims, dtype, out, out_zero)
    fields = {"fusedActivationFunction": d.activation()} if name == "DIV" else {}
    version = 2 if name != "PRELU" else 1
    return m.pack([(getattr(B, name), *some(PAIRS[name], **fields), [0, constant], [made], version)],
                  made)


def axes(d, rank):
    count = d.count(1, rank + 1)
    chosen = d.random.permutation(rank)[:count].tolist()
    return [a - rank if d.chance(0.3) else a for a in chosen]


def left(dims, chosen, keeps):
    wrapped = {a % len(dims) for a in chosen}
    if keeps:
        return tuple(1 if i in wrapped else n for i, n in enumerate(dims))
    return tuple(n for i, n in enumerate(dims) if i not in wrapped)


def reducer(d):
    m = Model()
    name = d.one(*REDUCERS)
    dims = one(shape(d, 1, 5))
    chosen = axes(d, len(dims))
    keeps = d.chance(0.5)
    real = name == "REDUCE_PROD" or d.chance(0.4)
    to = left(dims, chosen, keeps)
    made = []
    if real:
        source, made = floats(m, d, dims, d.count(-128, 128), d.between(1e-3, 0.1))
        axis = m.tensor((len(chosen),), "int32", data=chosen)
        out = m.tensor(to, "float32")
    else:
        # LiteRT's reference sum of int8 and int16 reads them as uint8
        dtype = d.dtype(*(["uint8"] if name == "SUM" else RANGE))
        scale, zero = d.scale(dtype), d.zero(dtype)
        source = m.tensor(dims, dtype, scale, zero)
        axis = m.tensor((len(chosen),), "int32", data=chosen)
        if name in ("MEAN", "SUM"):
            count = int(np.prod(dims) // np.prod(to)) if name == "SUM" else 1
            out = m.tensor(to, dtype, scale * count**0.5 * d.between(0.3, 3), d.zero(dtype))
        else:
            out = m.tensor(to, dtype, scale, zero)
    return m.pack([*made, (getattr(B, name), *options("ReducerOptions", keepDims=keeps),
                           [source, axis], [out], 2)], out)


def extreme(d):
    m = Model()
    dims = one(shape(d, 1))
    real = d.chance(0.4)
    if real:
        source, made = floats(m, d, dims, 0, 0.1)
    else:
        source, made = m.tensor(dims, d.dtype("int8", "uint8"), 0.1, 3), []
    axis = d.count(0, len(dims))
    index = m.tensor((), "int32", data=axis - len(dims) if d.chance(0.5) else axis)
    wide = d.chance(0.5)
    out = m.tensor(left(dims, [axis], False), "int64" if wide else "int32")
    name = d.one("ArgMax", "ArgMin")
    kind = options(name + "Options", outputType=4 if wide else 2)
    return m.pack([*made, (B.ARG_MAX if name == "ArgMax" else B.ARG_MIN, *kind, [source, index], [out], 2)],
                  out)


def normalize(d):
    m = Model()
    dims = one(shape(d, 2))
    name = d.one("LOG_SOFTMAX", "L2_NORMALIZATION")
    kind = options("LogSoftmaxOptions") if name == "LOG_SOFTMAX" else options("L2NormOptions")
    way = d.count(0, 3)
    if way == 0:
        source, made = floats(m, d, dims, d.count(-128, 128), d.between(1e-3, 0.1))
        out = m.tensor(dims, "float32")
    else:
        dtype, made = ("int8", "uint8")[way - 1], []
        source = m.tensor(dims, dtype, d.scale(dtype), d.zero(dtype))
        low = 0 if dtype == "uint8" else -128
        how = (1 / 16, low + 255) if name == "LOG_SOFTMAX" else (1 / 128, low + 128)
        out = m.tensor(dims, dtype, *how)
    return m.pack([*made, (getattr(B, name), *kind, [source], [out], 2)], out)


def pool(d):
    m = Model()
    dims = (1, d.count(2, 9), d.count(2, 9), d.count(1, 4))
    kernel = d.count(1, 5), d.count(1, 5)
    stride = d.count(1, 4)
    same = d.chance(0.7)
    size = lambda n, k: -(-n // stride) if same else -(-(n - k + 1) // stride)
    kernel = kernel if same else (min(kernel[0], dims[1]), min(kernel[1], dims[2]))
    to = (1, size(dims[1], kernel[0]), size(dims[2], kernel[1]), dims[3])
    kind = options("Pool2DOptions", padding=0 if same else 1, strideW=stride, strideH=stride,
                   filterHeight=kernel[0], filterWidth=kernel[1],
                   fusedActivationFunction=d.activation())
    if d.chance(0.4):
        source, made = floats(m, d, dims, d.count(-128, 128), d.between(1e-3, 0.1))
        out = m.tensor(to, "float32")
    else:
        dtype, made = d.dtype(), []
        scale, zero = d.scale(dtype), d.zero(dtype)
        source = m.tensor(dims, dtype, scale, zero)
        out = m.tensor(to, dtype, scale, zero)
    return m.pack([*made, (B.AVERAGE_POOL_2D, *kind, [source], [out], 2)], out)


def mover(d):
    """Operators that move elements, of codes."""
    m = Model()
    name = d.one("MIRROR_PAD", "PADV2", "GATHER", "TILE", "BROADCAST_TO", "REVERSE_V2",
                 "DEPTH_TO_SPACE", "SPACE_TO_DEPTH", "SPACE_TO_BATCH_ND", "PACK", "UNPACK", "SPLIT_V")
    dims = one(shape(d, 1))
    n = len(dims)
    scale, zero, dtype = 0.1, 3, d.dtype("int8", "int8", "uint8")
    index = lambda data: m.tensor(np.shape(data), "int32", data=data)
    block = 1
    if name in ("DEPTH_TO_SPACE", "SPACE_TO_DEPTH", "SPACE_TO_BATCH_ND"):
        block = d.count(1, 4)
        dims = (1, block * d.count(1, 4), block * d.count(1, 4), d.count(1, 4))
        if name == "DEPTH_TO_SPACE":
            dims = (1, d.count(1, 4), d.count(1, 4), block * block * d.count(1, 4))
    m.tensor(dims, dtype, scale, zero)
    made = lambda to: m.tensor(to, dtype, scale, zero)
    kind = (None, 0)
    if name == "MIRROR_PAD":
        mode = d.count(0, 2)
        pads = [[d.count(0, s - 1 + mode + 1), d.count(0, s - 1 + mode + 1)] for s in dims]
        if n > 1:
            pads[0] = [0, 0]
        inputs = [0, index(pads)]
        out = [made(tuple(s + sum(p) for s, p in zip(dims, pads)))]
        kind = options("MirrorPadOptions", mode=mode)
    elif name == "PADV2":
        pads = [[d.count(0, 3), d.count(0, 3)] for s in dims]
        if n > 1:
            pads[0] = [0, 0]
        inputs = [0, index(pads), m.tensor((1,), dtype, scale, zero, [d.count(0, 100)])]
        out = [made(tuple(s + sum(p) for s, p in zip(dims, pads)))]
        kind = options("PadV2Options")
    elif name == "GATHER":
        axis = d.count(0 if n == 1 else 1, n)
        rank = d.count(0, 3)
        picked = d.random.integers(0, dims[axis], [d.count(1, 4) for _ in range(rank)])
        inputs = [0, index(picked)]
        out = [made((*dims[:axis], *picked.shape, *dims[axis + 1:]))]
        kind = options("GatherOptions", axis=axis - n if d.chance(0.3) else axis)
    elif name == "TILE":
        times = [d.count(1, 4) for _ in dims]
        inputs = [0, index(times)]
        out = [made(tuple(s * t for s, t in zip(dims, times)))]
        kind = options("TileOptions")
    elif name == "BROADCAST_TO":
        more = tuple(d.count(1, 3) for _ in range(d.count(0, 2)))
        to = (*more, *(d.count(2, 5) if s == 1 and i + len(more) > 0 else s for i, s in enumerate(dims)))
        inputs = [0, index(to)]
        out = [made(to)]
        kind = options("BroadcastToOptions")
    elif name == "REVERSE_V2":
        first = d.count(0, n)
        inputs = [0, index([first])]
        out = [made(dims)]
        kind = options("ReverseV2Options")
    elif name == "DEPTH_TO_SPACE":
        inputs = [0]
        out = [made((1, dims[1] * block, dims[2] * block, dims[3] // block**2))]
        kind = options("DepthToSpaceOptions", blockSize=block)
    elif name == "SPACE_TO_DEPTH":
        inputs = [0]
        out = [made((1, dims[1] // block, dims[2] // block, dims[3] * block**2))]
        kind = options("SpaceToDepthOptions", blockSize=block)
    elif name == "SPACE_TO_BATCH_ND":  # and back
        pads = [[d.count(0, 2) * block, d.count(0, 2) * block] for _ in range(2)]
        spread = made((block * block, (dims[1] + sum(pads[0])) // block,
                       (dims[2] + sum(pads[1])) // block, dims[3]))
        crops = [[d.count(0, 2), d.count(0, 2)] for _ in range(2)]
        whole = [dims[1] + sum(pads[0]), dims[2] + sum(pads[1])]
        crops = [c if sum(c) < w else [0, 0] for c, w in zip(crops, whole)]
        back = made((1, whole[0] - sum(crops[0]), whole[1] - sum(crops[1]), dims[3]))
        blocks = index([block, block])
        return m.pack([
            (B.SPACE_TO_BATCH_ND, *options("SpaceToBatchNDOptions"), [0, blocks, index(pads)], [spread], 2),
            (B.BATCH_TO_SPACE_ND, *options("BatchToSpaceNDOptions"), [spread, blocks, index(crops)], [back], 2),
        ], back)
    elif name == "PACK":
        axis = d.count(0 if n == 1 else 1, n + 1)
        count = d.count(1, 4)
        inputs = [0] * count
        out = [made((*dims[:axis], count, *dims[axis:]))]
        kind = options("PackOptions", valuesCount=count, axis=axis)
    elif name == "UNPACK":
        axis = d.count(0, n)
        inputs = [0]
        out = [made((*dims[:axis], *dims[axis + 1:])) for _ in range(dims[axis])]
        kind = options("UnpackOptions", num=dims[axis], axis=axis)
    else:
        axis = d.count(0, n)
        cut = d.count(0, dims[axis])
        sizes = [cut, dims[axis] - cut] if cut else [dims[axis]]
        inputs = [0, index([-1 if i == 0 and d.chance(0.5) else s for i, s in enumerate(sizes)]), index(axis)]
        out = [made((*dims[:axis], s, *dims[axis + 1:])) for s in sizes]
        kind = options("SplitVOptions", numSplits=len(sizes))
    version = {"DEPTH_TO_SPACE": 1, "PADV2": 2, "BROADCAST_TO": 2}.get(name, 2)
    return m.pack([(getattr(B, name), *kind, inputs, out, version)], *out)


def truth(d):
    """Numbers, or integers without a scale, chosen by a comparison, and the truths as numbers."""
    m = Model()
    name, kind = d.one(("LESS", "Less"), ("LESS_EQUAL", "LessEqual"), ("GREATER", "Greater"),
                       ("GREATER_EQUAL", "GreaterEqual"), ("EQUAL", "Equal"),
                       ("NOT_EQUAL", "NotEqual"))
    dims = one(shape(d))
    dtype = d.one("float32", "int32")
    x = m.tensor(dims, dtype)
    other = tuple(1 if d.chance(0.4) else n for n in dims)
    values = d.random.integers(-60, 60, other)
    constant = m.tensor(other, dtype, data=values * (np.float32(0.037) if dtype == "float32" else 1))
    holds, turned = m.tensor(dims, "bool"), m.tensor(dims, "bool")
    chosen, made = m.tensor(dims, dtype), m.tensor(dims, "float32")
    return m.pack([
        (getattr(B, name), *options(kind + "Options"), [x, constant], [holds], 1),
        (B.SELECT_V2, *options("SelectV2Options"), [holds, x, constant], [chosen], 1),
        (B.LOGICAL_NOT, *options("LogicalNotOptions"), [holds], [turned], 1),
        (B.CAST, *options("CastOptions", inDataType=6, outDataType=0), [turned], [made], 1),
    ], made, chosen)


KINDS = [float_function, float_pair, code_function, code_pair, reducer, reducer, extreme, normalize,
         pool, mover, mover, truth]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--raw", action="store_true", help="also the bytes of every tensor")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for each in range(arguments.seed, arguments.seed + arguments.count):
        random_operators.write(each, arguments.out, KINDS, arguments.raw)
