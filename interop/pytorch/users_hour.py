"""A PyTorch user's hour: a network that is in no zoo, from its training to integers in ONNX Runtime.

    python -m venv venv && venv/bin/pip install torch==2.15.0 onnxscript onnx==1.22.0 onnxruntime==1.29.0
    venv/bin/python interop/pytorch/users_hour.py /tmp/hour

Writes own.npz, trains a network with a residual, a concat and a transposed convolution in PyTorch
and exports it. Then Narrows quantises it, trains it through sign-sum at 13 bits and through a
sorted register of 10, proves both and exports all three; ONNX Runtime predicts every test image
again. Last, PyTorch and Narrows make 50 steps from the same weights and batches. Exit 1 if a
prediction or a loss differs. docs/guide/pytorch.md says what it all means.
"""

import argparse
import csv
import gzip
import json
import pathlib
import platform
import shlex
import subprocess
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "data/src/main/resources/dev/narrows/data/fashion-small"
SEED, EPOCHS, BATCH = 1, 4, 100
STEPS, STEP_BATCH, RATE, MOMENTUM, DECAY = 50, 64, 0.002, 0.9, 5e-4

RECIPE = """\
model: net.onnx
data: {set: own.npz, validation: 1000}
seed: 1
threads: 2
batch: 100
"""

RECIPES = {
    "signsum": RECIPE
    + """\
quantization:
  weights: 5
  activations: 5
  constraint: {method: sign-sum, bits: 13}
phases:
  quantize: {epochs: 3, optimizer: adam, rate: 0.002}
""",
    "sorted": RECIPE
    + """\
quantization: {weights: 5, activations: 5}
phases:
  quantize: {epochs: 1, optimizer: adam, rate: 0.002}
  register: {accumulator: 'int10:saturate:sorted', epochs: 2, optimizer: adam, rate: 0.001}
""",
    "steps": f"""\
model: net.onnx
data: {{set: steps.npz, validation: 0}}
seed: {SEED}
threads: 2
batch: {STEP_BATCH}
quantization: float
phases:
  float: {{epochs: {STEPS}, rate: {RATE}, momentum: {MOMENTUM}, weightDecay: {DECAY}, schedule: constant}}
""",
}


def say(text):
    print(text, flush=True)


def pixels(name):
    return np.frombuffer(gzip.open(IMAGES / f"{name}-images-idx3-ubyte.gz").read(), np.uint8)[
        16:
    ].reshape(-1, 28, 28)


def labels(name):
    return np.frombuffer(gzip.open(IMAGES / f"{name}-labels-idx1-ubyte.gz").read(), np.uint8)[8:]


def network():
    import torch
    import torch.nn.functional as F
    from torch import nn

    def block(layer, channels):
        return nn.Sequential(layer, nn.BatchNorm2d(channels), nn.ReLU())

    class Ladder(nn.Module):
        """Down twice, a residual, up again, joined with what was there before."""

        def __init__(self):
            super().__init__()
            self.stem = block(nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False), 8)
            self.down = block(nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False), 16)
            self.same = nn.Sequential(
                nn.Conv2d(16, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
            )
            self.up = block(nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1, bias=False), 8)
            self.last = block(nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), 32)
            self.head = nn.Linear(32, 10)

        def forward(self, x):
            fine = self.stem(x)
            coarse = self.down(fine)
            coarse = F.relu(coarse + self.same(coarse))
            both = torch.cat([fine, self.up(coarse)], 1)
            return self.head(self.last(both).mean((2, 3)))

    torch.manual_seed(SEED)
    return Ladder()


def as_inputs(images):
    return images[:, None] / np.float32(255)


def export(net, file):
    """Batch norms stay nodes of their own: optimize=True would multiply them into the weights."""
    import torch

    example = torch.zeros(2, 1, 28, 28)
    torch.onnx.export(
        net.eval(),
        (example,),
        file,
        optimize=False,
        external_data=False,
        dynamic_shapes=({0: torch.export.Dim("n")},),
        verbose=False,
    )


