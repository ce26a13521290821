package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.Precision;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * While it is open, libtorch runs the convolutions and dense layers of this thread in another
 * precision; parameters stay float32 and their gradients arrive in float32. Close it before the
 * loss and the backward pass: each gradient is computed in the precision of its forward step.
 */
final class Autocast implements AutoCloseable {
  private final boolean on;

  private Autocast(boolean on) {
    this.on = on;
  }

  static Autocast begin(Precision precision) {
    boolean on =
        switch (precision) {
          case FLOAT32 -> false;
          case BF16 -> true;
        };
    if (on) {
      // a step uses each weight once: keeping its bfloat16 copy would outlive the step's memory
      torch.set_autocast_cache_enabled(false);
      torch.set_autocast_dtype(torch.DeviceType.CPU, torch.ScalarType.BFloat16);
      torch.set_autocast_enabled(torch.DeviceType.CPU, true);
    }
    return new Autocast(on);
  }

  /**
   * A strided convolution, in float32 if this thread casts: oneDNN's bfloat16 gradient of strided
   * weights (jit_bf16, versions 3.7 to 3.13) waits in barriers that never yield, so a thread that
   * shares its core needs a second where float32 takes milliseconds.
   */
  static Tensor exactIfCast(Tensor input, UnaryOperator<Tensor> convolution) {
    if (!torch.is_autocast_enabled(torch.DeviceType.CPU)) {
      return convolution.apply(input);
    }
    torch.set_autocast_enabled(torch.DeviceType.CPU, false);
    try {
      return convolution.apply(Torch.float32(input)).to(torch.ScalarType.BFloat16);
    } finally {
      torch.set_autocast_enabled(torch.DeviceType.CPU, true);
    }
  }

  @Override
  public void close() {
    if (on) {
      torch.set_autocast_enabled(torch.DeviceType.CPU, false);
    }
  }
}
