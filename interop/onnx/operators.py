"""Small ONNX models of each operator on numbers, drawn at random, with what ONNX Runtime makes of them.

Writes a zip with NAME/model.onnx, NAME/input_N.pb and NAME/output_N.pb:

    python interop/onnx/operators.py OUT.zip [DRAWS] [SEED]

Optimisations of ONNX Runtime are off. Draws that it refuses are left out. The committed file is one
draw of each case with seed 1, made with onnx 1.22.0 and onnxruntime 1.29.0.
"""

import sys
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


class Draw:
    """One model: constants are initializers, the rest is given."""

    def __init__(self, rng):
        self.rng = rng
        self.nodes, self.constants, self.inputs, self.arrays = [], [], [], []

    def int(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def pick(self, *choices):
        return choices[self.int(0, len(choices) - 1)]

    def coin(self):
        return bool(self.int(0, 1))

    def dims(self, low=1, high=4):
        return [self.int(1, 5) for _ in range(self.int(low, high))]

    def numbers(self, dims, low=-3.0, high=3.0):
        return self.rng.uniform(low, high, dims).astype(np.float32)

    def given(self, array):
        name = f"x{len(self.inputs)}"
        element = helper.np_dtype_to_tensor_dtype(array.dtype)
        self.inputs.append(helper.make_tensor_value_info(name, element, array.shape))
        self.arrays.append((name, array))
        return name

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def either(self, array):
        return self.constant(array) if self.coin() else self.given(array)

    def node(self, operator, inputs, outputs=1, domain="", **attributes):
        attributes = {k: v for k, v in attributes.items() if v is not None}
        names = [f"{operator}{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, name=operator, **attributes))
        return names


CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def conv(d, transposed):
    spatial = d.int(1, 3)
    groups = d.pick(1, 1, 2, 3)
    inside, outside = d.int(1, 2), d.int(1, 3)
    batch = d.pick(1, 1, 2)
    kernel = [d.int(1, 3) for _ in range(spatial)]
    dilation = [d.int(1, 2) for _ in range(spatial)]
    stride = [d.int(1, 3) for _ in range(spatial)]
    size = [(k - 1) * e + d.int(1, 5) for k, e in zip(kernel, dilation)]
    first, second = (groups * inside, outside) if transposed else (groups * outside, inside)
    inputs = [d.given(d.numbers([batch, groups * inside] + size)), d.either(d.numbers([first, second] + kernel))]
    if d.coin():
        inputs.append(d.either(d.numbers([groups * outside])))
    attributes = dict(group=groups, dilations=dilation, strides=stride)
    if d.coin():
        attributes["kernel_shape"] = kernel
    way = d.pick("pads", "pads", "VALID", "SAME_UPPER", "SAME_LOWER")
    if way == "pads":
        attributes["pads"] = [d.int(0, (kernel[i % spatial] - 1) * dilation[i % spatial]) for i in range(2 * spatial)]
    else:
        attributes["auto_pad"] = way
        if way.startswith("SAME"):
            attributes["dilations"] = [1] * spatial
    if transposed and way == "pads" and d.coin():
        attributes["output_padding"] = [d.int(0, max(s, e) - 1) for s, e in zip(stride, dilation)]
    d.node("ConvTranspose" if transposed else "Conv", inputs, **attributes)


@case
def convolution(d):
    conv(d, False)


@case
def transposed_convolution(d):
    conv(d, True)


@case
def gemm(d):
    m, k, n = d.int(1, 4), d.int(1, 5), d.int(1, 4)
    flip_a, flip_b = d.int(0, 1), d.int(0, 1)
    a = d.numbers([k, m] if flip_a else [m, k])
    b = d.numbers([n, k] if flip_b else [k, n])
    inputs = [d.given(a), d.either(b)] if d.coin() else [d.either(a), d.given(b)]
    if d.coin():
        inputs.append(d.either(d.numbers(d.pick([n], [m, n], [m, 1], [1, n], [1], []))))
    d.node("Gemm", inputs, transA=flip_a, transB=flip_b, alpha=d.pick(None, 0.5), beta=d.pick(None, 2.0))


@case
def matmul(d):
    k = d.int(1, 4)
    batch = d.dims(0, 2)
    left = [x if d.coin() else 1 for x in batch][d.int(0, len(batch)):] + [d.int(1, 3), k]
    right = [x if d.coin() else 1 for x in batch][d.int(0, len(batch)):] + [k, d.int(1, 3)]
    left, right = d.pick(left, left, [k]), d.pick(right, right, [k])
    a, b = d.numbers(left), d.numbers(right)
    d.node("MatMul", d.pick(lambda: [d.given(a), d.either(b)], lambda: [d.constant(a), d.given(b)])())


@case
def einsum(d):
    sizes = {c: d.int(1, 4) for c in "ijklbst"}
    equation = d.pick("ij,jk->ik", "bij,bjk->bik", "bst,btk->bks", "ij->ji", "ii->i", "ij->", "i,j->ij", "bij,bij->b",
                      "ij,kj,lk->il", "bijk,bljk->bil", "...ij,...jk->...ik", "ij,ij", "bis,bsj", "i,i->i", "bii->bi",
                      "ijk,jil->kl", "ab,cd->bd")
    sizes.update({c: d.int(1, 4) for c in "acd"})
    inputs = []
    for n, side in enumerate(equation.split("->")[0].split(",")):
        front = [2, 3][: d.int(0, 2)] if "..." in side else []
        array = d.numbers(([[3], [2, 3], []][d.int(0, 2)] if front or "..." in side else []) + [sizes[c] for c in side if c != "."])
        inputs.append(d.given(array) if n == 0 else d.either(array))
    d.node("Einsum", inputs, equation=equation)


@case
def attention(d):
    batch, heads, shared = d.int(1, 2), d.int(1, 2), d.int(1, 2)
    t, s, size, value = d.int(1, 4), d.int(1, 4), d.int(1, 4), d.int(1, 4)
    flat = d.coin()
    query = [batch, t, heads * shared * size] if flat else [batch, heads * shared, t, size]
    keys = [batch, s, heads * size] if flat else [batch, heads, s, size]
    values = [batch, s, heads * value] if flat else [batch, heads, s, value]
    inputs = [d.given(d.numbers(query)), d.given(d.numbers(keys)), d.given(d.numbers(values))]
    past = d.int(0, 3) if d.coin() else 0
    mask = d.pick(None, "float", "bool")
    if mask or past:
        shape = d.pick([t, s + past], [batch, 1, t, s + past])
        array = d.numbers(shape) if mask != "bool" else d.rng.integers(0, 2, shape).astype(bool) | (np.arange(s + past) == 0)
        inputs.append(d.either(array) if mask else "")
    if past:
        inputs += [d.given(d.numbers([batch, heads, past, size])), d.given(d.numbers([batch, heads, past, value]))]
    d.node("Attention", inputs, outputs=3 if past else 1, q_num_heads=heads * shared if flat else None,
           kv_num_heads=heads if flat else None, is_causal=d.pick(None, 1), scale=d.pick(None, 0.3),
           softcap=d.pick(None, 2.0))


@case
def activation(d):
    name, attributes = d.pick(
        ("Relu", {}), ("Sigmoid", {}), ("Tanh", {}), ("HardSwish", {}), ("Erf", {}), ("Exp", {}), ("Softplus", {}),
        ("Softsign", {}), ("Mish", {}), ("Floor", {}), ("Ceil", {}), ("Round", {}), ("Sin", {}), ("Cos", {}),
        ("Tan", {}), ("Atan", {}), ("Sinh", {}), ("Cosh", {}), ("Asinh", {}), ("Neg", {}), ("Abs", {}), ("Sign", {}),
        ("LeakyRelu", {"alpha": 0.1}), ("LeakyRelu", {}), ("Elu", {"alpha": 2.0}), ("Elu", {}), ("Celu", {"alpha": 2.0}),
        ("Selu", {}), ("Selu", {"alpha": 1.5, "gamma": 2.0}), ("HardSigmoid", {}), ("HardSigmoid", {"alpha": 0.5, "beta": 0.4}),
        ("ThresholdedRelu", {"alpha": 0.7}), ("Shrink", {"lambd": 1.0, "bias": 0.5}), ("Gelu", {}),
        ("Gelu", {"approximate": "tanh"}), ("Reciprocal", {}), ("IsNaN", {}))
    d.node(name, [d.given(d.numbers(d.dims(0, 4)))], **attributes)


@case
def activation_of_part(d):
    name, low, high = d.pick(("Log", 0.1, 5), ("Sqrt", 0, 5), ("Asin", -1, 1), ("Acos", -1, 1), ("Acosh", 1, 5), ("Atanh", -0.9, 0.9))
    d.node(name, [d.given(d.numbers(d.dims(), low, high))])


@case
def clip(d):
    inputs = [d.given(d.numbers(d.dims()))]
    inputs.append(d.either(np.float32(-1)) if d.coin() else "")
    if d.coin():
        inputs.append(d.either(np.float32(1)))
    d.node("Clip", inputs)


def broadcast(d, dims):
    cut = d.int(0, len(dims))
    return [x if d.coin() else 1 for x in dims][cut:]


@case
def pair(d):
    dims = d.dims(0, 4)
    a, b = d.numbers(dims), d.numbers(broadcast(d, dims))
    name = d.pick("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Equal", "PRelu")
    inputs = [d.given(a), d.either(b)] if d.coin() or name == "PRelu" else [d.either(b), d.given(a)]
    d.node(name, inputs)


@case
def pair_of_integers(d):
    dims = d.dims(0, 3)
    element = d.pick(np.int32, np.int64)
    a = d.rng.integers(-50, 50, dims).astype(element)
    b = d.rng.integers(1, 5, broadcast(d, dims)).astype(element)
    name, attributes = d.pick(("Add", {}), ("Sub", {}), ("Mul", {}), ("Div", {}), ("Max", {}), ("Min", {}), ("Mod", {}),
                              ("Mod", {"fmod": 1}), ("Pow", {}), ("Less", {}), ("Greater", {}), ("Equal", {}))
    d.node(name, [d.given(a), d.either(b)], **attributes)


@case
def power(d):
    dims = d.dims(0, 3)
    base = d.given(d.numbers(dims, 0.1, 3))
    exponent = d.numbers(broadcast(d, dims)) if d.coin() else d.rng.integers(-2, 4, broadcast(d, dims)).astype(np.int64)
    d.node("Pow", [base, d.either(exponent)])


@case
def logic(d):
    dims = d.dims(0, 3)
    a = d.given(d.rng.integers(0, 2, dims).astype(bool))
    if d.coin():
        d.node("Not", [a])
    else:
        d.node(d.pick("And", "Or", "Xor"), [a, d.either(d.rng.integers(0, 2, broadcast(d, dims)).astype(bool))])


@case
def where(d):
    dims = d.dims(1, 3)
    truth = d.either(d.rng.integers(0, 2, broadcast(d, dims)).astype(bool))
    d.node("Where", [truth, d.given(d.numbers(dims)), d.either(d.numbers(broadcast(d, dims)))])


@case
def cast(d):
    dims = d.dims(0, 3)
    array = d.pick(lambda: d.numbers(dims, -100, 100), lambda: d.rng.integers(-100, 100, dims).astype(np.int32),
                   lambda: d.rng.integers(0, 2, dims).astype(bool), lambda: d.numbers(dims).astype(np.float16))()
    to = d.pick(TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64, TensorProto.INT8, TensorProto.BOOL, TensorProto.FLOAT16)
    d.node("Cast", [d.given(array)], to=to)


@case
def half(d):
    dims = d.dims(1, 3)
    a, b = d.numbers(dims).astype(np.float16), d.numbers(broadcast(d, dims)).astype(np.float16)
    d.node(d.pick("Add", "Mul", "Sub", "Div"), [d.given(a), d.either(b)])


@case
def batch_normalization(d):
    dims = d.dims(2, 5)
    c = dims[1]
    parts = [d.numbers([c]), d.numbers([c]), d.numbers([c]), d.numbers([c], 0.1, 2)]
    fixed = d.coin()
    d.node("BatchNormalization", [d.given(d.numbers(dims))] + [d.constant(p) if fixed else d.given(p) for p in parts],
           epsilon=d.pick(None, 0.1))


@case
def layer_normalization(d):
    dims = d.dims(1, 4)
    dims[-1] += 1
    axis = d.int(-len(dims), len(dims) - 1)
    rest = dims[axis:]
    inputs = [d.given(d.numbers(dims)), d.either(d.numbers(rest))]
    if d.coin():
        inputs.append(d.either(d.numbers(rest)))
    d.node("LayerNormalization", inputs, outputs=d.pick(1, 3), axis=axis, epsilon=d.pick(None, 0.1))


@case
def rms_normalization(d):
    dims = d.dims(1, 4)
    axis = d.int(-len(dims), len(dims) - 1)
    d.node("RMSNormalization", [d.given(d.numbers(dims)), d.either(d.numbers(dims[axis:]))], axis=axis)


@case
def instance_normalization(d):
    dims = d.dims(3, 4)
    d.node("InstanceNormalization", [d.given(d.numbers(dims)), d.either(d.numbers([dims[1]])), d.either(d.numbers([dims[1]]))], epsilon=0.01)


@case
def group_normalization(d):
    groups, each = d.int(1, 3), d.int(1, 2)
    c = groups * each
    d.node("GroupNormalization", [d.given(d.numbers([d.int(1, 2), c] + d.dims(1, 2))), d.either(d.numbers([c])), d.either(d.numbers([c]))],
           num_groups=groups, epsilon=0.01)


@case
def lp_normalization(d):
    dims = d.dims(1, 3)
    d.node("LpNormalization", [d.given(d.numbers(dims))], axis=d.int(-len(dims), len(dims) - 1), p=d.pick(1, 2))


@case
def local_response(d):
    dims = [d.int(1, 2), d.int(1, 6), d.int(1, 3), d.int(1, 3)]
    d.node("LRN", [d.given(d.numbers(dims))], size=d.pick(1, 3, 5), alpha=0.3, beta=0.6, bias=1.5)


@case
def softmax(d):
    dims = d.dims(1, 4)
    d.node(d.pick("Softmax", "LogSoftmax", "Hardmax"), [d.given(d.numbers(dims))], axis=d.int(-len(dims), len(dims) - 1))


@case
def reduction(d):
    dims = d.dims(1, 4)
    name = d.pick("ReduceSum", "ReduceMean", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp")
    inputs = [d.given(d.numbers(dims, 0.1, 2))]
    if d.coin():
        axes = sorted(d.rng.permutation(len(dims))[: d.int(1, len(dims))].tolist())
        inputs.append(d.constant(np.array([a - len(dims) if d.coin() else a for a in axes], np.int64)))
    d.node(name, inputs, keepdims=d.pick(None, 0, 1))


@case
def extremum_index(d):
    dims = d.dims(1, 4)
    array = d.numbers(dims) if d.coin() else np.round(d.numbers(dims)).astype(np.float32)
    d.node(d.pick("ArgMax", "ArgMin"), [d.given(array)], axis=d.int(-len(dims), len(dims) - 1), keepdims=d.pick(None, 0),
           select_last_index=d.pick(None, 1))


def pool(d, name, **more):
    spatial = d.int(1, 3)
    kernel = [d.int(1, 3) for _ in range(spatial)]
    size = [k + d.int(1, 5) for k in kernel]
    attributes = dict(kernel_shape=kernel, strides=[d.int(1, 3) for _ in range(spatial)])
    way = d.pick("pads", "pads", "VALID", "SAME_UPPER", "SAME_LOWER")
    if way == "pads":
        attributes["pads"] = [d.int(0, kernel[i % spatial] - 1) for i in range(2 * spatial)]
        attributes["ceil_mode"] = d.pick(None, 1)
    else:
        attributes["auto_pad"] = way
    attributes.update(more)
    d.node(name, [d.given(d.numbers([d.int(1, 2), d.int(1, 2)] + size))], **attributes)


@case
def max_pool(d):
    pool(d, "MaxPool", dilations=None)


@case
def average_pool(d):
    pool(d, "AveragePool", count_include_pad=d.pick(None, 1))


@case
def lp_pool(d):
    pool(d, "LpPool", p=d.pick(1, 2, 3), ceil_mode=None)


@case
def global_pool(d):
    d.node(d.pick("GlobalAveragePool", "GlobalMaxPool"), [d.given(d.numbers(d.dims(3, 5)))])


@case
def transpose(d):
    dims = d.dims(1, 5)
    d.node("Transpose", [d.given(d.numbers(dims))], perm=d.pick(None, d.rng.permutation(len(dims)).tolist()))


@case
def slices(d):
    dims = d.dims(1, 4)
    axes = d.rng.permutation(len(dims))[: d.int(1, len(dims))].tolist()
    starts, ends, steps = [], [], []
    for a in axes:
        if d.coin():
            start = d.int(0, dims[a] - 1)
            starts.append(start)
            ends.append(d.pick(start + 1, 100))
            steps.append(d.int(1, 2))
        else:
            starts.append(d.pick(-1, 100))
            ends.append(d.pick(-100, -dims[a] - 1))
            steps.append(-d.int(1, 2))
    d.node("Slice", [d.given(d.numbers(dims))] + [d.constant(np.array(v, np.int64)) for v in (starts, ends, axes, steps)])


@case
def concat(d):
    dims = d.dims(1, 4)
    axis = d.int(0, len(dims) - 1)
    inputs = [d.given(d.numbers(dims))]
    for _ in range(d.int(1, 2)):
        other = list(dims)
        other[axis] = d.int(1, 4)
        inputs.append(d.either(d.numbers(other)))
    d.node("Concat", inputs, axis=axis - (len(dims) if d.coin() else 0))


@case
def split(d):
    dims = d.dims(1, 3)
    axis = d.int(0, len(dims) - 1)
    dims[axis] += 2
    first = d.int(1, dims[axis] - 1)
    if d.coin():
        d.node("Split", [d.given(d.numbers(dims)), d.constant(np.array([first, dims[axis] - first], np.int64))], outputs=2, axis=axis)
    else:
        d.node("Split", [d.given(d.numbers(dims))], outputs=2, axis=axis, num_outputs=2)


@case
def pad(d):
    dims = [x + 1 for x in d.dims(1, 4)]
    mode = d.pick("constant", "reflect", "edge", "wrap")
    most = 2 if mode == "constant" else 1
    pads = [d.int(0, most) for _ in range(2 * len(dims))]
    inputs = [d.given(d.numbers(dims)), d.constant(np.array(pads, np.int64))]
    if mode == "constant" and d.coin():
        inputs.append(d.constant(np.float32(1.5)))
    d.node("Pad", inputs, mode=mode)


@case
def gather(d):
    dims = d.dims(1, 3)
    axis = d.int(0, len(dims) - 1)
    indices = d.rng.integers(-dims[axis], dims[axis], d.dims(0, 2)).astype(np.int64)
    if d.coin():
        d.node("Gather", [d.given(d.numbers(dims)), d.either(indices)], axis=axis)
    else:
        indices = d.rng.integers(0, dims[0], d.dims(1, 2)).astype(d.pick(np.int32, np.int64))
        d.node("Gather", [d.constant(d.numbers(dims)), d.given(indices)])


@case
def gather_elements(d):
    dims = d.dims(1, 3)
    axis = d.int(0, len(dims) - 1)
    other = [d.int(1, x) for x in dims]
    other[axis] = d.int(1, 4)
    indices = d.rng.integers(-dims[axis], dims[axis], other).astype(np.int64)
    d.node("GatherElements", [d.given(d.numbers(dims)), d.either(indices)], axis=axis)


@case
def shapes(d):
    dims = d.dims(2, 4)
    x = d.given(d.numbers(dims))
    way = d.pick("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile")
    if way == "Reshape":
        d.node(way, [x, d.constant(np.array(d.pick([-1], [0, -1], [1, -1, 1]), np.int64))])
    elif way == "Flatten":
        d.node(way, [x], axis=d.int(-len(dims), len(dims)))
    elif way == "Squeeze":
        y = d.node("Unsqueeze", [x, d.constant(np.array([0, -1], np.int64))])[0]
        d.node(way, [y, d.constant(np.array([-1], np.int64))])
    elif way == "Unsqueeze":
        d.node(way, [x, d.constant(np.array([d.int(-1, 1)], np.int64))])
    elif way == "Expand":
        d.node(way, [x, d.constant(np.array([d.int(1, 3)] + [1] * len(dims), np.int64))])
    else:
        d.node(way, [x, d.constant(np.array([d.int(1, 3) for _ in dims], np.int64))])


@case
def blocks(d):
    block = d.int(1, 3)
    n, c, h, w = d.int(1, 2), d.int(1, 2), d.int(1, 2), d.int(1, 2)
    if d.coin():
        d.node("DepthToSpace", [d.given(d.numbers([n, c * block * block, h, w]))], blocksize=block, mode=d.pick(None, "CRD"))
    else:
        d.node("SpaceToDepth", [d.given(d.numbers([n, c, h * block, w * block]))], blocksize=block)


@case
def triangle(d):
    dims = d.dims(2, 3)
    d.node("Trilu", [d.given(d.numbers(dims)), d.constant(np.int64(d.int(-2, 2)))], upper=d.int(0, 1))


@case
def resize(d):
    dims = [d.int(1, 2), d.int(1, 2), d.int(2, 5), d.int(2, 5)]
    mode = d.pick("nearest", "linear", "cubic")
    way = d.pick("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric")
    inputs = [d.given(d.numbers(dims)), ""]
    if d.coin():
        inputs.append(d.constant(np.array([1, 1, d.pick(0.5, 2, 3), d.pick(0.5, 1.5, 2)], np.float32)))
    else:
        inputs += ["", d.constant(np.array([dims[0], dims[1], d.int(1, 8), d.int(1, 8)], np.int64))]
    d.node("Resize", inputs, mode=mode, coordinate_transformation_mode=way,
           nearest_mode=d.pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil") if mode == "nearest" else None,
           exclude_outside=d.pick(None, 1) if mode == "cubic" else None)


@case
def recurrent(d):
    name, gates = d.pick(("RNN", 1), ("LSTM", 4), ("GRU", 3))
    steps, batch, size, hidden = d.int(1, 4), d.int(1, 2), d.int(1, 3), d.int(1, 3)
    way = d.pick("forward", "reverse", "bidirectional")
    n = 2 if way == "bidirectional" else 1
    inputs = [d.given(d.numbers([steps, batch, size])), d.constant(d.numbers([n, gates * hidden, size])),
              d.constant(d.numbers([n, gates * hidden, hidden]))]
    inputs.append(d.constant(d.numbers([n, 2 * gates * hidden])) if d.coin() else "")
    if d.coin():
        inputs += ["", d.either(d.numbers([n, batch, hidden]))]
        if name == "LSTM":
            inputs.append(d.either(d.numbers([n, batch, hidden])))
            if d.coin():
                inputs.append(d.constant(d.numbers([n, 3 * hidden])))
    d.node(name, inputs, outputs=3 if name == "LSTM" else 2, hidden_size=hidden, direction=way,
           linear_before_reset=d.pick(None, 1) if name == "GRU" else None)


@case
def cumulative(d):
    dims = d.dims(1, 3)
    d.node("CumSum", [d.given(d.numbers(dims)), d.constant(np.array(d.int(-len(dims), len(dims) - 1), np.int64))],
           exclusive=d.pick(None, 1), reverse=d.pick(None, 1))


def model(d, opset):
    outputs = [helper.make_empty_tensor_value_info(name) for name in d.nodes[-1].output]
    graph = helper.make_graph(d.nodes, "drawn", d.inputs, outputs, d.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=11)


def options():
    made = onnxruntime.SessionOptions()
    made.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    made.log_severity_level = 4
    return made


def main(path, draws, seed):
    refused = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        def put(name, data):
            out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

        for number, (name, function) in enumerate(CASES.items()):
            kept = 0
            for i in range(draws * 4):
                if kept == draws:
                    break
                d = Draw(np.random.default_rng([seed, number, i]))
                function(d)
                if not d.inputs:
                    continue
                proto = model(d, 23)
                try:
                    session = onnxruntime.InferenceSession(proto.SerializeToString(), options(), providers=["CPUExecutionProvider"])
                    results = session.run(None, dict(d.arrays))
                except Exception:
                    refused += 1
                    continue
                if any(r.size == 0 for r in results):
                    continue
                folder = f"{name}_{i}"
                put(f"{folder}/model.onnx", proto.SerializeToString())
                for n, (_, array) in enumerate(d.arrays):
                    put(f"{folder}/input_{n}.pb", numpy_helper.from_array(array).SerializeToString())
                for n, array in enumerate(results):
                    put(f"{folder}/output_{n}.pb", numpy_helper.from_array(np.asarray(array)).SerializeToString())
                kept += 1
    print(f"{len(CASES)} cases, {refused} draws refused by ONNX Runtime")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1, int(sys.argv[3]) if len(sys.argv) > 3 else 1)