def train_in_pytorch(net, data):
    import torch
    import torch.nn.functional as F

    x = torch.from_numpy(as_inputs(data["x_train"]))
    y = torch.from_numpy(data["y_train"].astype(np.int64))
    steps = len(x) // BATCH
    optimizer = torch.optim.SGD(net.parameters(), 0.1, MOMENTUM, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * steps)
    for _ in range(EPOCHS):
        net.train()
        order = torch.randperm(len(x))
        for step in range(steps):
            some = order[step * BATCH : (step + 1) * BATCH]
            optimizer.zero_grad()
            F.cross_entropy(net(x[some]), y[some]).backward()
            optimizer.step()
            schedule.step()
    net.eval()
    with torch.no_grad():
        scores = net(torch.from_numpy(as_inputs(data["x_test"])))
    return 100 * float((scores.argmax(1).numpy() == data["y_test"]).mean())


MASK = (1 << 64) - 1


def mixed(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def epoch_order(seed, epoch, count):
    """The order in which Narrows visits examples: EpochOrder and CounterRandom in the room data."""
    gamma = 0x9E3779B97F4A7C15
    key = mixed(seed + gamma & MASK)
    for part in (int.from_bytes(b"order", "big"), epoch):
        key = mixed((key ^ part) + gamma & MASK)
    order = []
    for i in range(count):
        place = mixed(key + (i + 1) * gamma & MASK) * (i + 1) >> 64
        order.append(order[place] if place < i else i)
        order[place] = i
    return order


def losses_in_pytorch(weights, data, layout):
    """One batch an epoch: the first examples of each epoch's order."""
    import torch
    import torch.nn.functional as F

    net = network()
    net.load_state_dict(weights)
    net.to(memory_format=layout)
    decayed, plain = [], []
    for module in net.modules():
        for name, parameter in module.named_parameters(recurse=False):
            weights = name == "weight" and not isinstance(module, torch.nn.BatchNorm2d)
            (decayed if weights else plain).append(parameter)
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0}],
        RATE,
        MOMENTUM,
    )
    net.train()
    found = []
    for step in range(STEPS):
        some = epoch_order(SEED, step, len(data["x_train"]))[:STEP_BATCH]
        x = torch.from_numpy(as_inputs(data["x_train"][some])).contiguous(memory_format=layout)
        y = torch.from_numpy(data["y_train"][some].astype(np.int64))
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


