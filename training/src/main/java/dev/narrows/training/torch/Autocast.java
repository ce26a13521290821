package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.Precision;
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

  @Override
  public void close() {
    if (on) {
      torch.set_autocast_enabled(torch.DeviceType.CPU, false);
    }
  }
}
