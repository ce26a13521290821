package dev.narrows.network.tflite;

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
    ImageBatch images = ImageBatch.of(in, in.value(0));
    TensorType from = images.image();
    int[] size = in.integers(1, "size");
    if (size.length != 2 || size[0] < 1 || size[1] < 1) {
      throw in.bad("its size must be a height and a width of at least 1");
    }
    in.requireShape(images.shape(size[0], size[1], from.channels()));
    String name = in.name();
    TensorType one = new TensorType(from.channels(), size[0], size[1], in.made().kind());
    images.finish(
        name,
        new Resize(
            images.count() == 1 ? name : in.graph().unique(name + "/resized"),
            images.channels().tensor(),
            images.channels(one),
            method,
            in.options().flag(firstOption, "align_corners"),
            in.options().flag(firstOption + 1, "half_pixel_centers")));
  }
}
