"""Layers of PyTorch whose sums run in a register.

Forward, every dot product is summed by Narrows' own kernels, on the tensors' memory, as the same
layer sums on the hardware; backward, gradients pass where the register's arithmetic lets them, as
in ``narrows train``. Three lines change a training loop::

    from narrows import torch as narrow

    model = narrow.quantize(model, weight_bits=4, activation_bits=4)
    narrow.register(model, "int10:saturate:sorted")   # or narrow.constrain(model, "sign-sum", bits=14)

and after it ``narrow.certify(model)`` says which layers no input can overflow.
"""

from __future__ import annotations

from typing import Any, Literal, Union

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from . import _known, bounds
from ._arrays import Exchange
from ._errors import NarrowsError
from ._worker import WORKER

__all__ = ["Conv2d", "Linear", "certify", "constrain", "matmul", "quantize", "register"]

Method = Literal["a2q", "a2q+", "sign-sum"]

def _numpy(tensor: Tensor) -> np.ndarray[Any, Any]:
    if tensor.device.type != "cpu":
        raise NarrowsError(f"registers are simulated on the processor, got a tensor on {tensor.device}")
    return tensor.detach().contiguous().numpy()


def _simulate(x: Tensor, w: Tensor, text: str, groups: int) -> Tensor:
    """Every dot product in the register: x [n][K] or [blocks][groups · K][columns], w [C][K]."""
    shape = (x.shape[0], w.shape[0], *x.shape[2:])
    with Exchange() as exchange:
        out, result = exchange.make(shape, np.float32)
        WORKER.call(
            "dot",
            register=text,
            weights=exchange.give(_numpy(w), "weights"),
            inputs=exchange.give(_numpy(x), "inputs"),
            out=out,
            groups=groups,
        )
        return torch.from_numpy(result)


class _Equal(torch.autograd.Function):
    """A register's result, with the gradient of the exact sum where the two are equal."""

    @staticmethod
    def forward(ctx: Any, exact: Tensor, result: Tensor) -> Tensor:
        ctx.save_for_backward(result.eq(exact))
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        (passes,) = ctx.saved_tensors
        return gradient * passes.to(gradient.dtype), None


class _Through(torch.autograd.Function):
    """A register's result, with the gradient of the exact sum."""

    @staticmethod
    def forward(ctx: Any, exact: Tensor, result: Tensor) -> Tensor:
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return gradient, None


class _Masked(torch.autograd.Function):
    """A floating-point register's result, with gradients of the products that its masks pass."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, x: Tensor, w: Tensor, text: str, masks: str, epsilon: float | None, groups: int
    ) -> Tensor:
        ctx.save_for_backward(x, w)
        ctx.asked = (text, masks, epsilon, groups)
        return _simulate(x, w, text, groups)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        x, w = ctx.saved_tensors
        text, masks, epsilon, groups = ctx.asked
        more = {} if epsilon is None else {"epsilon": epsilon}
        with Exchange() as exchange:
            to_w, of_w = exchange.make(tuple(w.shape), np.float32)
            to_x, of_x = exchange.make(tuple(x.shape), np.float32)
            WORKER.call(
                "gradients",
                register=text,
                masks=masks,
                groups=groups,
                weights=exchange.give(_numpy(w), "weights"),
                inputs=exchange.give(_numpy(x), "inputs"),
                upstream=exchange.give(_numpy(gradient), "upstream"),
                weightGradients=to_w,
                inputGradients=to_x,
                **more,
            )
            return torch.from_numpy(of_x), torch.from_numpy(of_w), None, None, None, None


def _in_register(
    x: Tensor,
    w: Tensor,
    exact: Any,
    text: str,
    gradient: str,
    epsilon: float | None,
    groups: int = 1,
) -> Tensor:
    """Sums x and w in a register; ``exact`` makes libtorch's own sums of them where needed."""
    known = _known(text)
    if not known["takesFloats"]:
        if gradient != "identity":
            raise NarrowsError(
                f'gradient "{gradient}": masks are for floating-point registers; a register of '
                "integers passes gradients where its result is the exact sum"
            )
        sums: Tensor = exact()
        return _Equal.apply(sums, _simulate(x, w, text, groups))  # type: ignore[no-any-return]
    if known["takesIntegers"]:  # exact sums
        return exact()  # type: ignore[no-any-return]
    if gradient == "identity":
        return _Through.apply(exact(), _simulate(x, w, text, groups))  # type: ignore[no-any-return]
    return _Masked.apply(x, w, text, gradient, epsilon, groups)  # type: ignore[no-any-return]


