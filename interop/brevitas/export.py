"""Small networks that Brevitas itself exports to QONNX and QCDQ, and what it computes of them.

    python -m venv venv && venv/bin/pip install torch==2.15.0 brevitas==0.13.4 onnx==1.19.1 onnxoptimizer onnxscript
    venv/bin/python interop/brevitas/export.py network/src/test/resources/golden/brevitas

Writes NAME-FORM.onnx and NAME-FORM.csv, for all cases or for those that are named behind the folder: a line is one
call, the input's numbers and the output's as the bits of binary32. FORM is `qonnx` or `qcdq`, by PyTorch's older exporter, or `dynamo`, QONNX by its newer one.

`a2q-plus` is trained for a few steps with A2Q+ for a register of 10 bits: operands have 4 bits and no sign, so a
channel's positive integers, and its negative ones, may add up to 34 at most: 15 · 34 = 510. In the files of
`a2q-plus-broken` channel 3 of the last layer has positive integers of 35 together; they were changed there by hand.

Brevitas 0.13.4 writes the weights of A2Q+ to QONNX before their norm is cut, so that such a file computes
something else than the network. Here each layer's final weights take the place of the trained ones first.
"""

import copy
import pathlib
import platform
import sys
import warnings

import brevitas
import brevitas.nn as qnn
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from brevitas.export import export_onnx_qcdq, export_qonnx
from brevitas.quant.binary import SignedBinaryActPerTensorConst, SignedBinaryWeightPerTensorConst
from brevitas.quant.scaled_int import (
    Int8AccumulatorAwareZeroCenterWeightQuant,
    Int8ActPerTensorFloat,
    Int8BiasPerTensorFloatInternalScaling,
    Int8WeightPerChannelFloat,
    Int32Bias,
    Uint8ActPerTensorFloat,
)
from brevitas.quant.shifted_scaled_int import (
    ShiftedUint8ActPerTensorFloat,
    ShiftedUint8WeightPerChannelFloat,
    ShiftedUint8WeightPerTensorFloat,
)
from brevitas.quant.ternary import SignedTernaryActPerTensorConst, SignedTernaryWeightPerTensorConst
from onnx import numpy_helper

CALLS, BITS, BUDGET = 8, 10, 34
CODES = dict(return_quant_tensor=True)
FOUR = dict(act_quant=Uint8ActPerTensorFloat, bit_width=4, return_quant_tensor=True)
PER_CHANNEL = dict(weight_quant=Int8WeightPerChannelFloat)


def a2q_plus():
    guarded = dict(weight_quant=Int8AccumulatorAwareZeroCenterWeightQuant, weight_bit_width=4,
                   weight_accumulator_bit_width=BITS)
    return nn.Sequential(
        qnn.QuantIdentity(**FOUR),
        qnn.QuantConv2d(2, 4, 3, bias=False, **guarded), nn.BatchNorm2d(4), qnn.QuantReLU(**FOUR),
        qnn.QuantConv2d(4, 6, 3, bias=False, **guarded), nn.BatchNorm2d(6), qnn.QuantReLU(**FOUR),
        nn.Flatten(), qnn.QuantLinear(24, 5, bias=True, **guarded))


def channels():
    return nn.Sequential(
        qnn.QuantIdentity(**CODES), qnn.QuantConv2d(2, 4, 3, padding=1, bias=True, weight_bit_width=4, **PER_CHANNEL),
        qnn.QuantReLU(bit_width=6, **CODES), qnn.QuantConv2d(4, 4, 3, groups=4, bias=True, **PER_CHANNEL),
        qnn.QuantReLU(**CODES), nn.Flatten(), qnn.QuantLinear(64, 5, bias=True))


def biases():
    return nn.Sequential(
        qnn.QuantIdentity(**CODES),
        qnn.QuantConv2d(2, 4, 3, bias=True, bias_quant=Int32Bias, return_quant_tensor=True, **PER_CHANNEL),
        qnn.QuantReLU(bit_width=5, **CODES), nn.Flatten(),
        qnn.QuantLinear(36, 5, bias=True, bias_quant=Int8BiasPerTensorFloatInternalScaling))


def zero_points():
    return nn.Sequential(
        qnn.QuantIdentity(act_quant=ShiftedUint8ActPerTensorFloat, bit_width=6, **CODES),
        qnn.QuantConv2d(2, 4, 3, padding=1, bias=True, weight_quant=ShiftedUint8WeightPerTensorFloat),
        qnn.QuantReLU(act_quant=ShiftedUint8ActPerTensorFloat, **CODES), nn.Flatten(),
        qnn.QuantLinear(144, 5, bias=True, weight_quant=ShiftedUint8WeightPerChannelFloat))


