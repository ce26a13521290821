"""Float networks of PyTorch as ONNX, what ONNX Runtime makes of them, and how PyTorch trains one.

    python -m venv venv && venv/bin/pip install torch==2.15.0 onnxscript onnx==1.22.0 onnxruntime==1.29.0
    venv/bin/python interop/pytorch/imported_models.py training/src/test/resources/imported

Writes a file <name>.onnx a network, its outputs <name>.csv on the inputs that numbers() makes, one
line an input, and losses.csv: 50 steps of stochastic gradient descent from the weights in
branches.onnx, in PyTorch. `ImportedModelTest` makes the same inputs again.
"""

import datetime
import pathlib
import platform
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import nn

INPUTS = 5
STEPS, BATCH, RATE, MOMENTUM, DECAY = 50, 16, 0.01, 0.9, 5e-4


class Branches(nn.Module):
    """Batch norms behind convolutions, a residual, a concat and a transposed convolution."""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 8, (3, 5), stride=(2, 1), padding=(1, 2), bias=False)
        self.b1 = nn.BatchNorm2d(8)
        self.c2 = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=4)
        self.b2 = nn.BatchNorm2d(8, eps=1e-3)
        self.up = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1)
        self.slopes = nn.PReLU(8)
        self.free = nn.BatchNorm2d(8)
        self.norm = nn.LayerNorm(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        a = F.relu(self.b1(self.c1(x)))
        b = F.relu6(self.b2(self.c2(a)))
        y = F.max_pool2d(torch.cat([a + b, b], 1), 2)
        y = self.free(F.silu(self.slopes(self.up(y))))
        y = F.avg_pool2d(y, 3, 2, 1)
        y = F.hardswish(y) * torch.sigmoid(y)
        return self.fc(F.gelu(self.norm(y.mean((2, 3)))))


class Sequence(nn.Module):
    """One dimension, groups, dilation, output padding."""

    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(2, 8, 5, stride=2, padding=2)
        self.b = nn.BatchNorm1d(8)
        self.d = nn.Conv1d(8, 8, 3, padding=4, dilation=4, groups=8)
        self.t = nn.ConvTranspose1d(8, 6, 4, stride=3, padding=1, output_padding=2, groups=2)
        self.f = nn.Linear(6, 5)

    def forward(self, x):
        x = F.leaky_relu(self.b(self.c(x)), 0.1)
        x = F.elu(self.t(torch.tanh(self.d(x))))
        return self.f(F.adaptive_avg_pool1d(x, 1).flatten(1))


class SuperResolution(nn.Module):
    """Depth to space, resizes, an image as output."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 8, 5, padding=2)
        self.b = nn.Conv2d(8, 9, 3, padding=1)
        self.u = nn.Conv2d(1, 4, 3, padding=1)
        self.o = nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, x):
        y = F.pixel_shuffle(self.b(torch.tanh(self.a(x))), 3)
        z = self.o(F.interpolate(self.u(x), scale_factor=3, mode="nearest"))
        w = F.interpolate(x, scale_factor=3, mode="bilinear", align_corners=False)
        return y + z + w


class Squeeze(nn.Module):
    """Squeeze and excitation, slices, padding, the largest of an image, batch norm of vectors."""

    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.BatchNorm2d(8, eps=1e-3)
        self.r = nn.Conv2d(8, 4, 1)
        self.e = nn.Conv2d(4, 8, 1)
        self.v = nn.Linear(8, 8)
        self.bv = nn.BatchNorm1d(8)
        self.h = nn.Linear(8, 4)

    def forward(self, x):
        x = F.silu(self.b(self.c(x)))
        x = x * torch.sigmoid(self.e(F.relu(self.r(x.mean((2, 3), keepdim=True)))))
        a, b = x.chunk(2, 1)
        x = F.pad(torch.cat([b, a], 1)[:, :, 1:, ::2], (1, 0, 2, 1))
        x = F.max_pool2d(x, 3, 2, 1).amax((2, 3))
        return self.h(F.relu(self.bv(self.v(x))))


class Attention(nn.Module):
    """Patches, group norm, attention of four heads, layer norm."""

    def __init__(self):
        super().__init__()
        self.p = nn.Conv2d(3, 16, 4, stride=4)
        self.g = nn.GroupNorm(4, 16)
        self.places = nn.Parameter(torch.randn(1, 16, 16) * 0.1)
        self.q = nn.Linear(16, 48)
        self.o = nn.Linear(16, 16)
        self.n = nn.LayerNorm(16)
        self.h = nn.Linear(16, 7)

    def forward(self, x):
        x = self.g(self.p(x)).flatten(2).transpose(1, 2) + self.places
        n, t, d = x.shape
        q, k, v = self.q(x).reshape(n, t, 3, 4, 4).permute(2, 0, 3, 1, 4).unbind(0)
        a = (q @ k.transpose(-2, -1) * 0.5).softmax(-1)
        x = x + self.o((a @ v).transpose(1, 2).reshape(n, t, d))
        return self.h(self.n(x).mean(1))


class Hourglass(nn.Module):
    """What a recipe's phases are tried on: a residual, a concat and a transposed convolution."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False)
        self.na = nn.BatchNorm2d(8)
        self.b = nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False)
        self.nb = nn.BatchNorm2d(16)
        self.c = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.nc = nn.BatchNorm2d(16)
        self.up = nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1, bias=False)
        self.nu = nn.BatchNorm2d(8)
        self.d = nn.Conv2d(16, 16, 3, stride=2, padding=1, bias=False)
        self.nd = nn.BatchNorm2d(16)
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        a = F.relu6(self.na(self.a(x)))
        b = F.relu(self.nb(self.b(a)))
        b = F.relu(b + self.nc(self.c(b)))
        y = torch.cat([a, F.relu(self.nu(self.up(b)))], 1)
        return self.head(F.relu(self.nd(self.d(y))).mean((2, 3)))


