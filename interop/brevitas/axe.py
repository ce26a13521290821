"""ResNet-20 on CIFAR-10 quantised after training by Brevitas, with AXE's accumulator guarantee.

    java shared/data/cifar10/Unpack.java shared/data/cifar10 CIFAR
    python -m venv venv && venv/bin/pip install torch==2.15.0 brevitas==0.13.4
    venv/bin/python interop/brevitas/axe.py --data shared/data --cifar CIFAR --out interop/brevitas/axe.csv

One CSV row is one network; rows that the file has are not made again, so the same command goes on where
it was ended. README.md says what the columns are and what was chosen.

The layers' weights are found by Brevitas's own classes A2GPTQ, A2GPFQ (AXE), GPTQ, GPFQ and Qronos, one
layer after another. The loop over the layers is ours: it keeps every layer's inputs instead of running the
network from its beginning for each layer, and asks the quantiser for one column at a time; axe_check.py
compares the integers with those of Brevitas's own loop.
"""

import argparse
import csv
import datetime
import pathlib
import platform
import sys
import time
import warnings

import brevitas
import brevitas.nn as qnn
import numpy as np
import torch
import torch.nn.functional as F
from brevitas.core.scaling.standalone import ParameterFromStatsFromParameterScaling
from brevitas.graph.calibrate import calibration_mode
from brevitas.graph.gpfq import GPFQ
from brevitas.graph.gptq import GPTQ
from brevitas.graph.gpxq import LayerHandler
from brevitas.graph.qronos import Qronos
from brevitas.quant.scaled_int import (
    Int8ActPerTensorFloat,
    Int8ActPerTensorFloatMSE,
    Int8WeightPerChannelFloat,
    Uint8ActPerTensorFloat,
    Uint8ActPerTensorFloatMSE,
)
from brevitas.quant_tensor import QuantTensor
from brevitas.utils.torch_utils import StopFwdException
from brevitas_examples.common.axe import A2GPFQ, A2GPTQ

import resnet20

COLUMNS = ["method", "scales", "layers", "w", "a", "p", "top1_1000", "top1_10000", "certified", "zero_channels"]
COLUMNS += ["largest_positive", "largest_negative", "seconds", "date"]
ENDS_BITS = 8


class Column:
    """Brevitas's patches and its integers of one column: the same numbers, found more quickly."""

    def process_input(self, inp):
        x = self.layer.input_quant(inp[0])
        if isinstance(x, QuantTensor):
            if self.layer.weight_quant.is_quant_enabled and self.quant_metadata is None:
                self.quant_metadata = self.layer.input_quant.cache_class(x, metadata_only=True)
            x = x.value
        if x.ndim == 2:
            return x.t().unsqueeze(0)
        layer = self.layer
        patches = F.unfold(x, layer.kernel_size, layer.dilation, layer.padding, layer.stride)
        return patches.transpose(1, 0).flatten(1).unsqueeze(0)

    def get_quant_weights(self, i, i1, permutation_list, with_quant_history=False):
        weight, order = self.layer.weight.data.flatten(1), permutation_list[0]
        if with_quant_history:
            if i == 0:
                self.history = weight.new_zeros(weight.shape)
            else:
                self.history[:, i - 1] = self.rounded(weight[:, order[i - 1]])
            return self.history[:, :i].unsqueeze(0)
        return self.rounded(weight[:, order[i1 + i]]).unsqueeze(0)

    def rounded(self, column):
        if not hasattr(self, "scale"):
            self.scale = self.layer.quant_weight().scale.flatten()
            self.limit = 2 ** (int(self.layer.quant_weight().bit_width) - 1) - 1
        return torch.clamp(torch.round(column / self.scale), -self.limit, self.limit) * self.scale


class ColumnA2GPTQ(Column, A2GPTQ):
    pass


class ColumnA2GPFQ(Column, A2GPFQ):
    pass


class ColumnGPTQ(Column, GPTQ):
    pass


class ColumnGPFQ(Column, GPFQ):
    pass


class PatchesQronos(Qronos):
    process_input = Column.process_input


AXE = {"gptq": ColumnA2GPTQ, "gpfq": ColumnA2GPFQ}
FREE = {"gptq": ColumnGPTQ, "gpfq": ColumnGPFQ, "qronos": PatchesQronos}


