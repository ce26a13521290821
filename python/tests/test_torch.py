"""Layers of PyTorch in registers; their gradients are those of ``narrows train``.

Skipped where torch is not installed; release/check-torch.sh installs it and runs this file.
"""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import narrows  # noqa: E402
from narrows import torch as narrow  # noqa: E402

GOLDEN = Path(__file__).parent / "golden" / "layers.txt"


def _case(line):
    head, *arrays = line.split(";")
    register, gradient, kernel, stride, padding, groups, x, w, _ = head.split()
    shapes = [tuple(map(int, each.split("x"))) for each in (x, w)]
    return register, gradient, (int(kernel), int(stride), int(padding), int(groups)), shapes, arrays


def _tensor(text, shape):
    """From the order of memory, which is channels last, to torch's."""
    values = np.array(text.split(), np.float32)
    if len(shape) == 4:
        n, c, h, w = shape
        values = values.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(values.reshape(shape)))


@pytest.mark.parametrize("line", GOLDEN.read_text().splitlines(), ids=lambda line: line[:40])
def test_layers_sum_and_pass_gradients_as_in_training(line):
    register, gradient, (kernel, stride, padding, groups), (x_shape, w_shape), arrays = _case(line)
    options = {"register": register, "gradient": gradient, "epsilon": 0.1, "bias": False}
    if kernel:
        layer = narrow.Conv2d(
            x_shape[1], w_shape[0], kernel, stride=stride, padding=padding, groups=groups, **options
        )
    else:
        layer = narrow.Linear(w_shape[1], w_shape[0], **options)
    x = _tensor(arrays[0], x_shape).requires_grad_()
    layer.weight.data = _tensor(arrays[1], w_shape)
    result = layer(x)
    result.backward(_tensor(arrays[2], tuple(result.shape)))
    assert torch.equal(result, _tensor(arrays[3], tuple(result.shape)))
    assert torch.equal(x.grad, _tensor(arrays[4], x_shape))
    assert torch.equal(layer.weight.grad, _tensor(arrays[5], w_shape))


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
    model = narrow.quantize(model, weight_bits=6, activation_bits=6)
    narrow.register(model, "int12:saturate:sorted")
    if constraint:
        narrow.constrain(model, constraint, bits=12)
    images, classes = _images()
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    losses = []
    for _ in range(25):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), classes)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    certificate = narrow.certify(model)
    assert [each["name"] for each in certificate["layers"]] == ["0", "3"]
    if constraint:
        assert certificate["holds"] and all(each["bits"] <= 12 for each in certificate["layers"])


def test_what_cannot_be_is_told():
    with pytest.raises(narrows.NarrowsError, match="no narrows.torch layers"):
        narrow.certify(torch.nn.ReLU())
    with pytest.raises(narrows.NarrowsError, match="masks are for floating-point registers"):
        narrow.matmul(torch.ones(1, 2), torch.ones(1, 2), "int8:wrap", gradient="immediate/of")
    with pytest.raises(narrows.NarrowsError, match="whole numbers"):
        narrow.matmul(torch.full((1, 2), 0.5), torch.ones(1, 2), "int8:wrap")