NETWORKS = {
    "hourglass": (Hourglass, (1, 12, 12)),
    "branches": (Branches, (3, 16, 16)),
    "sequence": (Sequence, (2, 40)),
    "super-resolution": (SuperResolution, (1, 8, 10)),
    "squeeze": (Squeeze, (3, 9, 9)),
    "attention": (Attention, (3, 16, 16)),
}


def numbers(count, start):
    """Multiples of 1/128 in [-1, 1), exact in binary32."""
    i = np.arange(start, start + count, dtype=np.int64)
    return ((i * 7919 + i // 13 * 101) % 257 % 256 / 128 - 1).astype(np.float32)


def batch(index, count, shape):
    size = int(np.prod(shape))
    return torch.from_numpy(numbers(count * size, index * count * size).reshape(count, *shape))


def trained_somewhat(network, shape):
    """Statistics and norms that are not those of a new network."""
    network.train()
    with torch.no_grad():
        for i in range(3):
            network(batch(i, 8, shape))
        for module in network.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.5, 0.5)
    return network


def plain(file):
    """The file with its batch norms in evaluation."""
    model = onnx.load(file)
    for node in model.graph.node:
        if node.op_type == "BatchNormalization":
            kept = [a for a in node.attribute if a.name != "training_mode"]
            del node.attribute[:]
            node.attribute.extend(kept)
            del node.output[1:]
    return model.SerializeToString()


def head():
    return "torch %s, onnxruntime %s, Python %s, %s; interop/pytorch/imported_models.py" % (
        torch.__version__,
        onnxruntime.__version__,
        platform.python_version(),
        datetime.date.today(),
    )


def export(network, shape, file):
    torch.onnx.export(
        network.train(),
        (batch(0, 2, shape),),
        file,
        dynamo=False,
        opset_version=17,
        training=torch.onnx.TrainingMode.TRAINING,
        do_constant_folding=False,
        input_names=["x"],
        output_names=["y"],
        dynamic_axes={"x": {0: "n"}},
    )


def outputs(file, shape):
    session = onnxruntime.InferenceSession(plain(file))
    rows = [session.run(None, {"x": batch(i, 1, shape).numpy()})[0] for i in range(INPUTS)]
    return np.concatenate([row.reshape(1, -1) for row in rows])


def losses(network, shape):
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), RATE, MOMENTUM)
    decayed = [m.weight for m in network.modules() if isinstance(m, (nn.modules.conv._ConvNd, nn.Linear))]
    found = []
    for step in range(STEPS):
        labels = torch.arange(step * BATCH, (step + 1) * BATCH) * 31 % 10
        optimizer.zero_grad()
        loss = F.cross_entropy(network(batch(step, BATCH, shape)), labels)
        loss.backward()
        for weight in decayed:
            weight.grad.add_(weight.detach(), alpha=DECAY)
        optimizer.step()
        found.append(loss.item())
    return found