def matmul(
    x: Tensor,
    weight: Tensor,
    register: str,
    *,
    gradient: str = "identity",
    epsilon: float | None = None,
) -> Tensor:
    """``x @ weight.T`` with every sum in a register.

    Args:
        x: [..., K]; whole numbers in a register of integers.
        weight: [channels, K]; likewise.
        register: such as ``"int10:saturate:sorted"`` or ``"m7e4(12)/m7e4(10)"``.
        gradient: ``"identity"``, or the masks of a floating-point register joined by +, such as
            ``"recursive/of+immediate/diff"``; a register of integers passes gradients where its
            result is the exact sum.
        epsilon: of ``immediate/diff``.
    """
    rows = x.reshape(-1, x.shape[-1])
    result = _in_register(
        rows, weight, lambda: functional.linear(rows, weight), register, gradient, epsilon
    )
    return result.reshape(*x.shape[:-1], weight.shape[0])


class _Codes(torch.autograd.Function):
    """Weights as integers under a norm limit: Narrows' own quantiser, both ways."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, rows: Tensor, scale: Tensor, norm: Tensor, rule: dict[str, Any]
    ) -> Tensor:
        with Exchange() as exchange:
            out, codes = exchange.make(tuple(rows.shape), np.float32)
            WORKER.call(
                "constrain",
                weights=exchange.give(_numpy(rows), "weights"),
                scales=exchange.give(_numpy(scale.double()), "scales"),
                norms=exchange.give(_numpy(norm.double()), "norms"),
                out=out,
                **rule,
            )
            result = torch.from_numpy(codes)
        ctx.save_for_backward(rows, scale, norm, result)
        ctx.rule = rule
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        rows, scale, norm, codes = ctx.saved_tensors
        with Exchange() as exchange:
            out, of_rows = exchange.make(tuple(rows.shape), np.float32)
            WORKER.call(
                "constrain",
                weights=exchange.give(_numpy(rows), "weights"),
                scales=exchange.give(_numpy(scale.double()), "scales"),
                norms=exchange.give(_numpy(norm.double()), "norms"),
                codes=exchange.give(_numpy(codes), "codes"),
                upstream=exchange.give(_numpy(gradient), "upstream"),
                out=out,
                **ctx.rule,
            )
            return torch.from_numpy(of_rows), None, None, None


class _Round(torch.autograd.Function):
    """clamp(round(x / s)), straight through inside the range."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, x: Tensor, scale: Tensor, low: int, high: int
    ) -> Tensor:
        steps = x / scale
        ctx.save_for_backward(scale, (steps >= low - 0.5) & (steps <= high + 0.5))
        return torch.clamp(torch.round(steps), low, high)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        scale, inside = ctx.saved_tensors
        return gradient * inside / scale, None, None, None


