"""A plain PyTorch loop whose sums run in a narrow register: trained, certified, written, checked.

    python -m venv venv && venv/bin/pip install torch==2.15.0 onnxscript onnx==1.22.0
    PYTHONPATH=python NARROWS_HOME=. venv/bin/python interop/pytorch/plain_loop.py /tmp/plain

With the wheel installed neither variable is needed. A network with a residual is trained on 10,000
small pictures of clothes, first as it is, then as 5-bit integers, once so that no input can
overflow 13 bits and once through a sorted register of 10 bits. Each is written as ONNX; Narrows
proves the file again, and evaluates it in its register. Exit 1 if a proof fails or an accuracy
differs from PyTorch's by more than a tenth of a point. docs/guide/pytorch.md shows the loop.
"""

import argparse
import copy
import gzip
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import narrows
from narrows import torch as narrow

IMAGES = (
    pathlib.Path(__file__).resolve().parents[2]
    / "data/src/main/resources/dev/narrows/data/fashion-small"
)
BATCH = 100


def part(name):
    images = np.frombuffer(gzip.open(IMAGES / f"{name}-images-idx3-ubyte.gz").read(), np.uint8)
    labels = np.frombuffer(gzip.open(IMAGES / f"{name}-labels-idx1-ubyte.gz").read(), np.uint8)
    pixels = images[16:].reshape(-1, 1, 28, 28) / np.float32(255)
    return torch.from_numpy(pixels), torch.from_numpy(labels[8:].astype(np.int64))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16))
        self.same = nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16))
        self.down = nn.Sequential(nn.Conv2d(16, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32))
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        x = F.relu(x + self.same(x))
        return self.head(F.relu(self.down(x)).mean((2, 3)))


def train(model, images, labels, epochs, rate):
    optimizer = torch.optim.Adam(model.parameters(), rate)
    model.train()
    for _ in range(epochs):
        for some in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            F.cross_entropy(model(images[some]), labels[some]).backward()
            optimizer.step()


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        return 100 * float((model(images).argmax(1) == labels).float().mean())


def checked(model, register, bits, images, labels, file):
    """Certifies a trained model, writes it, and has Narrows look at the file again."""
    own = accuracy(model, images, labels)
    certificate = narrow.certify(model, bits)
    print(f"  in {register}: {own:.2f} %")
    for layer in certificate["layers"]:
        print(f"  {layer['name']}: {layer['bits']} bits")
    narrow.export(model, images[:2], file)
    again = narrows.certify(file, bits)
    data = (images.numpy(), labels.numpy())
    theirs = narrows.evaluate(file, data, register, layout="nchw")["results"][0]["accuracy"]
    print(f"  {file.name}: {theirs:.2f} % by Narrows; {bits} bits proved: {again.holds}")
    return again.holds == certificate["holds"] and abs(own - theirs) <= 0.1, again.holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="for the files of ONNX")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    began = time.time()
    images, labels = part("train")
    test = part("t10k")
    model = Network()
    train(model, images, labels, 4, 0.01)
    print(f"torch {torch.__version__}, narrows {narrows.version()}")
    print(f"as it is: {accuracy(model, *test):.2f} %")

    print("sign-sum, 13 bits")
    safe = narrow.quantize(copy.deepcopy(model), weight_bits=5, activation_bits=5)
    narrow.constrain(safe, "sign-sum", bits=13)
    train(safe, images, labels, 3, 0.002)
    same, holds = checked(safe, "int13:saturate", 13, *test, folder / "signsum.onnx")

    print("through a sorted register, 10 bits")
    through = narrow.quantize(copy.deepcopy(model), weight_bits=5, activation_bits=5)
    narrow.register(through, "int10:saturate:sorted")
    train(through, images, labels, 3, 0.002)
    also, _ = checked(through, "int10:saturate:sorted", 10, *test, folder / "sorted.onnx")
    print(f"{time.time() - began:.0f} s in all")
    sys.exit(0 if same and also and holds else 1)


if __name__ == "__main__":
    main()