def rounding(mode):
    def make():
        return nn.Sequential(
            qnn.QuantIdentity(bit_width=5, float_to_int_impl_type=mode, **CODES),
            qnn.QuantConv2d(2, 4, 3, bias=True, weight_bit_width=4), qnn.QuantReLU(bit_width=4, float_to_int_impl_type=mode),
            nn.Flatten(), qnn.QuantLinear(64, 5, bias=False, weight_bit_width=3))

    return make


def binary():
    signs = dict(act_quant=SignedBinaryActPerTensorConst)
    weights = dict(bias=False, weight_quant=SignedBinaryWeightPerTensorConst)
    return nn.Sequential(
        qnn.QuantIdentity(**signs), qnn.QuantLinear(16, 8, **weights), nn.BatchNorm1d(8),
        qnn.QuantIdentity(**signs), qnn.QuantLinear(8, 4, **weights))


def ternary():
    signs = dict(act_quant=SignedTernaryActPerTensorConst)
    weights = dict(bias=False, weight_quant=SignedTernaryWeightPerTensorConst)
    return nn.Sequential(
        qnn.QuantIdentity(**signs), qnn.QuantLinear(16, 8, **weights), nn.BatchNorm1d(8),
        qnn.QuantIdentity(**signs), qnn.QuantLinear(8, 4, **weights))


def pools():
    return nn.Sequential(
        qnn.QuantIdentity(**CODES), qnn.QuantConv2d(2, 4, 3, padding=1), qnn.QuantReLU(**FOUR), nn.MaxPool2d(2),
        qnn.QuantConv2d(4, 4, 3, padding=1), qnn.QuantReLU(**FOUR), qnn.TruncAvgPool2d(2, bit_width=4),
        nn.Flatten(), qnn.QuantLinear(16, 3, bias=False))


def transposed():
    return nn.Sequential(
        qnn.QuantIdentity(**CODES), qnn.QuantConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1, bias=True),
        qnn.QuantReLU(**FOUR), qnn.QuantUpsample(scale_factor=2, mode="nearest"), qnn.QuantConv2d(3, 1, 3, stride=4, bias=False))


def operand_scales():
    """A scale for each channel of what the convolutions multiply."""
    def each(channels):
        return dict(scaling_per_output_channel=True, scaling_stats_permute_dims=(1, 0, 2, 3),
                    per_channel_broadcastable_shape=(1, channels, 1, 1))

    return nn.Sequential(
        qnn.QuantIdentity(**each(2)), qnn.QuantConv2d(2, 4, 3, groups=2), qnn.QuantReLU(bit_width=5, **each(4)),
        qnn.QuantConv2d(4, 3, 3, bias=False))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.input, self.conv = qnn.QuantIdentity(**CODES), qnn.QuantConv2d(2, 2, 3, padding=1)
        self.add = qnn.QuantEltwiseAdd(
            input_quant=Int8ActPerTensorFloat, output_quant=Int8ActPerTensorFloat, return_quant_tensor=True)
        self.relu, self.last = qnn.QuantReLU(**CODES), qnn.QuantConv2d(2, 3, 1, bias=False)

    def forward(self, x):
        x = self.input(x)
        return self.last(self.relu(self.add(x, self.conv(x))))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.input, self.heads = qnn.QuantIdentity(), qnn.QuantMultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        x = self.input(x)
        return self.heads(x, x, x, need_weights=False)[0]


CASES = {  # name: network, shape of an input, forms
    "a2q-plus": (a2q_plus, (2, 6, 6), ("qonnx", "qcdq", "dynamo")),
    "channels": (channels, (2, 6, 6), ("qonnx", "qcdq")),
    "biases": (biases, (2, 5, 5), ("qonnx", "qcdq")),
    "zero-points": (zero_points, (2, 6, 6), ("qonnx",)),
    "floor": (rounding("floor"), (2, 6, 6), ("qonnx",)),
    "round-to-zero": (rounding("round_to_zero"), (2, 6, 6), ("qonnx",)),
    "binary": (binary, (16,), ("qonnx",)),
    "ternary": (ternary, (16,), ("qonnx", "qcdq")),
    "pools": (pools, (2, 8, 8), ("qonnx",)),
    "transposed": (transposed, (2, 5, 5), ("qonnx",)),
    "operand-scales": (operand_scales, (2, 6, 6), ("qonnx", "qcdq")),
    "residual": (Residual, (2, 6, 6), ("qonnx", "qcdq")),
    "attention": (Attention, (5, 8), ("qonnx",)),
}


