"""Layers of PyTorch whose sums run in a register.

Forward, every dot product is summed by Narrows' own kernels, on the tensors' memory, as the same
layer sums on the hardware; backward, gradients pass where the register's arithmetic lets them, as
in ``narrows train``. Three lines change a training loop::

    from narrows import torch as narrow

    model = narrow.quantize(model, weight_bits=4, activation_bits=4)
    narrow.register(model, "int10:saturate:sorted")   # or narrow.constrain(model, "sign-sum", bits=14)

and after it ``narrow.certify(model)`` says which layers no input can overflow, and
``narrow.export(model, images, "model.onnx")`` writes the integers for Narrows' commands and others.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple, Union

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from . import _known, _onnx, bounds
from ._arrays import Exchange
from ._errors import NarrowsError
from ._worker import WORKER

__all__ = ["Conv2d", "Linear", "certify", "constrain", "export", "matmul", "quantize", "register"]

Method = Literal["a2q", "a2q+", "sign-sum"]

_EXACT = 1 << 24  # 32-bit floats hold every whole number up to this one


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
        return torch.from_numpy(result).to(x.dtype)


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


class _Clamped(torch.autograd.Function):
    """The exact sum clamped to a register of so many bits, with _Equal's gradient.

    Not torch.clamp: at the limits themselves its gradient is another in each version of PyTorch.
    """

    @staticmethod
    def forward(ctx: Any, exact: Tensor, bits: int) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(exact)
        ctx.limit = 1 << (bits - 1)
        return torch.clamp(exact, -ctx.limit, ctx.limit - 1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        (exact,) = ctx.saved_tensors
        # one pass over memory, which leaves out the limits that it is given; sums are whole numbers
        hard = torch.ops.aten.hardtanh_backward
        return hard(gradient, exact, -ctx.limit - 0.5, ctx.limit - 0.5), None


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


class _Largest(NamedTuple):
    """The largest magnitudes that operands can have."""

    inputs: float
    weights: float


class _Products(NamedTuple):
    """Operands as the kernels take them, and the shape of what they sum to."""

    x: Tensor
    w: Tensor
    groups: int
    shape: tuple[int, ...]


@lru_cache(maxsize=4096)
def _meaning(text: str, largest: int, terms: int) -> str:
    """What a register makes of sums of so many products: "exact", "clamp", or "other"."""
    answer = WORKER.call("register", register=text, low=-largest, high=largest, terms=terms)
    return str(answer["sums"])


def _by_libtorch(text: str, x: Tensor, w: Tensor, largest: _Largest | None) -> str:
    """How libtorch's sums serve as a register's: as they are, clamped, or not at all.

    As in ``narrows train``: where nothing can overflow, or a theorem says that the register ends
    at the clamped sum, and 32-bit floats hold every partial sum exactly.
    """
    if largest is None:
        whole = x.numel() and w.numel() and torch.equal(x, x.round()) and torch.equal(w, w.round())
        if not whole:
            return "other"  # the kernels say what is wrong
        largest = _Largest(float(x.detach().abs().max()), float(w.detach().abs().max()))
    rows = w.detach().abs().reshape(w.shape[0], -1)
    if not float(rows.sum(1).max()) * largest.inputs <= _EXACT:
        return "other"
    term = int(largest.inputs * largest.weights)
    return _meaning(text, (1 << max(1, term.bit_length())) - 1, rows.shape[1])


def _in_register(
    exact: Callable[[], Tensor],
    products: Callable[[], _Products],
    meaning: Callable[[], str],
    text: str,
    gradient: str,
    epsilon: float | None,
) -> Tensor:
    """Sums in a register.

    Args:
        exact: libtorch's own sums.
        products: the operands for our kernels.
        meaning: how libtorch's sums serve, if the operands are integers.
    """

    def simulated() -> Tensor:
        x, w, groups, shape = products()
        return _simulate(x, w, text, groups).reshape(shape)

    known = _known(text)
    if not known["takesFloats"]:
        if gradient != "identity":
            raise NarrowsError(
                f'gradient "{gradient}": masks are for floating-point registers; a register of '
                "integers passes gradients where its result is the exact sum"
            )
        how = meaning()
        if how == "exact":
            return exact()
        if how == "clamp":
            return _Clamped.apply(exact(), int(known["bits"]))  # type: ignore[no-any-return]
        return _Equal.apply(exact(), simulated())  # type: ignore[no-any-return]
    if known["takesIntegers"]:  # exact sums
        return exact()
    if gradient == "identity":
        return _Through.apply(exact(), simulated())  # type: ignore[no-any-return]
    x, w, groups, shape = products()
    sums: Tensor = _Masked.apply(x, w, text, gradient, epsilon, groups)
    return sums.reshape(shape)


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
    return _matmul(x, weight, register, gradient, epsilon, None)


def _matmul(
    x: Tensor,
    weight: Tensor,
    text: str,
    gradient: str,
    epsilon: float | None,
    largest: _Largest | None,
) -> Tensor:
    shape = (*x.shape[:-1], weight.shape[0])
    return _in_register(
        lambda: functional.linear(x, weight),
        lambda: _Products(x.reshape(-1, x.shape[-1]), weight, 1, shape),
        lambda: _by_libtorch(text, x, weight, largest),
        text,
        gradient,
        epsilon,
    )


class _Codes(torch.autograd.Function):
    """Weights as integers under a norm limit: Narrows' own quantiser, both ways."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, rows: Tensor, log2_scale: Tensor, log2_norm: Tensor, rule: dict[str, Any]
    ) -> Tensor:
        ctx.rule = rule
        ctx.scales = _numpy(torch.exp2(log2_scale.double()))
        ctx.norms = _numpy(torch.exp2(log2_norm.double()))
        with Exchange() as exchange:
            out, codes = exchange.make(tuple(rows.shape), np.float32)
            _Codes._call(ctx, exchange, rows, out=out)
            result = torch.from_numpy(codes)
        ctx.save_for_backward(rows, result)
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        rows, codes = ctx.saved_tensors
        with Exchange() as exchange:
            out, of_rows = exchange.make(tuple(rows.shape), np.float32)
            answer = _Codes._call(
                ctx,
                exchange,
                rows,
                codes=exchange.give(_numpy(codes), "codes"),
                upstream=exchange.give(_numpy(gradient), "upstream"),
                out=out,
            )
            of_scale = torch.tensor(answer["log2ScaleGradients"])
            of_norm = torch.tensor(answer["log2NormGradients"])
            return torch.from_numpy(of_rows), of_scale, of_norm, None

    @staticmethod
    def _call(ctx: Any, exchange: Exchange, rows: Tensor, **more: str) -> dict[str, Any]:
        return WORKER.call(
            "constrain",
            weights=exchange.give(_numpy(rows), "weights"),
            scales=exchange.give(ctx.scales, "scales"),
            norms=exchange.give(ctx.norms, "norms"),
            **more,
            **ctx.rule,
        )


