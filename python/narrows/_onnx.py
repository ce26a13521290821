"""Modules of quantized layers as ONNX: integers between QuantizeLinear and DequantizeLinear."""

from __future__ import annotations

import copy
import os
from typing import Any, Callable

import torch
from torch import Tensor, nn

from ._errors import NarrowsError


class Written(nn.Module):
    """A quantized layer, as a file of ONNX says it.

    Codes of fewer than 8 bits are carried in bytes and clipped, so that a reader knows their range.
    """

    def __init__(
        self,
        layer: Any,
        applied: Callable[[Tensor, Tensor, Tensor | None], Tensor],
    ) -> None:
        super().__init__()
        low, high = layer.input_range()
        kind = torch.int8 if layer.signed else torch.uint8
        limits = torch.iinfo(kind)
        self.clipped = low > limits.min or high < limits.max
        self.applied = applied
        with torch.no_grad():
            codes = layer.codes()
        weights = torch.int8 if layer.weight_bits <= 8 else torch.int32
        self.register_buffer("weight", codes.to(weights).contiguous())
        self.register_buffer("weight_scale", layer.weight_scale)
        self.register_buffer("input_scale", layer.input_scale)
        self.register_buffer("input_zero", torch.zeros((), dtype=kind))
        self.register_buffer("input_low", torch.tensor(low, dtype=kind))
        self.register_buffer("input_high", torch.tensor(high, dtype=kind))
        self.bias = layer.bias

    def forward(self, x: Tensor) -> Tensor:
        """The layer's outputs, in operators of ONNX; it runs only while a file is written."""
        operator = torch.onnx.ops.symbolic
        kind = self.input_zero.dtype
        given = [x, self.input_scale, self.input_zero]
        codes = operator("QuantizeLinear", given, dtype=kind, shape=x.shape)
        if self.clipped:
            limits = [codes, self.input_low, self.input_high]
            codes = operator("Clip", limits, dtype=kind, shape=x.shape)
        read = [codes, self.input_scale, self.input_zero]
        numbers = operator("DequantizeLinear", read, dtype=torch.float32, shape=x.shape)
        weights = operator(
            "DequantizeLinear",
            [self.weight, self.weight_scale],
            {"axis": 0},
            dtype=torch.float32,
            shape=self.weight.shape,
        )
        return self.applied(numbers, weights, self.bias)


def write(
    module: nn.Module,
    example: Tensor,
    path: str | os.PathLike[str],
    replaced: Callable[[str, nn.Module], nn.Module | None],
) -> None:
    """Writes a module.

    Args:
        module: stays as it is.
        example: a batch of inputs; the file takes batches of any size.
        path: the file.
        replaced: what stands for a layer of a name in the file; None leaves it.
    """
    if not hasattr(getattr(torch.onnx, "ops", None), "symbolic"):
        raise NarrowsError(f"a file of ONNX needs PyTorch 2.8 or newer, got {torch.__version__}")
    whole = copy.deepcopy(module).eval()
    made = replaced("", whole)
    if made is not None:
        whole = made.eval()
    else:
        for name, parent in list(whole.named_modules()):
            for child_name, child in list(parent.named_children()):
                other = replaced(f"{name}.{child_name}" if name else child_name, child)
                if other is not None:
                    setattr(parent, child_name, other.eval())
    if example.shape[0] == 1:  # one example would fix the size of batches
        example = torch.cat([example, example])
    try:
        torch.onnx.export(
            whole,
            (example,),
            os.fspath(path),
            dynamo=True,
            dynamic_shapes=({0: torch.export.Dim("n")},),
            optimize=False,
            external_data=False,
            verbose=False,
        )
    except ModuleNotFoundError as missing:
        raise NarrowsError(
            f"a file of ONNX needs the package {missing.name}: pip install onnx onnxscript"
        ) from None