class Narrows:
    def __init__(self, command, folder):
        self.command = shlex.split(command)
        self.folder = folder

    def __call__(self, *arguments):
        say("$ narrows " + shlex.join(map(str, arguments)))
        began = time.time()
        done = subprocess.run(
            [*self.command, *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE, text=True
        )
        if done.returncode != 0:
            sys.exit("narrows ended with %d" % done.returncode)
        say("  (%.0f s)" % (time.time() - began))
        return done.stdout


def accuracies(folder, run):
    results = json.loads((folder / run / "results.json").read_text())
    floats = results.get("floatAccuracy")
    for row in results["results"]:
        say("  %s: %s %.2f %%" % (run, row["accumulator"], row["accuracy"]))
    return floats


def in_runtime(python, folder, run):
    """Predicts in another interpreter, which may have another ONNX Runtime than PyTorch's."""
    done = subprocess.run(
        [python, __file__, "--compare", run, folder], stdout=subprocess.PIPE, text=True
    )
    say(done.stdout.rstrip())
    return done.returncode == 0


def compare(folder, run):
    """Every score of ONNX Runtime beside those of `narrows run`; both take and give codes."""
    import onnxruntime

    data = np.load(folder / "own.npz")
    (own,) = (folder / f"{run}.outputs").glob("*.npy")
    mine = np.load(own).reshape(len(data["x_test"]), -1)
    same = True
    for form in ("exact", "qoperator"):
        session = onnxruntime.InferenceSession(folder / f"{run}.{form}.onnx")
        properties = session.get_modelmeta().custom_metadata_map
        scale = float(properties["narrows.input.scale"])
        zero = int(properties["narrows.input.zeroPoint"])
        codes = np.rint(as_inputs(data["x_test"]) / scale).clip(0, 255).astype(np.uint8) + zero
        (theirs,) = session.run(None, {session.get_inputs()[0].name: codes})
        theirs = theirs.reshape(mine.shape)
        classes = int((theirs.argmax(1) != mine.argmax(1)).sum())
        say(
            "  %s, onnxruntime %s, %s: %d of %d scores differ, %d of %d predictions; accuracy %.2f %%"
            % (
                run,
                onnxruntime.__version__,
                form,
                (theirs != mine).sum(),
                mine.size,
                classes,
                len(mine),
                100 * (theirs.argmax(1) == data["y_test"]).mean(),
            )
        )
        same &= classes == 0 and (form != "exact" or np.array_equal(theirs, mine))
    return same


def hour(folder, narrows, python):
    import torch

    torch.set_num_threads(2)
    began = time.time()
    say("torch %s, Python %s" % (torch.__version__, platform.python_version()))
    data = {
        "x_train": pixels("train"),
        "y_train": labels("train"),
        "x_test": pixels("t10k"),
        "y_test": labels("t10k"),
    }
    np.savez(folder / "own.npz", **data)
    net = network()
    say("in PyTorch: %.2f %% after %d epochs" % (train_in_pytorch(net, data), EPOCHS))
    export(net, folder / "net.onnx")
    for name, text in RECIPES.items():
        (folder / f"{name}.yaml").write_text(text)

    narrows("quantize", "net.onnx", "--data", "own.npz", "--out", "quantized")
    say("  float: %.2f %%" % accuracies(folder, "quantized"))
    for run in ("signsum", "sorted"):
        narrows("train", f"{run}.yaml", "--out", run)
        accuracies(folder, run)
    narrows("certify", "signsum", "--bits", 13)
    narrows("certify", "sorted", "--bits", 10, "--guarantee", "terms")

    same = True
    for run in ("quantized", "signsum", "sorted"):
        narrows("run", run, "--input", "own.npz", "--preprocess", "unit", "--out", f"{run}.outputs")
        for form, more in (("exact", ["--exact"]), ("qoperator", [])):
            narrows("export", run, "--to", "onnx-qoperator", *more, "--out", f"{run}.{form}.onnx")
        same &= in_runtime(python, folder, run)

    most = fifty_steps(folder, narrows, data, net.state_dict())
    say("%.0f s in all" % (time.time() - began))
    return same and most <= 1e-4


def fifty_steps(folder, narrows, data, weights):
    """The largest difference of a loss. PyTorch rounds otherwise in each of its two layouts."""
    import torch

    count = 2 * STEP_BATCH - 1  # one full batch an epoch, another one each time
    every = len(data["x_train"]) // count
    few = {key: data[key][::every][:count] for key in ("x_train", "y_train")}
    np.savez(folder / "steps.npz", **few, x_test=data["x_test"], y_test=data["y_test"])
    narrows("train", "steps.yaml", "--out", "steps")
    with open(folder / "steps" / "metrics.csv") as metrics:
        mine = [float(row["loss"]) for row in csv.DictReader(metrics)]
    most = 0.0
    for name in ("contiguous_format", "channels_last"):
        theirs = losses_in_pytorch(weights, few, getattr(torch, name))
        apart = max(abs(a - b) for a, b in zip(mine, theirs, strict=True))
        say(
            "  %d losses, %.4f to %.4f; those of PyTorch, torch.%s, differ by %.1e at most"
            % (len(mine), mine[0], mine[-1], name, apart)
        )
        most = max(most, apart)
    return most


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default=str(ROOT / "narrows"), help="the command")
    parser.add_argument("--runtime", default=sys.executable, help="a Python with ONNX Runtime")
    parser.add_argument("--compare", metavar="RUN", help="only compare the exports of a run")
    parser.add_argument("folder", type=pathlib.Path, help="a new one")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    if arguments.compare:
        sys.exit(0 if compare(folder, arguments.compare) else 1)
    folder.mkdir(parents=True)
    sys.exit(0 if hour(folder, Narrows(arguments.narrows, folder), arguments.runtime) else 1)


if __name__ == "__main__":
    main()