class _Round(torch.autograd.Function):
    """clamp(round(t)) of t = x / 2^d; backward straight through where t lies in the range.

    The gradient of d is -ln 2 * t there, as in ``narrows train``.
    """

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, x: Tensor, log2_scale: Tensor, low: int, high: int
    ) -> Tensor:
        each = torch.exp2(-log2_scale)
        steps = x * each
        ctx.save_for_backward(steps, each)
        ctx.range = (low, high)
        return torch.clamp(steps, low, high).round_()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:  # type: ignore[override]
        steps, each = ctx.saved_tensors
        low, high = ctx.range
        # one pass over memory; it leaves out its limits, so they lie a little further
        inside = torch.ops.aten.hardtanh_backward(
            gradient, steps, _next(low, -math.inf), _next(high, math.inf)
        )
        slope = None
        if ctx.needs_input_grad[1]:
            slope = _dots(inside, steps, each) * -math.log(2)
        return inside.mul_(each), slope, None, None


def _dots(a: Tensor, b: Tensor, like: Tensor) -> Tensor:
    """The sum of products of two tensors over all that a smaller one is spread over."""
    if like.numel() > 1:
        return (a * b).sum_to_size(like.shape)
    if a.dim() == 4 and not a.is_contiguous():  # channels last: the order of memory, so no copy
        a, b = a.permute(0, 2, 3, 1), b.permute(0, 2, 3, 1)
    return torch.dot(a.reshape(-1), b.reshape(-1)).reshape(like.shape)