def quantised(weights, bias, stride, w, a, signed, mse):
    unsigned = Uint8ActPerTensorFloatMSE if mse else Uint8ActPerTensorFloat
    inputs = (Int8ActPerTensorFloatMSE if mse else Int8ActPerTensorFloat) if signed else unsigned
    inputs = inputs.let(bit_width=a) if mse else inputs.let(bit_width=a, high_percentile_q=99.999)
    quant = Int8WeightPerChannelFloat.let(
        bit_width=w, narrow_range=True, scaling_impl=ParameterFromStatsFromParameterScaling
    )
    parts = dict(bias=True, weight_quant=quant, input_quant=inputs, bias_quant=None)
    if weights.ndim == 2:
        layer = qnn.QuantLinear(weights.shape[1], weights.shape[0], **parts)
    else:
        layer = qnn.QuantConv2d(weights.shape[1], weights.shape[0], 3, stride=stride, padding=1, **parts)
    layer.weight.data.copy_(weights)
    layer.bias.data.copy_(bias)
    return layer.eval()


class Grid:
    def __init__(self, options, images=None, tests=10000):
        self.options = options
        self.layers = resnet20.layers(options.data)
        self.names = [name for name, *_ in self.layers]
        self.images = calibration(options)[:images]
        self.test, self.classes = resnet20.images(options.cifar, "test_batch", tests)
        self.inputs, self.means = {}, {}  # of each layer in the float network
        self.walk(self.float_layer)
        self.activation_scales = {}

    def walk(self, apply):
        """The calibration images through the network, a whole layer at a time."""
        resnet20.walk(self.images, self.names, apply)

    def product(self, name, x, weights=None, bias=None):
        _, floats, shift, stride = self.layers[self.names.index(name)]
        weights, bias = floats if weights is None else weights, shift if bias is None else bias
        return resnet20.in_batches(x, lambda part: resnet20.product(part, weights, bias, stride))

    def float_layer(self, name, x):
        self.inputs[name] = x
        y = self.product(name, x)
        self.means[name] = y.mean((0, 2, 3) if y.ndim == 4 else (0,))
        return y

    def layer(self, name, w, a):
        """A layer with its activation scale from the float network's inputs of the calibration images."""
        _, weights, bias, stride = self.layers[self.names.index(name)]
        mse = self.options.activations == "mse"
        layer = quantised(weights, bias, stride, w, a, name == "conv1", mse)
        key = (name, a)
        if key not in self.activation_scales:
            with calibration_mode(layer):
                for part in resnet20.batches(self.inputs[name]):
                    layer(part)
            self.activation_scales[key] = layer.input_quant.state_dict()
        layer.input_quant.load_state_dict(self.activation_scales[key])
        layer(self.inputs[name][:1])  # sets the weights' scales
        return layer

    def ends(self, name):
        return name in ("conv1", "linear")

    def network(self, method, scales, w, a, p, whole, correct=True):
        """Codes, scales and biases of every layer; `correct` takes the mean error out of the biases."""
        found = {}

        def apply(name, x):
            ends = self.ends(name) and not whole
            guarded = p is not None and not ends
            bits = (ENDS_BITS, ENDS_BITS) if ends else (w, ENDS_BITS if self.ends(name) else a)
            layer = self.layer(name, *bits)
            if scales == "grown" and guarded:
                grow(layer, p)
            self.optimise(layer, name, method, p if guarded else None, x)
            codes, scale = integers(layer)
            step = layer.input_quant(x[:1])
            low, high = (-128, 127) if name == "conv1" else (0, 2 ** bits[1] - 1)
            weights = codes.reshape(layer.weight.shape) * scale.reshape(-1, *[1] * (layer.weight.ndim - 1))
            rounded = rounding(float(step.scale), low, high)
            y = resnet20.in_batches(x, lambda part: resnet20.product(
                rounded(part), weights, layer.bias.data, layer_stride(layer)))
            across = (0, 2, 3) if y.ndim == 4 else (0,)
            correction = (self.means[name] - y.mean(across)) * correct
            y += correction.reshape(1, -1, *[1] * (y.ndim - 2))
            found[name] = dict(weights=weights, bias=layer.bias.data + correction, rounded=rounded,
                               guarded=guarded, codes=codes, low=low, high=high, exact=exact(codes, low, high))
            return y

        self.walk(apply)
        return found

    def optimise(self, layer, name, method, p, x):
        common = dict(act_order=self.options.act_order, len_parallel_layers=1, create_weight_orig=True)
        if method in ("gptq", "qronos"):
            common["num_blocks"] = 100
        if p is None:
            optimiser = FREE[method](layer, name, **common)
        else:
            common.update(max_accumulator_bit_width=p, max_accumulator_tile_size=None)
            optimiser = AXE[method](layer, name, **common)
        handler = LayerHandler()
        for part, floats in zip(resnet20.batches(x), resnet20.batches(self.inputs[name])):
            feed(optimiser, layer, part, handler)
            if method != "gptq":
                layer.weight_quant.disable_quant = layer.input_quant.disable_quant = True
                feed(optimiser, layer, floats, handler)
                layer.weight_quant.disable_quant = layer.input_quant.disable_quant = False
        optimiser.single_layer_update()

    def top1(self, network, first, last):
        def apply(name, x):
            layer = network[name]
            stride = self.layers[self.names.index(name)][3]
            return resnet20.product(layer["rounded"](x), layer["weights"], layer["bias"], stride)

        scores = resnet20.in_batches(
            self.test[first:last], lambda part: resnet20.walk(part, self.names, apply))
        return int((scores.argmax(1) == self.classes[first:last]).sum())


