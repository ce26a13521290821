"""Integers of Brevitas's A2Q and A2Q+ weight quantisers on weights that a generator makes again.

    python -m venv venv && venv/bin/pip install brevitas==0.13.4
    venv/bin/python interop/brevitas/a2q_codes.py > core/src/test/resources/golden/brevitas-a2q.csv

The CSV holds results only. Weights v, d = log2 s and t = log2 g come from SplitMix64 as below and
are exact in float32; `BrevitasGoldenTest` draws the same ones. One line is one layer of CHANNELS
channels: method, P, W, A, s(igned) or u(nsigned) inputs, K, integers + 128 as two hex digits each,
channel after channel.
"""

import datetime
import platform
import sys
import warnings

import brevitas
import brevitas.nn as qnn
import torch
from brevitas.quant import Int8ActPerTensorFloat, Uint8ActPerTensorFloat
from brevitas.quant.scaled_int import (
    Int8AccumulatorAwareWeightQuant,
    Int8AccumulatorAwareZeroCenterWeightQuant,
)

CHANNELS = 5
MASK = (1 << 64) - 1
METHODS = {
    "a2q": Int8AccumulatorAwareWeightQuant,
    "a2q+": Int8AccumulatorAwareZeroCenterWeightQuant,
}


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        """The high bits, modulo a power of two."""
        return (self.next() >> 32) % bound


def channel(random, terms, bits):
    """v, log2 s, log2 g: all of them small multiples of a power of two."""
    d = 1 - bits + (random.below(2048) - 1024) / 1024
    t = random.below(8192) / 1024 - 1
    v = [(sum(random.below(65536) for _ in range(4)) - 131070) / 65536 for _ in range(terms)]
    return v, d, t


def codes(method, p, w, a, signed, terms, random):
    channels = [channel(random, terms, w) for _ in range(CHANNELS)]
    layer = qnn.QuantLinear(
        terms,
        CHANNELS,
        bias=False,
        weight_quant=METHODS[method],
        weight_bit_width=w,
        weight_accumulator_bit_width=p,
        input_quant=Int8ActPerTensorFloat if signed else Uint8ActPerTensorFloat,
        input_bit_width=a,
    )
    quantizer = layer.weight_quant.tensor_quant
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([c[0] for c in channels]))
        # s is kept twice; the copy inside pre_scaling_impl decides the integers
        for scaling in (quantizer.scaling_impl, quantizer.pre_scaling_impl.scaling_impl):
            scaling.value.copy_(torch.tensor([[c[1]] for c in channels]))
        quantizer.pre_scaling_impl.value.copy_(torch.tensor([[c[2]] for c in channels]))
    layer.train()
    layer.input_quant(torch.rand(4, terms) - 0.5)
    layer.eval()
    with torch.no_grad():
        quant_input = layer.input_quant(torch.rand(4, terms))
        assert int(quant_input.bit_width) == a and bool(quant_input.signed) == signed
        found = layer.weight_quant(layer.weight, quant_input).int(float_datatype=False)
    return found.flatten().tolist()


def main():
    warnings.filterwarnings("ignore")
    print(f"# Brevitas {brevitas.__version__} (BSD-3-Clause), PyTorch {torch.__version__},", end="")
    print(f" Python {platform.python_version()}, {datetime.date.today()}; made by", end="")
    print(" interop/brevitas/a2q_codes.py")
    print("method,p,w,a,inputs,k,codes")
    line = 0
    for method in METHODS:
        for p in range(8, 25):
            for w in range(3, 9):
                for a in range(3, 9):
                    for signed in (False, True):
                        random = SplitMix64(20260000 + line)
                        line += 1
                        terms = 2 + random.below(32)
                        found = codes(method, p, w, a, signed, terms, random)
                        text = "".join(f"{q + 128:02x}" for q in found)
                        kind = "s" if signed else "u"
                        print(f"{method},{p},{w},{a},{kind},{terms},{text}")
    print(f"{line * CHANNELS} channels", file=sys.stderr)


if __name__ == "__main__":
    main()