def _next(number: int, towards: float) -> float:
    """The next 32-bit float; beside 0 the next that no processor takes for 0."""
    return float(np.nextafter(np.float32(number), np.float32(towards))) if number else (
        math.copysign(float(np.finfo(np.float32).tiny), towards)
    )


class _Narrow(nn.Module):
    """What both layers have in common: codes, scales, the register."""

    weight: Tensor
    bias: Tensor | None
    observed: Tensor
    input_log2_scale: Tensor
    weight_log2_scale: Tensor
    weight_log2_norm: Tensor

    def _start(self, text: str, gradient: str, epsilon: float | None) -> None:
        self.accumulator = text
        self.gradient = gradient
        self.epsilon = epsilon
        self.weight_bits = 8
        self.activation_bits = 8
        self.signed = False
        self.quantized = False
        self.constraint: tuple[Method, int] | None = None
        self.register_buffer("observed", torch.tensor(False))
        for name in ("input_log2_scale", "weight_log2_scale", "weight_log2_norm"):
            self.register_parameter(name, None)

    def _quantize(self, weight_bits: int, activation_bits: int, signed: bool) -> None:
        """Makes it an integer layer, whose scales are parameters."""
        self.weight_bits = weight_bits
        self.activation_bits = activation_bits
        self.signed = signed
        self.quantized = True
        channels = self.weight.shape[0]
        self.input_log2_scale = nn.Parameter(torch.zeros(()))
        self.weight_log2_scale = nn.Parameter(torch.zeros(channels))
        self.weight_log2_norm = nn.Parameter(torch.zeros(channels), requires_grad=False)
        self.observed.fill_(False)
        self.observe()

    @property
    def input_scale(self) -> Tensor:
        """What one step of the inputs' integers is worth."""
        return torch.exp2(self.input_log2_scale.detach())

    @property
    def weight_scale(self) -> Tensor:
        """What one step of each channel's weights is worth."""
        return torch.exp2(self.weight_log2_scale.detach())

    def input_range(self) -> tuple[int, int]:
        """[a, b]: the integers that inputs can be."""
        bits = self.activation_bits
        return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if self.signed else (0, (1 << bits) - 1)

    def observe(self) -> None:
        """Sets the scale of each channel's weights so that the largest becomes the largest code."""
        rows = self.weight.detach().reshape(self.weight.shape[0], -1).abs()
        largest = rows.amax(1)
        most = (1 << (self.weight_bits - 1)) - 1
        with torch.no_grad():
            scale = torch.where(largest > 0, largest / most, torch.ones_like(largest))
            self.weight_log2_scale.copy_(torch.log2(scale))
            self.weight_log2_norm.copy_(torch.log2(torch.clamp(rows.sum(1), min=1e-12)))

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
                self._rows(self.weight), self.weight_log2_scale, self.weight_log2_norm, rule
            )
            return self._unrows(codes)
        most = (1 << (self.weight_bits - 1)) - 1
        scale = self.weight_log2_scale.reshape(-1, *[1] * (self.weight.dim() - 1))
        return _Round.apply(self.weight, scale, -most, most)  # type: ignore[no-any-return]

    def _input_codes(self, x: Tensor) -> Tensor:
        low, high = self.input_range()
        if not self.observed:
            if not self.training:
                raise NarrowsError("a quantized layer needs a batch in training mode before evaluation")
            largest = float(x.detach().abs().max())
            if largest > 0:
                self.input_log2_scale.data.fill_(math.log2(largest / max(high, -low)))
            self.observed.fill_(True)
        return _Round.apply(x, self.input_log2_scale, low, high)  # type: ignore[no-any-return]

    def _sums(self, x: Tensor, w: Tensor, largest: _Largest | None) -> Tensor:
        raise NotImplementedError

    def _rows(self, w: Tensor) -> Tensor:
        """Weights as [channels][K], in the order that they are summed in."""
        return w

    def _unrows(self, rows: Tensor) -> Tensor:
        return rows

    def _channels_last(self) -> bool:
        raise NotImplementedError

    def _applied(self) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
        """The layer in real numbers, of inputs, weights and bias."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The layer's outputs."""
        if not self.quantized:
            return self._add_bias(self._sums(x, self.weight, None))
        low, high = self.input_range()
        largest = _Largest(max(-low, high), (1 << (self.weight_bits - 1)) - 1)
        sums = self._sums(self._input_codes(x), self.codes(), largest)
        scales = torch.exp2(self.weight_log2_scale + self.input_log2_scale)
        return self._add_bias(sums * self._per_channel(scales))

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

    def _applied(self) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
        return functional.linear

    def _sums(self, x: Tensor, w: Tensor, largest: _Largest | None) -> Tensor:
        return _matmul(x, w, self.accumulator, self.gradient, self.epsilon, largest)


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

    def _applied(self) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
        return partial(
            functional.conv2d,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def _exact(self, x: Tensor, w: Tensor) -> Tensor:
        return self._applied()(x, w, None)

    def _sums(self, x: Tensor, w: Tensor, largest: _Largest | None) -> Tensor:
        return _in_register(
            lambda: self._exact(x, w),
            lambda: self._products(x, w),
            lambda: _by_libtorch(self.accumulator, x, w, largest),
            self.accumulator,
            self.gradient,
            self.epsilon,
        )

    def _products(self, x: Tensor, w: Tensor) -> _Products:
        height, width = self.kernel_size
        patches = functional.unfold(
            x,
            self.kernel_size,  # type: ignore[arg-type]
            self.dilation,  # type: ignore[arg-type]
            self.padding,  # type: ignore[arg-type]
            self.stride,  # type: ignore[arg-type]
        )
        # from [channel][tap] to [tap][channel], group by group
        n, _, columns = patches.shape
        patches = patches.reshape(n, self.groups, -1, height * width, columns).transpose(2, 3)
        out = [
            (size + 2 * pad - step * (kernel - 1) - 1) // stride + 1
            for size, pad, step, kernel, stride in zip(
                x.shape[2:], self.padding, self.dilation, self.kernel_size, self.stride
            )
        ]
        shape = (n, w.shape[0], *out)
        return _Products(patches.reshape(n, -1, columns), self._rows(w), self.groups, shape)


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

    Weights become integers with a scale per channel, inputs with one scale, which the first batch
    in training mode sets. Both are parameters that training goes on with, as their log2: make the
    optimizer after this, and leave them out of weight decay.

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
            layer._quantize(weight_bits, activation_bits, signed)
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
        layer.weight_log2_norm.requires_grad_(method != "sign-sum")
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


def export(module: nn.Module, example: Tensor, path: str | os.PathLike[str]) -> None:
    """Writes a module with its integers as a file of ONNX.

    Quantized layers take and multiply integers between QuantizeLinear and DequantizeLinear, all else
    is as PyTorch writes it; ``narrows.certify(path, bits)`` proves the file again. ONNX has no
    registers: name one where the file is evaluated. Needs the packages onnx and onnxscript.

    Args:
        module: of quantized layers.
        example: a batch of inputs.
        path: the file to write.
    """
    names = {name for name, layer in _layers(module) if layer.quantized}
    for name, layer in _layers(module):
        if name in names and not layer.observed:
            raise NarrowsError(f'export: layer "{name}" needs a batch in training mode before it')

    def written(name: str, layer: nn.Module) -> nn.Module | None:
        return _onnx.Written(layer, layer._applied()) if name in names else None  # type: ignore[operator]

    _onnx.write(module, example, path, written)
