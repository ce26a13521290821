package dev.narrows.training.torch;

import dev.narrows.core.format.FloatingFormat;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;

/**
 * Rounds tensors to a floating-point format, to nearest even; gradients pass straight through.
 *
 * @see "docs/training.md, FP8 operands"
 */
final class FloatRounding {
  private final CustomGradient custom;
  private final Workers workers;

  FloatRounding(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /** The largest magnitude; 0 of zeros. */
  static float largest(Tensor tensor) {
    return tensor.detach().abs().max().item_float();
  }

  Tensor round(Tensor tensor, FloatingFormat format) {
    Tensor x = Torch.dense(tensor.detach());
    Tensor rounded = Torch.emptyLike(x);
    MemorySegment from = Torch.floats(x);
    MemorySegment to = Torch.floats(rounded);
    IntegerKernel.map(
        workers,
        from,
        to,
        x.numel(),
        1,
        (_, in, out, count) -> {
          for (int i = 0; i < count; i++) {
            out[i] = format.roundToNearestEven(in[i]);
          }
        });
    return custom.attach(rounded, gradient -> new Tensor[] {gradient}, tensor);
  }
}
