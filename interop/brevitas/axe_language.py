"""SmolLM2 quantised after training by Brevitas, with AXE's accumulator guarantee for every tile.

    interop/gguf/fetch.sh MODELS
    python -m venv venv && venv/bin/pip install torch==2.15.0 brevitas==0.13.4 gguf==0.19.0 tokenizers==0.23.3
    venv/bin/python interop/brevitas/axe_language.py --model MODELS/SmolLM2-135M-Instruct.Q4_1.gguf \\
        --text shared/data/text/wikitext-2 --out interop/brevitas/axe-language.csv

One CSV row is one model; rows that the file has are not made again, so the same command goes on where
it was ended. README.md says what the columns are and what was chosen.

The setting is that of docs/results/llm-integers.md: the seven matrices of each layer in integers with a scale a
row, activations as codes with a scale a token, all else in real numbers (binary32); 4,096 tokens of the
validation text calibrate, the first 2,048 predictions of the test text are measured. Weights are found by
Brevitas's own classes, one matrix after another, through axe.py's quicker columns; the loop over the
matrices is ours. `--check` compares its integers of the first layer with those of Brevitas's own loop.
"""

import argparse
import csv
import datetime
import math
import pathlib
import platform
import sys
import time
import warnings

import brevitas
import brevitas.nn as qnn
import brevitas_examples.common.axe as brevitas_axe
import gguf
import numpy as np
import torch
import torch.nn.functional as F
from brevitas.core.scaling.standalone import ParameterFromStatsFromParameterScaling
from brevitas.graph.gpxq import LayerHandler
from brevitas.quant.scaled_int import Int8WeightPerChannelFloat
from brevitas_examples.common.generative.quantizers import Int8DynamicActPerRowFloat

import axe

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "gguf"))
import golden  # noqa: E402

COLUMNS = ["algorithm", "scales", "weights", "activations", "tile", "accumulator_bits", "perplexity", "loss"]
COLUMNS += ["certified", "largest_norm", "zeros_percent", "seconds", "date"]
NAMED = len(COLUMNS[:6])
WINDOW, CALIBRATION, PREDICTIONS = 512, 4096, 2048
AVERAGE = brevitas_axe.calc_average_nonzero_mag
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