def calibration(options):
    """The images that calibration.csv names."""
    lines = pathlib.Path(__file__).with_name("calibration.csv").read_text().splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    found = []
    for named in rows:
        first, count = int(named["first"]), int(named["count"])
        images, _ = resnet20.images(options.cifar, named["batch"], first + count)
        found.append(images[first:])
    return torch.cat(found)


def layer_stride(layer):
    return layer.stride[0] if hasattr(layer, "stride") else 1


def feed(optimiser, layer, part, handler):
    try:
        optimiser.update_batch(layer, (part,), handler)
    except StopFwdException:
        pass


def rounding(scale, low, high):
    """Brevitas's rounding of inputs: half to even, then the range."""
    return lambda x: torch.clamp(torch.round(x / scale), low, high) * scale


def integers(layer):
    """A layer's final integers, a row a channel, and the scale of each."""
    found = layer.quant_weight()
    return found.int(float_datatype=True).flatten(1), found.scale.flatten()


def exact(codes, low, high):
    """The largest and the smallest value that a subset of some channel's terms can reach."""
    rows = codes.numpy().astype(np.int64)
    assert (rows == codes.numpy()).all()
    tops = np.maximum(np.maximum(rows * low, rows * high), 0).sum(axis=1)
    bottoms = np.minimum(np.minimum(rows * low, rows * high), 0).sum(axis=1)
    return int(tops.max()), int(bottoms.min()), int((rows == 0).all(axis=1).sum())


def grow(layer, p):
    """Each channel's smallest scale, from the given one on, at which rounding to nearest keeps P bits."""
    value = layer.weight_quant.tensor_quant.scaling_impl.value  # the limit times the scale
    weights = layer.weight.data.flatten(1).double()
    kept = layer.input_quant(torch.zeros(1, *layer.weight.shape[1:]))
    high = 2 ** int(kept.bit_width) - 1
    assert not bool(kept.signed)
    limit = 2 ** (int(layer.quant_weight().bit_width) - 1) - 1
    least = layer.quant_weight().scale.flatten().double()

    def safe(scale):
        codes = torch.clamp(torch.round(weights / scale[:, None]), -limit, limit)
        return ((codes.clamp(min=0).sum(1) * high <= 2 ** (p - 1) - 1)
                & (codes.clamp(max=0).sum(1) * high >= -(2 ** (p - 1) - 1)))

    low, top = least.clone(), least * 4096
    top = torch.where(safe(least), least, top)
    for _ in range(40):
        middle = (low + top) / 2
        good = safe(middle)
        low, top = torch.where(good, low, middle), torch.where(good, middle, top)
    value.data.copy_((top * limit).reshape(value.shape))


def done(path):
    if not path.exists():
        return []
    with path.open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def key(row):
    return tuple(str(row[column]) for column in COLUMNS[:6])