class _Narrow(nn.Module):
    """What both layers have in common: codes, scales, the register."""

    weight: Tensor
    bias: Tensor | None
    input_scale: Tensor
    weight_scale: Tensor
    weight_norm_limit: Tensor

    def _start(self, text: str, gradient: str, epsilon: float | None) -> None:
        self.accumulator = text
        self.gradient = gradient
        self.epsilon = epsilon
        self.weight_bits = 8
        self.activation_bits = 8
        self.signed = False
        self.quantized = False
        self.constraint: tuple[Method, int] | None = None
        channels = self.weight.shape[0]
        self.register_buffer("input_scale", torch.zeros(()))
        self.register_buffer("weight_scale", torch.ones(channels))
        self.register_buffer("weight_norm_limit", torch.ones(channels))

    def input_range(self) -> tuple[int, int]:
        """[a, b]: the integers that inputs can be."""
        bits = self.activation_bits
        return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if self.signed else (0, (1 << bits) - 1)

    def observe(self) -> None:
        """Sets the scale of each channel's weights so that the largest becomes the largest code."""
        rows = self.weight.detach().reshape(self.weight.shape[0], -1)
        largest = rows.abs().amax(1)
        most = (1 << (self.weight_bits - 1)) - 1
        self.weight_scale.copy_(torch.where(largest > 0, largest / most, torch.ones_like(largest)))
        self.weight_norm_limit.copy_(torch.clamp(rows.abs().sum(1), min=1e-12))

    def codes(self) -> Tensor:
        """The integers that the layer multiplies with, of the weights' shape."""
        if self.constraint is not None:
            method, bits = self.constraint
            rule = {
                "method": method,
                "bits": bits,
                "weightBits": self.weight_bits,
                "inputBits": self.activation_bits,
                "signed": self.signed,
            }
            codes: Tensor = _Codes.apply(
                self._rows(self.weight), self.weight_scale, self.weight_norm_limit, rule
            )
            return self._unrows(codes)
        most = (1 << (self.weight_bits - 1)) - 1
        scale = self.weight_scale.reshape(-1, *[1] * (self.weight.dim() - 1))
        return _Round.apply(self.weight, scale, -most, most)  # type: ignore[no-any-return]

    def _input_codes(self, x: Tensor) -> Tensor:
        low, high = self.input_range()
        if self.training and float(self.input_scale) == 0:  # set by the first batch
            largest = float(x.detach().abs().max())
            self.input_scale.fill_(largest / max(high, -low) if largest > 0 else 1.0)
        if float(self.input_scale) == 0:
            raise NarrowsError("a quantized layer needs a batch in training mode before evaluation")
        return _Round.apply(x, self.input_scale, low, high)  # type: ignore[no-any-return]

    def _sums(self, x: Tensor, w: Tensor) -> Tensor:
        raise NotImplementedError

    def _rows(self, w: Tensor) -> Tensor:
        """Weights as [channels][K], in the order that they are summed in."""
        return w

    def _unrows(self, rows: Tensor) -> Tensor:
        return rows

    def _channels_last(self) -> bool:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The layer's outputs."""
        if not self.quantized:
            return self._add_bias(self._sums(x, self.weight))
        sums = self._sums(self._input_codes(x), self.codes())
        return self._add_bias(sums * self._per_channel(self.weight_scale * self.input_scale))

    def _add_bias(self, sums: Tensor) -> Tensor:
        return sums if self.bias is None else sums + self._per_channel(self.bias)

    def _per_channel(self, values: Tensor) -> Tensor:
        return values if self._channels_last() else values.reshape(1, -1, 1, 1)


