package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of a tensor [N, H, W, C], which Narrows has one above the other, [C][N·H][W]. What
 * looks at neighbours must not look from one image into the next, so for it they are laid out
 * otherwise.
 *
 * @param count N
 * @param image the type of one of them, [C][H][W]
 */
record ImageBatch(OperatorImport in, GraphValue value, int count, TensorType image) {
  static ImageBatch of(OperatorImport in, GraphValue value) throws Unsupported {
    FileShape shape = value.shape();
    if (shape.rank() != 4) {
      throw new Unsupported("input of shape " + shape);
    }
    TensorType one = value.type().shaped(shape.dim(3), shape.dim(1), shape.dim(2));
    return new ImageBatch(in, value, shape.dim(0), one);
  }

  /** As many images of another height and width, and of other channels. */
  FileShape shape(int height, int width, int channels) {
    return FileShape.of(count, height, width, channels);
  }

  /**
   * What each window sees as the channels of one position, [group · kernel row · kernel column ·
   * channel of the group][N · row][column]: a convolution of points multiplies the same terms in
   * the same order.
   */
  GraphValue windows(Window w, int groups) throws NetworkFileException {
    int height = image.height() + w.padTop() + w.padBottom();
    int width = image.width() + w.padLeft() + w.padRight();
    int channels = image.channels();
    int tensor = value.tensor();
    if (w.padded()) {
      TensorType padded = image.shaped(channels, Math.multiplyExact(count, height), width);
      List<Axis> axes =
          List.of(
              Axis.of(channels * count, image.positions()),
              new Axis(height, w.padTop(), image.height(), image.width()),
              new Axis(width, w.padLeft(), image.width(), 1));
      tensor = in.add(new Rearrange(name("/padded"), List.of(tensor), padded, 0, axes));
    }
    int plane = height * width;
    int inside = channels / groups;
    int rows = w.outputHeight(image.height());
    int columns = w.outputWidth(image.width());
    TensorType seen =
        image.shaped(
            Math.multiplyExact(channels, w.taps()), Math.multiplyExact(count, rows), columns);
    List<Axis> axes =
        List.of(
            Axis.of(groups, inside * count * plane),
            Axis.of(w.kernelHeight(), w.dilationHeight() * width),
            Axis.of(w.kernelWidth(), w.dilationWidth()),
            Axis.of(inside, count * plane),
            Axis.of(count, plane),
            Axis.of(rows, w.strideHeight() * width),
            Axis.of(columns, w.strideWidth()));
    tensor = in.add(new Rearrange(name("/windows"), List.of(tensor), seen, 0, axes));
    return new GraphValue(tensor, value.shape(), seen);
  }

  /** The images' channels beside each other, [N·C][H][W], for what looks at each by itself. */
  GraphValue channels() throws NetworkFileException {
    if (count == 1) {
      return value;
    }
    TensorType type = channels(image);
    List<Axis> axes =
        List.of(
            Axis.of(count, image.positions()),
            Axis.of(image.channels(), count * image.positions()),
            Axis.of(image.positions(), 1));
    int tensor = in.add(new Rearrange(name("/images"), List.of(value.tensor()), type, 0, axes));
    return new GraphValue(tensor, value.shape(), type);
  }

  /** The type that has the channels of as many images of a type beside each other. */
  TensorType channels(TensorType one) {
    return one.shaped(Math.multiplyExact(count, one.channels()), one.height(), one.width());
  }

  /** One of the images. */
  int single(int index) throws NetworkFileException {
    List<Axis> axes =
        List.of(
            Axis.of(image.channels(), count * image.positions()), Axis.of(image.positions(), 1));
    int base = index * image.positions();
    String name = name("/image" + index);
    return in.add(new Rearrange(name, List.of(value.tensor()), image, base, axes));
  }

  /** The operator's output from a layer that has its images' channels beside each other. */
  void finish(String name, Layer layer) throws NetworkFileException, Unsupported {
    if (count == 1) {
      in.finish(layer);
      return;
    }
    finish(name, List.of(in.add(layer)));
  }

  /** The same from a layer that is there already, and its type is that of {@link #channels}. */
  void finish(String name, int tensor) throws NetworkFileException, Unsupported {
    if (count == 1) {
      in.finish(new GraphValue(tensor, in.made().shape(), in.made().made()));
      return;
    }
    finish(name, List.of(tensor));
  }

  /** The operator's output from its images, or from all of them in one tensor. */
  void finish(String name, List<Integer> images) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    int positions = to.positions() / count;
    List<Axis> axes = new ArrayList<>();
    axes.add(Axis.of(to.channels(), positions));
    axes.add(Axis.of(count, to.channels() * positions));
    axes.add(Axis.of(positions, 1));
    in.finish(new Rearrange(name, images, to, 0, axes));
  }

  private String name(String suffix) throws NetworkFileException {
    return in.graph().unique(in.made().name() + suffix);
  }
}