def tasks():
    """Groups of (method, scales, layers, A, P), the most telling first; within a group W follows the best one."""
    pairs = [(8, 16), (8, 17), (5, 13), (5, 14), (4, 12), (8, 18), (4, 13), (4, 11), (5, 15), (8, 15), (6, 15), (6, 14)]
    for method in ("gptq", "gpfq"):
        for a, p in pairs:
            for scales in ("grown", "given"):
                yield method, scales, "middle", a, p
    for a in (8, 5, 4):
        for method in ("gptq", "gpfq", "qronos"):
            yield method, "given", "middle", a, None
    for method in ("gptq", "gpfq"):
        for a, p in pairs:
            yield method, "given", "all", a, p


def widths(scales, a, p):
    """W to begin with. With a sum of positive integers below 300, W = 4 has lost tens of points."""
    if p is None or scales == "grown":
        return (8,)
    return (3,) if 2 ** (p - 1) // (2**a - 1) < 300 else (3, 4)


def row(grid, options, method, scales, layers, w, a, p, best):
    began = time.process_time()
    network = grid.network(method, scales, w, a, p, layers == "all")
    quick = grid.top1(network, 0, 1000)
    seconds = time.process_time() - began
    whole = ""
    if quick >= best - options.behind:
        whole = quick + grid.top1(network, 1000, 10000)
    guarded = [layer for layer in network.values() if layer["guarded"]]
    top = max((layer["exact"][0] for layer in guarded), default=0)
    bottom = min((layer["exact"][1] for layer in guarded), default=0)
    certified = "" if p is None else top <= 2 ** (p - 1) - 1 and bottom >= -(2 ** (p - 1))
    return dict(zip(COLUMNS, [
        method, scales, layers, w, a, p or "", "%.1f" % (quick / 10),
        "%.2f" % (whole / 100) if whole else "", str(certified).lower(),
        sum(layer["exact"][2] for layer in network.values()), top, bottom, "%.0f" % seconds,
        datetime.datetime.now().isoformat("T", "seconds"),
    ])), quick


def run(grid, options):
    path = pathlib.Path(options.out)
    if not path.exists():
        path.write_text("# %s\n%s\n" % (provenance(), ",".join(COLUMNS)))
    for method, scales, layers, a, p in tasks():
        rows = {key(found): found for found in done(path)}
        tried = {}

        def attempt(w):
            if w in tried or not 3 <= w <= 8:
                return
            name = tuple(map(str, (method, scales, layers, w, a, p or "")))
            if name in rows:
                tried[w] = round(float(rows[name]["top1_1000"]) * 10)
                return
            best = max(tried.values(), default=0)
            made, tried[w] = row(grid, options, method, scales, layers, w, a, p, best)
            with path.open("a") as file:
                csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(made)
            print(",".join(map(str, made.values())), flush=True)

        for w in widths(scales, a, p):
            attempt(w)
        while len(tried) > 1 or options.every_width and scales == "given":  # until it is worse on both sides
            best = max(tried, key=lambda w: tried[w])
            beside = [w for w in (best - 1, best + 1) if 3 <= w <= 8 and w not in tried]
            if not beside:
                break
            for w in beside:
                attempt(w)


def provenance():
    return "Brevitas %s (BSD-3-Clause), PyTorch %s, Python %s; made by interop/brevitas/axe.py" % (
        brevitas.__version__, torch.__version__, platform.python_version())


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cifar", required=True)
    parser.add_argument("--out", default="axe.csv")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--activations", choices=("percentile", "mse"), default="mse")
    parser.add_argument("--act-order", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--behind", type=int, default=5, help="of 1,000 images, to be run on 10,000")
    parser.add_argument("--every-width", action="store_true", help="W = 4 for the smallest budgets too")
    parser.add_argument("--one", help="method,scales,layers,W,A,P: only this one, to standard output")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    warnings.filterwarnings("ignore")
    with torch.no_grad():
        grid = Grid(options)
        if options.one:
            method, scales, layers, w, a, p = options.one.split(",")
            made, _ = row(grid, options, method, scales, layers, int(w), int(a), int(p) if p else None, 0)
            print(made)
        else:
            run(grid, options)


if __name__ == "__main__":
    main()