class Linear(_Narrow, nn.Linear):
    """``torch.nn.Linear`` whose sums run in a register.

    In a floating-point register it works as it is; a register of integers needs ``quantize``.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        register: str = "exact",
        gradient: str = "identity",
        epsilon: float | None = None,
    ) -> None:
        nn.Linear.__init__(self, in_features, out_features, bias)
        self._start(register, gradient, epsilon)

    def _channels_last(self) -> bool:
        return True

    def _sums(self, x: Tensor, w: Tensor) -> Tensor:
        return matmul(x, w, self.accumulator, gradient=self.gradient, epsilon=self.epsilon)


class Conv2d(_Narrow, nn.Conv2d):
    """``torch.nn.Conv2d`` whose sums run in a register; padding is with zeros.

    Terms are summed by kernel row, kernel column and input channel, in this order.
    """

    def __init__(
        self,
        *arguments: Any,
        register: str = "exact",
        gradient: str = "identity",
        epsilon: float | None = None,
        **options: Any,
    ) -> None:
        nn.Conv2d.__init__(self, *arguments, **options)
        if self.padding_mode != "zeros" or isinstance(self.padding, str):
            raise NarrowsError("padding: expected numbers of zeros, got " + repr(self.padding))
        self._start(register, gradient, epsilon)

    def _channels_last(self) -> bool:
        return False

    def _rows(self, w: Tensor) -> Tensor:
        return w.permute(0, 2, 3, 1).reshape(w.shape[0], -1)

    def _unrows(self, rows: Tensor) -> Tensor:
        shape = self.weight.shape
        return rows.reshape(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)

    def _exact(self, x: Tensor, w: Tensor) -> Tensor:
        return functional.conv2d(
            x, w, None, self.stride, self.padding, self.dilation, self.groups  # type: ignore[arg-type]
        )

    def _sums(self, x: Tensor, w: Tensor) -> Tensor:
        groups, (height, width) = self.groups, self.kernel_size
        taps = height * width
        patches = functional.unfold(
            x,
            self.kernel_size,  # type: ignore[arg-type]
            self.dilation,  # type: ignore[arg-type]
            self.padding,  # type: ignore[arg-type]
            self.stride,  # type: ignore[arg-type]
        )
        # from [channel][tap] to [tap][channel], group by group
        n, _, columns = patches.shape
        patches = patches.reshape(n, groups, -1, taps, columns).transpose(2, 3)
        patches = patches.reshape(n, -1, columns)
        sums = _in_register(
            patches,
            self._rows(w),
            lambda: self._exact(x, w).flatten(2),
            self.accumulator,
            self.gradient,
            self.epsilon,
            groups,
        )
        out = [
            (size + 2 * pad - step * (kernel - 1) - 1) // stride + 1
            for size, pad, step, kernel, stride in zip(
                x.shape[2:], self.padding, self.dilation, self.kernel_size, self.stride
            )
        ]
        return sums.reshape(n, -1, *out)


def _layers(module: nn.Module) -> list[tuple[str, Union[Linear, Conv2d]]]:
    found = [(name, each) for name, each in module.named_modules() if isinstance(each, _Narrow)]
    if not found:
        raise NarrowsError("the module has no narrows.torch layers; quantize() makes them")
    return found  # type: ignore[return-value]


def _replaced(layer: nn.Module) -> nn.Module | None:
    if isinstance(layer, _Narrow):
        return layer
    if type(layer) is nn.Linear:
        made: nn.Module = Linear(layer.in_features, layer.out_features, layer.bias is not None)
    elif type(layer) is nn.Conv2d:
        made = Conv2d(
            layer.in_channels,
            layer.out_channels,
            layer.kernel_size,
            stride=layer.stride,
            padding=layer.padding,
            dilation=layer.dilation,
            groups=layer.groups,
            bias=layer.bias is not None,
            padding_mode=layer.padding_mode,
        )
    else:
        return None
    made.weight = layer.weight
    made.bias = layer.bias
    made.train(layer.training)
    return made


def quantize(
    module: nn.Module,
    *,
    weight_bits: int = 8,
    activation_bits: int = 8,
    signed: bool = False,
    exclude: tuple[str, ...] = (),
) -> nn.Module:
    """Makes the Linear and Conv2d layers of a module integer layers, in place.

    Weights become integers with a scale per channel; inputs with one scale, which the first batch
    in training mode sets.

    Args:
        module: a layer or any module of layers.
        weight_bits: W, 2 to 16.
        activation_bits: A, 2 to 8.
        signed: whether inputs may be negative; otherwise negative ones become 0.
        exclude: names of layers that stay as they are.

    Returns:
        The module; a new one if it is a single layer of torch.nn.
    """
    if not 2 <= weight_bits <= 16 or not 2 <= activation_bits <= 8:
        raise NarrowsError(
            f"expected 2 to 16 bits of weights and 2 to 8 of activations, got {weight_bits}, "
            f"{activation_bits}"
        )
    whole = _replaced(module) or module
    for name, parent in list(whole.named_modules()):
        for child_name, child in list(parent.named_children()):
            path = f"{name}.{child_name}" if name else child_name
            made = None if path in exclude else _replaced(child)
            if made is not None and made is not child:
                setattr(parent, child_name, made)
    for name, layer in _layers(whole):
        if name not in exclude:
            layer.weight_bits = weight_bits
            layer.activation_bits = activation_bits
            layer.signed = signed
            layer.quantized = True
            layer.observe()
    return whole


def register(module: nn.Module, text: str, *, gradient: str = "identity") -> nn.Module:
    """Runs the sums of every narrow layer of a module in a register."""
    _known(text)
    for _, layer in _layers(module):
        layer.accumulator = text
        layer.gradient = gradient
    return module


def constrain(module: nn.Module, method: Method = "sign-sum", *, bits: int) -> nn.Module:
    """Keeps the integer weights of every quantized layer such that no input can overflow a register.

    Args:
        module: quantized.
        method: ``a2q``, ``a2q+``, or ``sign-sum``, the exact condition.
        bits: P, the width of the register.
    """
    for name, layer in _layers(module):
        if not layer.quantized:
            raise NarrowsError(f'constrain: layer "{name}" is not quantized')
        layer.constraint = (method, bits)
        layer.observe()
    return module


def certify(module: nn.Module, bits: int | None = None) -> dict[str, Any]:
    """The widths that no input can exceed, of every quantized layer.

    Returns:
        ``holds``, whether every layer fits ``bits``, or if none are given the register that it
        runs in or is constrained to; and ``layers``: ``name``, ``bits`` needed, ``register`` bits,
        ``channels``, the exact width of each.
    """
    layers = []
    for name, layer in _layers(module):
        if layer.quantized:
            with torch.no_grad():
                codes = layer.codes()
                rows = layer._rows(codes)
            found = bounds(_numpy(rows), layer.input_range())
            limit = bits
            if limit is None and layer.constraint is not None:
                limit = layer.constraint[1]
            if limit is None:
                limit = int(_known(layer.accumulator)["bits"])
            layers.append(
                {
                    "name": name,
                    "bits": found["signSum"],
                    "register": limit,
                    "channels": found["channels"],
                }
            )
    return {"holds": all(each["bits"] <= each["register"] for each in layers), "layers": layers}
