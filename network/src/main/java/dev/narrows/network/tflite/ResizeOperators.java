package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.tensor.TensorType;

/** Operators that resize images; the second input is [height, width]. */
final class ResizeOperators {
  private ResizeOperators() {}

  static void nearest(OperatorImport in) throws NetworkFileException, Unsupported {
    resize(in, Resize.Interpolation.NEAREST, 0);
  }

  static void bilinear(OperatorImport in) throws NetworkFileException, Unsupported {
    resize(in, Resize.Interpolation.BILINEAR, 2); // two fields before are of older schemas
  }

  private static void resize(OperatorImport in, Resize.Interpolation method, int firstOption)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    TensorType from = in.image(value);
    int[] size = in.integers(1, "size");
    if (size.length != 2 || size[0] < 1 || size[1] < 1) {
      throw in.bad("its size must be a height and a width of at least 1");
    }
    in.requireShape(FileShape.of(1, size[0], size[1], from.channels()));
    in.finish(
        new Resize(
            in.name(),
            value.tensor(),
            in.made().made(),
            method,
            in.options().flag(firstOption, "align_corners"),
            in.options().flag(firstOption + 1, "half_pixel_centers")));
  }
}
