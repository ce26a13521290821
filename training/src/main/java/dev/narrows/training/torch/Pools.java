package dev.narrows.training.torch;

import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Window;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Windows that slide over rows and columns; padding counts for nothing. */
final class Pools {
  private Pools() {}

  static Tensor largest(MaxPool pool, List<Tensor> in) {
    Window window = pool.window();
    return torch.max_pool2d(
        padded(in.getFirst(), window, Float.NEGATIVE_INFINITY),
        kernel(window),
        stride(window),
        new long[] {0, 0},
        new long[] {window.dilationHeight(), window.dilationWidth()},
        false);
  }

  static Tensor mean(MeanPool pool, List<Tensor> in) {
    Window window = pool.window();
    Tensor x = in.getFirst();
    if (!window.padded()) {
      return mean(x, window);
    }
    // The mean of a padded window over the share of it that lies inside the image.
    Tensor inside = torch.ones(1, 1, x.size(2), x.size(3));
    return mean(padded(x, window, 0), window).div(mean(padded(inside, window, 0), window));
  }

  private static Tensor mean(Tensor x, Window window) {
    return torch.avg_pool2d(
        x, kernel(window), stride(window), new long[] {0, 0}, false, true, new LongOptional());
  }

  private static Tensor padded(Tensor x, Window window, float with) {
    return window.padded()
        ? torch.constant_pad_nd(
            x,
            new long[] {window.padLeft(), window.padRight(), window.padTop(), window.padBottom()},
            new Scalar(with))
        : x;
  }

  private static long[] kernel(Window window) {
    return new long[] {window.kernelHeight(), window.kernelWidth()};
  }

  private static long[] stride(Window window) {
    return new long[] {window.strideHeight(), window.strideWidth()};
  }
}
