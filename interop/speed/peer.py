"""Training steps of ResNet-20 in PyTorch, Brevitas and narrows.torch, for compare.py; speaks like TrainingSteps.java.

Forward, backward and SGD with momentum on 128 made-up images. narrows.torch takes PyTorch's network:
4-bit weights and inputs of layers, 8 bits for the first and the last layer, whose registers are exact. Brevitas has the quantisers of
Narrows's network: 4-bit weights per channel, 4-bit unsigned operands, an 8-bit residual stream, 8 bits
for the first and the last layer, learned activation scales. Memory is NCHW, which is what it is faster in.
"""

import pathlib
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, CONSTRAINED_BITS = 128, 12


def plain_parts():
    def conv(i, o, stride, ends=False):
        return nn.Conv2d(i, o, 3, stride, 1, bias=False)

    return conv, lambda bits=4: nn.ReLU(inplace=True), lambda signed=True: nn.Identity(), nn.Linear


def brevitas_parts(weights, statistics=1):
    """Learned activation scales from step `statistics` + 1 on; Brevitas's own default is 300."""
    import brevitas.nn as qnn
    from brevitas.quant import Int8ActPerTensorFloat, Int8WeightPerChannelFloat, Uint8ActPerTensorFloat
    from brevitas.quant.scaled_int import (
        Int8AccumulatorAwareWeightQuant,
        Int8AccumulatorAwareZeroCenterWeightQuant,
    )

    inner = {
        "qat": Int8WeightPerChannelFloat,
        "a2q": Int8AccumulatorAwareWeightQuant,
        "a2q+": Int8AccumulatorAwareZeroCenterWeightQuant,
    }[weights]
    limit = {} if weights == "qat" else {"weight_accumulator_bit_width": CONSTRAINED_BITS}

    def conv(i, o, stride, ends=False):
        quant, bits, more = (Int8WeightPerChannelFloat, 8, {}) if ends else (inner, 4, limit)
        return qnn.QuantConv2d(
            i, o, 3, stride, 1, bias=False, weight_quant=quant, weight_bit_width=bits, **more
        )

    def relu(bits=4):
        return qnn.QuantReLU(
            act_quant=Uint8ActPerTensorFloat,
            bit_width=bits,
            collect_stats_steps=statistics,
            return_quant_tensor=True,
        )

    def identity(signed=True):
        quant, bits = (Int8ActPerTensorFloat, 8) if signed else (Uint8ActPerTensorFloat, 4)
        return qnn.QuantIdentity(
            act_quant=quant, bit_width=bits, collect_stats_steps=statistics, return_quant_tensor=True
        )

    def linear(i, o):
        return qnn.QuantLinear(i, o, bias=True, weight_quant=Int8WeightPerChannelFloat, weight_bit_width=8)

    return conv, relu, identity, linear


def value(tensor):
    return getattr(tensor, "value", tensor)


class Block(nn.Module):
    def __init__(self, i, o, stride, parts):
        super().__init__()
        conv, relu, identity, _ = parts
        self.operand = identity(signed=False)
        self.conv1, self.bn1, self.relu1 = conv(i, o, stride), nn.BatchNorm2d(o), relu()
        self.conv2, self.bn2, self.branch = conv(o, o, 1), nn.BatchNorm2d(o), identity()
        self.relu2 = relu(8)
        self.added = o - i

    def forward(self, x):
        x = value(x)
        y = self.relu1(self.bn1(self.conv1(self.operand(x))))
        y = value(self.branch(self.bn2(self.conv2(y))))
        if self.added:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2))
        return self.relu2(y + x)


class ResNet20(nn.Module):
    def __init__(self, parts):
        super().__init__()
        conv, relu, identity, linear = parts
        self.input = identity()
        self.conv1, self.bn1, self.relu = conv(3, 16, 1, ends=True), nn.BatchNorm2d(16), relu(8)
        widths = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
        self.blocks = nn.Sequential(*[Block(i, o, s, parts) for i, o, s in widths])
        self.linear = linear(64, 10)

    def forward(self, x):
        x = value(self.blocks(self.relu(self.bn1(self.conv1(self.input(x))))))
        return value(self.linear(x.mean((2, 3))))


def in_register(net, text):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
    from narrows import torch as narrow

    narrow.quantize(net, weight_bits=4, activation_bits=4, exclude=("conv1", "linear"))
    narrow.register(net, text)
    net.conv1 = narrow.quantize(net.conv1, weight_bits=8, activation_bits=8, signed=True)
    net.linear = narrow.quantize(net.linear, weight_bits=8, activation_bits=8)
    return net


class Variant:
    def __init__(self, parts, channels_last, bf16, register=None):
        torch.manual_seed(1)
        self.net, self.bf16 = ResNet20(parts).train(), bf16
        if register:
            self.net = in_register(self.net, register)
        self.images, self.labels = torch.randn(BATCH, 3, 32, 32), torch.arange(BATCH) % 10
        if channels_last:
            self.net = self.net.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(self.net.parameters(), 1e-3, momentum=0.9, weight_decay=1e-4)

    def seconds(self, steps):
        began, worked = time.perf_counter(), time.process_time()
        for _ in range(steps):
            self.optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                scores = self.net(self.images)
            loss = F.cross_entropy(scores.float(), self.labels)
            loss.backward()
            self.optimizer.step()
            if not torch.isfinite(loss):
                raise SystemExit("the loss is not finite")
        return time.perf_counter() - began, time.process_time() - worked


def main():
    torch.set_num_threads(int(sys.argv[1]))
    variants = {
        "nchw": Variant(plain_parts(), False, False),
        "channels-last": Variant(plain_parts(), True, False),
        "bf16": Variant(plain_parts(), False, True),
        "bf16 channels-last": Variant(plain_parts(), True, True),
    }
    versions = "torch " + torch.__version__
    if "--brevitas" in sys.argv:
        import brevitas

        versions += ", brevitas " + brevitas.__version__
        for name in ["qat", "a2q", "a2q+"]:
            variants["brevitas " + name] = Variant(brevitas_parts(name), False, False)
        variants["brevitas a2q+ statistics"] = Variant(brevitas_parts("a2q+", 1_000_000), False, False)
    if "--narrows" in sys.argv:
        for name, register in [("sorted", "int10:saturate:sorted"), ("natural", "int10:saturate")]:
            variants["narrows.torch " + name] = Variant(plain_parts(), True, False, register)
    print("ready", ",".join(name.replace(" ", "_") for name in variants), versions, flush=True)
    for line in sys.stdin:
        name, steps = line.split()
        print(*variants[name.replace("_", " ")].seconds(int(steps)), flush=True)


if __name__ == "__main__":
    main()
