"""Layers of PyTorch in registers; their gradients are those of ``narrows train``.

Skipped where torch is not installed; release/check-torch.sh installs it and runs this file.
"""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import narrows  # noqa: E402
from narrows import torch as narrow  # noqa: E402

GOLDEN = Path(__file__).parent / "golden"


def _lines(name):
    lines = (GOLDEN / name).read_text().splitlines()
    return pytest.mark.parametrize("line", lines, ids=lambda line: line[:40])


def _case(line):
    head, *arrays = line.split(";")
    register, gradient, kernel, stride, padding, groups, x, w, _ = head.split()[:9]
    shapes = [tuple(map(int, each.split("x"))) for each in (x, w)]
    return register, gradient, (int(kernel), int(stride), int(padding), int(groups)), shapes, arrays


def _tensor(text, shape):
    """From the order of memory, which is channels last, to torch's."""
    values = np.array(text.split(), np.float32)
    if len(shape) == 4:
        n, c, h, w = shape
        values = values.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(values.reshape(shape)))


def _layer(line):
    """The layer of a line, and its inputs."""
    register, gradient, (kernel, stride, padding, groups), (x_shape, w_shape), arrays = _case(line)
    options = {"register": register, "gradient": gradient, "epsilon": 0.1, "bias": False}
    if kernel:
        layer = narrow.Conv2d(
            x_shape[1], w_shape[0], kernel, stride=stride, padding=padding, groups=groups, **options
        )
    else:
        layer = narrow.Linear(w_shape[1], w_shape[0], **options)
    layer.weight.data = _tensor(arrays[1], w_shape)
    return layer, _tensor(arrays[0], x_shape).requires_grad_()


def _compare(layer, x, line):
    *_, (x_shape, w_shape), arrays = _case(line)
    result = layer(x)
    result.backward(_tensor(arrays[2], tuple(result.shape)))
    assert torch.equal(result, _tensor(arrays[3], tuple(result.shape)))
    assert torch.equal(x.grad, _tensor(arrays[4], x_shape))
    assert torch.equal(layer.weight.grad, _tensor(arrays[5], w_shape))


@_lines("layers.txt")
def test_layers_sum_and_pass_gradients_as_in_training(line):
    _compare(*_layer(line), line)


@_lines("quantized.txt")
def test_quantized_layers_sum_and_pass_gradients_as_in_training(line):
    layer, x = _layer(line)
    weight_bits, activation_bits, signed = line.split(";")[0].split()[9:]
    layer._quantize(int(weight_bits), int(activation_bits), signed == "true")
    *_, scale, scales, of_scale, of_scales = (
        torch.tensor([float(each) for each in text.split()]) for text in line.split(";")[1:]
    )
    layer.observed.fill_(True)
    layer.input_log2_scale.data.copy_(scale[0])
    layer.weight_log2_scale.data.copy_(scales)
    _compare(layer, x, line)
    assert torch.allclose(layer.input_log2_scale.grad, of_scale[0], rtol=1e-5)
    assert torch.allclose(layer.weight_log2_scale.grad, of_scales, rtol=1e-5, atol=1e-5)


def test_matmul_in_a_wide_register_is_torchs():
    random = torch.Generator().manual_seed(3)
    x = torch.randint(-8, 9, (2, 5, 12), generator=random).float().requires_grad_()
    w = torch.randint(-8, 9, (7, 12), generator=random).float().requires_grad_()
    result = narrow.matmul(x, w, "int24:saturate")
    result.sum().backward()
    other_x, other_w = x.detach().clone().requires_grad_(), w.detach().clone().requires_grad_()
    expected = other_x @ other_w.T
    expected.sum().backward()
    assert torch.equal(result, expected)
    assert torch.equal(x.grad, other_x.grad) and torch.equal(w.grad, other_w.grad)


def _images():
    random = torch.Generator().manual_seed(11)
    classes = torch.randint(0, 4, (256,), generator=random)
    images = torch.rand((256, 1, 8, 8), generator=random) * 0.4
    for i, label in enumerate(classes):
        images[i, 0, 2 * (label // 2) * 2 : 2 * (label // 2) * 2 + 4, 4 * (label % 2) :][:, :4] += 0.6
    return images, classes


@pytest.mark.parametrize("constraint", [None, "sign-sum", "a2q+"])
def test_a_plain_loop_trains_in_a_register_and_is_certified(constraint):
    torch.manual_seed(1)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 3, padding=1, stride=2),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(96, 4),
    )
    model = narrow.quantize(model, weight_bits=4, activation_bits=4)
    narrow.register(model, "int11:saturate:sorted")
    if constraint:
        narrow.constrain(model, constraint, bits=11)
    images, classes = _images()
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    losses = []
    for _ in range(25):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), classes)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]
    certificate = narrow.certify(model)
    assert [each["name"] for each in certificate["layers"]] == ["0", "3"]
    if constraint:
        assert certificate["holds"] and all(each["bits"] <= 11 for each in certificate["layers"])


