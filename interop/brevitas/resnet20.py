"""ResNet-20 of the shared float weights, batch norms folded, and CIFAR-10, for axe.py."""

import json
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F

WEIGHTS = "models/resnet-cifar10/resnet20-12fca82f.safetensors"
MEAN, DEVIATION, EPSILON = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), 1e-5
BATCH = 64


def safetensors(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            found[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return found


def layers(folder):
    """(name, weights, bias, stride) of the nineteen convolutions, and the classifier last."""
    file = safetensors(pathlib.Path(folder) / WEIGHTS)
    pairs = [("conv1", "bn1")]
    for stage in (1, 2, 3):
        for block in range(3):
            for half in (1, 2):
                prefix = f"layer{stage}.{block}."
                pairs.append((f"{prefix}conv{half}", f"{prefix}bn{half}"))
    found = []
    for conv, norm in pairs:
        gain, shift, mean, variance = (
            file[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gain / np.sqrt(variance + EPSILON)
        weights = file[f"{conv}.weight"].astype(np.float64) * factor[:, None, None, None]
        stride = 2 if conv in ("layer2.0.conv1", "layer3.0.conv1") else 1
        found.append((conv, tensor(weights), tensor(shift - mean * factor), stride))
    classifier = (tensor(file[f"linear.{part}"]) for part in ("weight", "bias"))
    return found + [("linear", *classifier, 1)]


def tensor(array):
    return torch.tensor(np.asarray(array, np.float32))


def images(folder, batch, count):
    """The first `count` images of an original CIFAR-10 batch, normalised, and their classes."""
    records = np.fromfile(pathlib.Path(folder) / f"{batch}.bin", np.uint8).reshape(-1, 3073)[:count]
    pixels = records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255
    mean, deviation = (np.array(v, np.float32)[:, None, None] for v in (MEAN, DEVIATION))
    return torch.tensor((pixels - mean) / deviation), torch.tensor(records[:, 0].astype(np.int64))


def walk(x, names, apply):
    """The network's shape: `apply(name, x)` is a convolution or the classifier, bias included."""
    x = F.relu(apply("conv1", x))
    for first, second in zip(names[1:-1:2], names[2:-1:2]):
        y = apply(second, F.relu(apply(first, x)))
        added = y.shape[1] - x.shape[1]
        if added:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, added // 2, added // 2))
        x = F.relu(x + y)
    return apply("linear", x.mean((2, 3)))


def product(x, weights, bias, stride):
    if weights.ndim == 2:
        return F.linear(x, weights, bias)
    return F.conv2d(x, weights, bias, stride, 1)


def batches(x):
    return x.split(BATCH)


def in_batches(x, function):
    return torch.cat([function(part) for part in batches(x)])