def trained(name, make, shape):
    torch.manual_seed(3)
    network = make()
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias)
    images = torch.rand(64, *shape) if name == "a2q-plus" else torch.randn(64, *shape)
    optimiser = torch.optim.SGD(network.parameters(), 0.02)
    classes = (images.flatten(1).mean(1) * 97).long() % 3
    network.train()
    for _ in range(20):
        scores = network(images)
        scores = getattr(scores, "value", scores)
        optimiser.zero_grad()
        if scores.ndim == 2:
            F.cross_entropy(scores, classes).backward()
            optimiser.step()
    return network.eval(), images


def final(network, images):
    """(layer, its final weights) of an A2Q+ network; they depend on the operands' width and sign."""
    found = []

    def keep(module, inputs):
        found.append((module, module.quant_weight(inputs[0])))

    layers = [m for m in network.modules() if isinstance(m, (qnn.QuantConv2d, qnn.QuantLinear))]
    hooks = [layer.register_forward_pre_hook(keep) for layer in layers]
    network(images[:1])
    for hook in hooks:
        hook.remove()
    return found


def words(tensor):
    return " ".join(map(str, np.ascontiguousarray(tensor.numpy(), np.float32).reshape(-1).view(np.int32)))


def outputs(network, images):
    made = [network(image.unsqueeze(0)) for image in images]
    return [getattr(output, "value", output) for output in made]


def write(folder, name, network, images, form):
    path, given = folder / f"{name}-{form}.onnx", images[:CALLS]
    made = outputs(network, given)
    head = "# made by interop/brevitas/export.py, Brevitas %s (BSD-3-Clause), PyTorch %s, %s\n" % (
        brevitas.__version__, torch.__version__, platform.machine())
    lines = [words(image) + "," + words(output) for image, output in zip(given, made)]
    path.with_suffix(".csv").write_text(head + "\n".join(lines) + "\n")
    network = copy.deepcopy(network)
    if name == "a2q-plus" and form != "qcdq":
        for layer, weights in final(network, images):
            layer.weight.data.copy_(weights.value)
    if form == "qcdq":
        export_onnx_qcdq(network, given[:1], str(path), dynamo=False)
    elif form == "dynamo":
        export_qonnx(network, given[:1], str(path), dynamo=True, external_data=False)
        forget_traces(path)
    else:
        export_qonnx(network, given[:1], str(path), dynamo=False)
    return path


def forget_traces(path):
    """Takes out the stack traces, with this machine's paths, that the newer exporter leaves."""
    model = onnx.load(path)
    for part in [*model.graph.node, *model.graph.value_info, *(n for f in model.functions for n in f.node)]:
        kept = [entry for entry in part.metadata_props if "stack_trace" not in entry.key]
        del part.metadata_props[:]
        part.metadata_props.extend(kept)
    onnx.save(model, path)


def broken(codes):
    """Positive integers of channel 3 raised until there are BUDGET + 1 together."""
    row = codes[3]
    room = BUDGET + 1 - int(np.maximum(row, 0).sum())
    for i in np.argsort(-row, kind="stable"):
        step = min(room, 7 - int(row[i])) if row[i] >= 0 else 0
        row[i] += step
        room -= step
    assert room == 0 and np.maximum(row, 0).sum() == BUDGET + 1
    return codes


def break_file(path, weights):
    """Writes the broken file beside a sound one."""
    model = onnx.load(path)
    scale, shape = weights.scale.detach().numpy().reshape(-1, 1), tuple(weights.value.shape)
    changed = 0
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.shape == shape:
            codes = np.rint(array / scale) if array.dtype == np.float32 else array
            found = broken(codes.astype(np.int64))
            found = found * scale if array.dtype == np.float32 else found
            tensor.CopyFrom(numpy_helper.from_array(found.astype(array.dtype), tensor.name))
            changed += 1
    assert changed == 1
    other = path.with_name(path.name.replace("a2q-plus-", "a2q-plus-broken-"))
    onnx.save(model, other)
    return other


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    wanted = sys.argv[2:] or CASES
    for name, (make, shape, forms) in CASES.items():
        if name not in wanted:
            continue
        network, images = trained(name, make, shape)
        with torch.no_grad():
            for form in forms:
                path = write(folder, name, network, images, form)
                if name == "a2q-plus" and form != "dynamo":
                    break_file(path, final(network, images)[-1][1])
            if name == "a2q-plus":
                for _, weights in final(network, images):
                    codes = weights.int().flatten(1).numpy().astype(int)
                    print("positive", np.maximum(codes, 0).sum(1), "negative", np.minimum(codes, 0).sum(1))


if __name__ == "__main__":
    main()