def hand_made(folder):
    """Files that cannot be trained."""

    def save(name, nodes, weights, images=1, more=()):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [images, 3, 4, 4])
        y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
        graph = helper.make_graph(nodes, name, [x, *more], [y], weights)
        opsets = [helper.make_opsetid("", 17)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), folder / f"{name}.onnx")

    kernel = numpy_helper.from_array(np.full((3, 3, 1, 1), 0.5, np.float32), "kernel")
    save(
        "untrainable",
        [
            helper.make_node("Conv", ["x", "kernel"], ["a"], name="first"),
            helper.make_node("Floor", ["a"], ["b"], name="floor"),
            helper.make_node("Round", ["b"], ["c"], name="round"),
            helper.make_node("Relu", ["c"], ["y"], name="last"),
        ],
        [kernel],
    )
    save(
        "unread",
        [
            helper.make_node("Conv", ["x", "kernel"], ["a"], name="first"),
            helper.make_node("NonZero", ["a"], ["b"], name="places"),
            helper.make_node("Cast", ["b"], ["y"], name="last", to=TensorProto.FLOAT),
        ],
        [kernel],
    )
    save(
        "shared",
        [
            helper.make_node("Conv", ["x", "kernel"], ["a"], name="first"),
            helper.make_node("Conv", ["a", "kernel"], ["y"], name="second"),
        ],
        [kernel],
    )
    given = helper.make_tensor_value_info("kernel", TensorProto.FLOAT, [3, 3, 1, 1])
    save("missing", [helper.make_node("Conv", ["x", "kernel"], ["y"], name="first")], [], more=[given])
    save("batch", [helper.make_node("Conv", ["x", "kernel"], ["y"], name="first")], [kernel], 2)


def external(folder):
    """PyTorch's usual export: batch norms are folded, constants lie in a file of their own."""
    torch.manual_seed(1)
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.ConvTranspose2d(4, 4, 2, stride=2),
        nn.Flatten(),
        nn.Linear(4 * 26 * 26, 10),
    )
    torch.onnx.export(network.eval(), (torch.zeros(1, 1, 28, 28),), str(folder / "external.onnx"))


def main(folder):
    warnings.filterwarnings("ignore")
    for name, (kind, shape) in NETWORKS.items():
        torch.manual_seed(len(name))
        network = trained_somewhat(kind(), shape)
        file = folder / f"{name}.onnx"
        export(network, shape, str(file))
        with open(folder / f"{name}.csv", "w") as out:
            print("#", head(), file=out)
            for row in outputs(file, shape):
                print(",".join("%.9g" % v for v in row), file=out)
        if name == "branches":
            with open(folder / "losses.csv", "w") as out:
                print("#", head(), file=out)
                for loss in losses(network, shape):
                    print("%.9g" % loss, file=out)
    hand_made(folder)
    external(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