def test_what_cannot_be_is_told():
    with pytest.raises(narrows.NarrowsError, match="no narrows.torch layers"):
        narrow.certify(torch.nn.ReLU())
    with pytest.raises(narrows.NarrowsError, match="masks are for floating-point registers"):
        narrow.matmul(torch.ones(1, 2), torch.ones(1, 2), "int8:wrap", gradient="immediate/of")
    with pytest.raises(narrows.NarrowsError, match="whole numbers"):
        narrow.matmul(torch.full((1, 2), 0.5), torch.ones(1, 2), "int8:wrap")


def test_sums_that_a_theorem_gives_are_those_of_the_kernels():
    """Exact sums and clamps by libtorch, the rest by our kernels: one result, one gradient."""
    random = torch.Generator().manual_seed(5)
    x = torch.randint(0, 16, (40, 30), generator=random).float()
    w = torch.randint(-7, 8, (6, 30), generator=random).float()
    for register in ("int16:wrap", "int10:saturate:sorted", "int9:saturate:sorted", "exact"):
        expected = narrows.dot(w.numpy().astype(int), x.numpy().astype(int), register)
        inputs = x.clone().requires_grad_()
        result = narrow.matmul(inputs, w, register)
        assert (result.detach().numpy() == expected).all()
        result.sum().backward()
        passes = torch.from_numpy(expected == narrows.dot(w.numpy(), x.numpy(), "exact"))
        assert torch.equal(inputs.grad, passes.float() @ w)


def test_sums_beyond_what_floats_hold_go_through_the_kernels():
    x = torch.full((1, 300), 255.0)
    w = torch.full((1, 300), 255.0)
    w[0, 0] = 254.0
    assert narrow.matmul(x, w, "int24:saturate").item() == (1 << 23) - 1
    assert narrow.matmul(x, w, "int26:wrap").item() == np.float32(300 * 255 * 255 - 255)


@pytest.mark.parametrize(("low", "high"), [(0, 15), (-8, 7)])
def test_codes_pass_gradients_inside_their_range_as_in_training(low, high):
    steps = torch.tensor([low - 0.6, low - 0.4, low, low + 0.1, 1.5, high, high + 0.4, high + 9])
    x = (steps / 4).requires_grad_()  # a power of two, so that limits are met exactly
    codes = narrow._Round.apply(x, torch.tensor(-2.0), low, high)
    assert torch.equal(codes, steps.round().clamp(low, high))
    codes.backward(torch.full_like(x, 3.0))
    inside = (steps >= low) & (steps <= high)
    assert torch.equal(x.grad, torch.where(inside, 12.0, 0.0))


@pytest.mark.parametrize("signed", [False, True])
def test_a_written_file_proves_and_computes_the_same(signed, tmp_path):
    pytest.importorskip("onnxscript")
    torch.manual_seed(2)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(2, 6, 3, padding=1, stride=2),
        torch.nn.ReLU() if not signed else torch.nn.Tanh(),
        torch.nn.Flatten(),
        torch.nn.Linear(96, 4),
    )
    model = narrow.quantize(model, weight_bits=5, activation_bits=4, signed=signed)
    images = torch.rand((64, 2, 8, 8)) - (0.5 if signed else 0)
    model(images)
    model.eval()
    bits = max(layer["bits"] for layer in narrow.certify(model)["layers"])
    file = tmp_path / "model.onnx"
    narrow.export(model, images[:1], file)
    assert narrows.certify(file, bits).holds and not narrows.certify(file, bits - 1).holds
    with torch.no_grad():
        labels = model(images).argmax(1).numpy()
    result = narrows.evaluate(file, (images.numpy(), labels), "exact", layout="nchw")
    assert result["results"][0]["accuracy"] >= 98  # one of 64 may lie on an edge of binary32


def test_what_cannot_be_written_is_told(tmp_path):
    model = narrow.quantize(torch.nn.Linear(3, 2))
    with pytest.raises(narrows.NarrowsError, match="needs a batch in training mode"):
        narrow.export(model, torch.ones(1, 3), tmp_path / "model.onnx")