class Model:
    """The model's definition in PyTorch, binary32; `multiply` gives the product with a matrix, by name."""

    def __init__(self, path, layers=None):
        self.reader = gguf.GGUFReader(path)
        self.tensors = {tensor.name: tensor for tensor in self.reader.tensors}
        self.layers = layers or self.field("block_count")
        self.heads, self.keys = self.field("attention.head_count"), self.field("attention.head_count_kv")
        self.epsilon = self.field("attention.layer_norm_rms_epsilon")
        self.table = self.weights("token_embd.weight")
        head = self.field("embedding_length") // self.heads
        base = np.float64(np.float32(self.field("rope.freq_base")))
        angles = np.outer(np.arange(WINDOW), base ** (-2.0 * np.arange(head // 2) / head))
        self.cosine, self.sine = (torch.tensor(f(angles), dtype=torch.float32)[:, None] for f in (np.cos, np.sin))

    def field(self, name):
        return self.reader.get_field("llama." + name).contents()

    def weights(self, name):
        tensor = self.tensors[name]
        return torch.tensor(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32))

    def matrix(self, name):
        return self.weights(name + ".weight")

    def norm(self, x, name):
        return self.weights(name) * x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.epsilon)

    def turned(self, x):
        """Rotary positions turn neighbouring channels, as llama's files have it."""
        a, b = x[..., ::2], x[..., 1::2]
        c, s = self.cosine[: x.shape[1]], self.sine[: x.shape[1]]
        return torch.stack([a * c - b * s, a * s + b * c], -1).reshape(x.shape)

    def layer(self, number, x, multiply):
        """A layer on windows [window, token, channel]."""
        block = f"blk.{number}."
        n = self.norm(x, block + "attn_norm.weight")
        q, k, v = (multiply(block + name, n) for name in MATRICES[:3])
        q, k, v = (t.reshape(*x.shape[:2], -1, x.shape[-1] // self.heads) for t in (q, k, v))
        q, k = self.turned(q), self.turned(k)
        k, v = (t.repeat_interleave(self.heads // self.keys, 2) for t in (k, v))
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])
        later = torch.ones(scores.shape[2:], dtype=torch.bool).triu(1)
        mixed = scores.masked_fill(later, -math.inf).softmax(-1) @ v
        x = x + multiply(block + "attn_output", mixed.transpose(1, 2).reshape(x.shape))
        n = self.norm(x, block + "ffn_norm.weight")
        gate, up = multiply(block + "ffn_gate", n), multiply(block + "ffn_up", n)
        return x + multiply(block + "ffn_down", F.silu(gate) * up)

    def real(self, name, x):
        return x @ self.matrix(name).T

    def tokens(self, path, count):
        """The first tokens of a text: the text is cut at a line that is far behind them."""
        text = path.read_text()
        return golden.cut(self.reader, text[: text.index("\n", 12 * count + 1000)])[:count]

    def loss(self, tokens, multiply):
        """Mean of -ln p, each token predicted from those of its window before it."""
        shown, wanted = torch.tensor(tokens[:-1]).reshape(-1, WINDOW), torch.tensor(tokens[1:])
        x = self.table[shown]
        for number in range(self.layers):
            x = self.layer(number, x, multiply)
        x, total = self.norm(x, "output_norm.weight").flatten(0, 1), 0.0
        for first in range(0, len(wanted), WINDOW):
            part = slice(first, first + WINDOW)
            scores = (x[part] @ self.table.T).double()
            total += float(F.cross_entropy(scores, wanted[part], reduction="sum"))
        return total / len(wanted)


def codes_of(x, a):
    """Activations as codes with a scale a token: the codes and the scales."""
    most = 2 ** (a - 1) - 1
    scale = x.abs().amax(-1, keepdim=True) / most
    return torch.clamp(torch.round(x / scale), -most, most), scale


def product(integers, x):
    """A product of the integers of weights with the codes of activations."""
    codes, scale, a = integers
    tokens, step = codes_of(x, a)
    return tokens @ codes.T * scale * step


def dequantised_product(integers, x):
    """The same as Brevitas rounds it: a product of numbers, for the comparison with its loop."""
    codes, scale, a = integers
    tokens, step = codes_of(x, a)
    return F.linear(tokens * step, codes * scale[:, None])


def quantised(weights, w, a):
    """Brevitas's layer with a scale a row from its largest magnitude, and codes from -M to M a token."""
    quant = Int8WeightPerChannelFloat.let(
        bit_width=w, narrow_range=True, scaling_impl=ParameterFromStatsFromParameterScaling
    )
    inputs = Int8DynamicActPerRowFloat.let(
        bit_width=a, narrow_range=True, permute_dims=None, stats_reduce_dim=1,
        dynamic_scaling_broadcastable_fn=lambda x, shape: x.view(*shape[:-1], 1),
    )
    parts = dict(bias=False, weight_quant=quant, input_quant=inputs, bias_quant=None)
    layer = qnn.QuantLinear(weights.shape[1], weights.shape[0], **parts)
    layer.weight.data.copy_(weights)
    layer.eval()
    layer(torch.ones(2, weights.shape[1]))  # sets the weights' scales
    return layer


def in_tiles(codes, tile):
    """[row, tile, term], the last tile filled with zeros."""
    tile = tile or codes.shape[1]
    return F.pad(codes, (0, -codes.shape[1] % tile)).unflatten(1, (-1, tile))


def sums(codes, tile, a):
    """The largest and the negated smallest sum of every tile that codes from -2^(a-1) to 2^(a-1) - 1 can make."""
    tiles, most = in_tiles(codes, tile), 2 ** (a - 1) - 1
    positive, negative = tiles.clamp(min=0).sum(-1), -tiles.clamp(max=0).sum(-1)
    return positive * most + negative * (most + 1), positive * (most + 1) + negative * most


def fits(codes, tile, a, p):
    """Of each row, whether all its tiles fit P bits, without the most negative number, as AXE has it."""
    top, bottom = sums(codes.double(), tile, a)
    return (torch.maximum(top, bottom) <= 2 ** (p - 1) - 1).all(1)


def grow(layer, w, a, tile, p):
    """Each row's smallest scale, from the given one on, at which rounding to nearest keeps every tile in P bits."""
    value = layer.weight_quant.tensor_quant.scaling_impl.value  # the limit times the scale
    limit = 2 ** (w - 1) - 1
    least = layer.quant_weight().scale.flatten()

    def safe(scale):
        return fits(torch.clamp(torch.round(layer.weight.data / scale[:, None]), -limit, limit), tile, a, p)

    low, top = least.clone(), torch.where(safe(least), least, least * 256)
    for _ in range(20):
        middle = (low + top) / 2
        good = safe(middle)
        low, top = torch.where(good, low, middle), torch.where(good, middle, top)
    value.data.copy_((top * limit).reshape(value.shape))


def radii(weight, radius):
    """Brevitas's soft thresholds, calc_average_nonzero_mag, of all rows at once."""
    radius = radius.item()
    magnitudes = np.abs(weight.numpy())
    falling = -np.sort(-magnitudes, axis=1)
    above = np.cumsum(falling, axis=1) - radius
    counts = np.arange(1, weight.shape[1] + 1)
    last = weight.shape[1] - 1 - np.argmax((falling * counts > above)[:, ::-1], axis=1)
    found = np.take_along_axis(above, last[:, None], 1)[:, 0] / (last + 1)
    return torch.tensor(np.where(magnitudes.sum(1) <= radius, 0, found), dtype=torch.float32)


class Maker:
    """The integers of all matrices, one after another, each from the inputs that those before it give."""

    def __init__(self, model, tokens):
        self.model, self.product = model, product
        self.calibration = model.table[torch.tensor(tokens).reshape(-1, WINDOW)]

    def integers(self, algorithm, scales, w, a, tile, p):
        """Codes and scales of every matrix."""
        found, inputs = {}, {}

        def kept(name, x):
            inputs[name] = x
            return self.model.real(name, x)

        def apply(name, x):
            layer = quantised(self.model.matrix(name), w, a)
            if scales == "grown":
                grow(layer, w, a, tile, p)
            if algorithm != "rounded":
                self.optimise(layer, name, algorithm, tile, p, x, inputs.get(name))
            codes, scale = axe.integers(layer)
            found[name] = codes, scale, a
            return self.product(found[name], x)

        x = reals = self.calibration
        for number in range(self.model.layers):
            began = time.time()
            if algorithm == "gpfq":
                reals = self.model.layer(number, reals, kept)
            x = self.model.layer(number, x, apply) if algorithm != "rounded" else self.alone(number, apply)
            inputs.clear()
            print("layer %d, %.0f s" % (number, time.time() - began), file=sys.stderr, flush=True)
        return found

    def alone(self, number, apply):
        """The matrices without anything that goes through them."""
        for name in MATRICES:
            apply(f"blk.{number}.{name}", torch.zeros(1, self.model.matrix(f"blk.{number}.{name}").shape[1]))

    def optimise(self, layer, name, algorithm, tile, p, x, reals):
        common = dict(act_order=True, len_parallel_layers=1, create_weight_orig=True)
        if algorithm == "gptq":
            common["num_blocks"] = 100
        if p is None:
            optimiser = axe.FREE[algorithm](layer, name, **common)
        else:
            common.update(max_accumulator_bit_width=p, max_accumulator_tile_size=tile)
            optimiser = axe.AXE[algorithm](layer, name, **common)
        handler = LayerHandler()
        for number, window in enumerate(x):
            axe.feed(optimiser, layer, window, handler)
            if algorithm == "gpfq":
                layer.weight_quant.disable_quant = layer.input_quant.disable_quant = True
                axe.feed(optimiser, layer, reals[number], handler)
                layer.weight_quant.disable_quant = layer.input_quant.disable_quant = False
        optimiser.single_layer_update()


def row(maker, test, algorithm, scales, w, a, tile, p):
    began = time.process_time()
    if algorithm == "real":
        found, multiply = {}, maker.model.real
    else:
        found = maker.integers(algorithm, scales, w, a, tile, p)

        def multiply(name, x):
            return product(found[name], x)

    loss = maker.model.loss(test, multiply)
    seconds = time.process_time() - began
    certified, norm, zeros, count = "", "", 0, 0
    for codes, *_ in found.values():
        assert (codes == codes.round()).all() and codes.abs().max() <= 2 ** (w - 1) - 1
        zeros, count = zeros + int((codes == 0).sum()), count + codes.numel()
    if p is not None:
        certified = str(all(bool(fits(codes, tile, a, p).all()) for codes, *_ in found.values())).lower()
        norm = max(int(in_tiles(codes, tile).abs().sum(-1).max()) for codes, *_ in found.values())
    return dict(zip(COLUMNS, [
        algorithm, scales, w or "", a or "", tile or "", p or "", "%.2f" % math.exp(loss), "%.4f" % loss, certified,
        norm, "%.1f" % (100 * zeros / count) if count else "", "%.0f" % seconds,
        datetime.datetime.now().isoformat("T", "seconds"),
    ]))


class FirstLayer(torch.nn.Module):
    """The model's first layer of Brevitas's layers, for Brevitas's own loop."""

    def __init__(self, model, w, a):
        super().__init__()
        self.model = model
        self.matrices = torch.nn.ModuleDict({name: quantised(model.matrix("blk.0." + name), w, a) for name in MATRICES})

    def forward(self, x):
        return self.model.layer(0, x, lambda name, part: self.matrices[name.removeprefix("blk.0.")](part))


def check(options):
    """Integers of the first layer by our loop and by Brevitas's, W4A8 on 1,024 tokens, 16 bits in tiles of 128."""
    options.layers, tiles = 1, dict(max_accumulator_bit_width=16, max_accumulator_tile_size=128)
    maker, _ = bed(options)
    maker.calibration, maker.product = maker.calibration[:2], dequantised_product
    for algorithm, mode in ("gptq", brevitas_axe.a2gptq_mode), ("gpfq", brevitas_axe.a2gpfq_mode):
        brevitas_axe.calc_average_nonzero_mag = radii
        ours = maker.integers(algorithm, "given", 4, 8, 128, 16)
        brevitas_axe.calc_average_nonzero_mag = AVERAGE
        whole = FirstLayer(maker.model, 4, 8)
        with mode(whole, act_order=True, **tiles) as running:
            for _ in range(running.num_layers):
                for window in maker.calibration:
                    running.model(window[None])
                running.update()
        for name in MATRICES:
            codes, _ = axe.integers(whole.matrices[name])
            same = int((codes == ours["blk.0." + name][0]).sum())
            print("%s,%s,%d,%d" % (algorithm, name, codes.numel(), same), flush=True)


TASKS = """real,,,,,
rounded,given,8,8,,
gptq,given,8,8,128,16
gptq,grown,8,8,128,16
gptq,given,4,8,128,16
gptq,given,4,8,,
gptq,grown,8,8,32,16
gptq,grown,8,8,16,16
gptq,given,8,8,16,16
gptq,given,8,8,32,16
gpfq,given,4,8,128,16
gpfq,given,4,8,,
gpfq,grown,8,8,128,16
gpfq,grown,8,8,32,16
gpfq,grown,8,8,16,16
gpfq,given,8,8,128,16
rounded,given,4,8,,
rounded,grown,8,8,128,16"""


def done(path):
    if not path.exists():
        return []
    with path.open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def run(options):
    maker, test = bed(options)
    path = pathlib.Path(options.out)
    if not path.exists():
        path.write_text("# %s\n%s\n" % (provenance(), ",".join(COLUMNS)))
    for task in options.only or TASKS.split("\n"):
        name = task.split(",")
        if name in [list(found.values())[:NAMED] for found in done(path)]:
            continue
        algorithm, scales, *numbers = name
        print(task, file=sys.stderr, flush=True)
        made = row(maker, test, algorithm, scales, *(int(number) if number else None for number in numbers))
        if options.layers:
            print(made)
            continue
        with path.open("a") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(made)
        print(",".join(map(str, made.values())), flush=True)


def bed(options):
    model = Model(options.model, options.layers)
    text = pathlib.Path(options.text)
    return Maker(model, model.tokens(text / "valid.txt", CALIBRATION)), model.tokens(text / "test.txt", PREDICTIONS + 1)


def provenance():
    return "Brevitas %s (BSD-3-Clause), PyTorch %s, Python %s; made by interop/brevitas/axe_language.py" % (
        brevitas.__version__, torch.__version__, platform.python_version())


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--text", required=True, help="the folder of WikiText-2's valid.txt and test.txt")
    parser.add_argument("--out", default="axe-language.csv")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layers", type=int, help="only the first layers, a trial to standard output")
    parser.add_argument("--check", action="store_true", help="the first layer beside Brevitas's own loop")
    parser.add_argument("--only", nargs="+", help="algorithm,scales,W,A,tile,P: only these rows")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    warnings.filterwarnings("ignore")
    warnings.filterwarnings("error", message="Failed to compute the inverse")
    brevitas_axe.calc_average_nonzero_mag = radii
    with torch.no_grad():
        check(options) if options.check else run(options)


if __name__ == "__main__":
    main()
