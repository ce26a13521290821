#!/usr/bin/env python3
"""Recomputes with NumPy what `narrows reproduce pqs-fig2` counts: the overflow classes of every dot
product of a one-layer network at P = 8..20 in index order, and its accuracy in three registers.

Shares no code with Narrows. What it relies on: docs/network-file.md for the file, docs/accumulators.md
for the classes, the IDX format for the images, TFLite's rounding for the class scores.

    recompute.py NETWORK IMAGES LABELS COUNT > OUT.csv

IMAGES and LABELS are gzipped IDX files of the test set; the first COUNT images are taken.
"""
import gzip
import hashlib
import json
import os
import struct
import sys

import numpy as np

WIDTHS = range(8, 21)
DTYPES = {"I8": "<i1", "I32": "<i4", "F64": "<f8"}


def read_network(path):
    """The graph and the tensors of a network.narrows file (safetensors)."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    graph = json.loads(header.pop("__metadata__")["network"])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        part = data[8 + length + begin:8 + length + end]
        tensors[name] = np.frombuffer(part, DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return graph, tensors, hashlib.sha256(data).hexdigest()


def read_idx(path, count):
    data = gzip.open(path, "rb").read()
    (magic,) = struct.unpack(">I", data[:4])
    dimensions = magic & 0xFF
    shape = struct.unpack(f">{dimensions}I", data[4:4 + 4 * dimensions])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)[:count]


def input_codes(pixels, graph):
    """Pixels / 255 in float32, over the input's scale in float64, half to even, clamped."""
    assert graph["metadata"]["preprocess"] == "unit", "the script knows pixel / 255 only"
    kind = graph["input"]
    assert kind["format"] == "uint8" and kind["zeroPoint"] == 0
    reals = (pixels.reshape(len(pixels), -1) / 255.0).astype(np.float32).astype(np.float64)
    return np.clip(np.rint(reals / kind["scale"]), 0, 255).astype(np.int64)


def scores(sums, bias, multipliers, shifts):
    """TFLite's doubling high multiply and rounding shift, in exact integers, channel by channel."""
    out = np.empty(sums.shape, dtype=object)
    for c in range(sums.shape[1]):
        multiplier, shift = int(multipliers[c]), int(shifts[c])
        for i, value in enumerate(sums[:, c]):
            x = (int(value) + int(bias[c])) << max(shift, 0)
            product = x * multiplier
            nudged = product + ((1 << 30) if product >= 0 else 1 - (1 << 30))
            high = abs(nudged) >> 31
            high = high if nudged >= 0 else -high
            right = max(-shift, 0)
            if right:
                mask = (1 << right) - 1
                rest = high & mask
                threshold = (mask >> 1) + (1 if high < 0 else 0)
                high = (high >> right) + (1 if rest > threshold else 0)
            out[i, c] = high
    return out


def main(network, images, labels, count):
    graph, tensors, sha256 = read_network(network)
    (dense,) = [layer for layer in graph["layers"] if layer["kind"] == "dense"]
    assert dense["bias"] == "after" and dense["zero"] == "offset"
    name = dense["name"]
    weights = tensors[name + ".weights"].astype(np.int64)
    bias = tensors[name + ".bias"]
    multipliers, shifts = tensors[name + ".multipliers"], tensors[name + ".shifts"]
    pixels = read_idx(images, count)
    truth = read_idx(labels, count)
    codes = input_codes(pixels, graph)

    def correct(sums):
        predicted = np.array([int(np.argmax(row)) for row in scores(sums, bias, multipliers, shifts)])
        return int((predicted == truth).sum())  # argmax takes the first of equal scores

    # term by term, so that memory stays small: running sums, their extremes, one register a width
    shape = (len(codes), len(weights))
    running = np.zeros(shape, np.int64)
    lowest, highest = running.copy(), running.copy()
    registers = {bits: running.copy() for bits in WIDTHS}
    for k in range(weights.shape[1]):
        terms = codes[:, k, None] * weights[None, :, k]
        running = running + terms
        lowest, highest = np.minimum(lowest, running), np.maximum(highest, running)
        for bits in WIDTHS:
            registers[bits] = np.clip(registers[bits] + terms, -(1 << bits - 1), (1 << bits - 1) - 1)

    print(f"# {os.path.basename(sys.argv[0])} (interop/pqs-fig2), NumPy {np.__version__}, Python {sys.version.split()[0]}; no code of Narrows")
    print(f"# network {os.path.basename(network)}, SHA-256 {sha256}")
    print(f"# first {len(codes)} images of {os.path.basename(images)}, uncompressed SHA-256 {hashlib.sha256(gzip.open(images, 'rb').read()).hexdigest()}")
    print(f"# exact registers: {correct(running)} correct")
    print("bits,clean,transient,persistent,clippedCorrect,transientsResolvedCorrect,clampCorrect")
    for bits in WIDTHS:
        low, high = -(1 << bits - 1), (1 << bits - 1) - 1
        persistent = (running < low) | (running > high)
        clean = (lowest >= low) & (highest <= high)
        transient = ~persistent & ~clean
        clipped = registers[bits]
        print(",".join(map(str, [
            bits, int(clean.sum()), int(transient.sum()), int(persistent.sum()),
            correct(clipped), correct(np.where(transient, running, clipped)),
            correct(np.clip(running, low, high))])))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
