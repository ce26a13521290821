package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Blocks of positions that become channels or images, and back. */
final class BlockOperators {
  private BlockOperators() {}

  /** out[h·b + i, w·b + j, c] = in[h, w, (i·b + j)·C + c]. */
  static void depthToSpace(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = image(value);
    int block = block(in);
    int channels = from.dim(3) / Math.multiplyExact(block, block);
    if (channels < 1 || from.dim(3) != channels * block * block) {
      throw in.bad("blocks of %d from %s".formatted(block, from));
    }
    int[] by = from.strides();
    finish(
        in,
        value,
        FileShape.of(
            from.dim(0),
            Math.multiplyExact(from.dim(1), block),
            Math.multiplyExact(from.dim(2), block),
            channels),
        List.of(
            List.of(Axis.of(from.dim(0), by[0])),
            List.of(Axis.of(from.dim(1), by[1]), Axis.of(block, block * channels * by[3])),
            List.of(Axis.of(from.dim(2), by[2]), Axis.of(block, channels * by[3])),
            List.of(Axis.of(channels, by[3]))));
  }

  /** out[h, w, (i·b + j)·C + c] = in[h·b + i, w·b + j, c]. */
  static void spaceToDepth(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = image(value);
    int block = block(in);
    if (from.dim(1) % block != 0 || from.dim(2) % block != 0) {
      throw in.bad("blocks of %d of %s".formatted(block, from));
    }
    int[] by = from.strides();
    int channels = Math.multiplyExact(from.dim(3), Math.multiplyExact(block, block));
    finish(
        in,
        value,
        FileShape.of(from.dim(0), from.dim(1) / block, from.dim(2) / block, channels),
        List.of(
            List.of(Axis.of(from.dim(0), by[0])),
            List.of(Axis.of(from.dim(1) / block, block * by[1])),
            List.of(Axis.of(from.dim(2) / block, block * by[2])),
            List.of(Axis.of(block, by[1]), Axis.of(block, by[2]), Axis.of(from.dim(3), by[3]))));
  }

  private static FileShape image(GraphValue value) throws Unsupported {
    if (value.shape().rank() != 4) {
      throw new Unsupported("input of shape " + value.shape());
    }
    return value.shape();
  }

  private static int block(OperatorImport in) throws NetworkFileException {
    int block = in.options().i32(0, 0, "block_size");
    if (block < 1) {
      throw in.bad("blocks of %d".formatted(block));
    }
    return block;
  }

  /** Positions of each place in a block become images of their own; padded by zero first. */
  static void spaceToBatch(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int[] blocks = blocks(in, value.shape());
    int[] pads = in.integers(2, "padding");
    requirePairs(in, pads, blocks.length);
    GraphValue padded = padded(in, value, pads);
    FileShape from = padded.shape();
    int[] by = from.strides();
    List<Axis> images = new ArrayList<>();
    List<List<Axis>> axes = new ArrayList<>();
    int[] dims = from.dims().stream().mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < blocks.length; i++) {
      if (dims[1 + i] % blocks[i] != 0) {
        throw in.bad("blocks of %d of %s".formatted(blocks[i], from));
      }
      dims[1 + i] /= blocks[i];
      dims[0] = Math.multiplyExact(dims[0], blocks[i]);
      images.add(Axis.of(blocks[i], by[1 + i]));
    }
    images.add(Axis.of(from.dim(0), by[0]));
    axes.add(images);
    for (int axis = 1; axis < dims.length; axis++) {
      int step = axis <= blocks.length ? blocks[axis - 1] : 1;
      axes.add(List.of(Axis.of(dims[axis], step * by[axis])));
    }
    finish(in, padded, FileShape.of(dims), axes);
  }

  /** The way back from {@link #spaceToBatch}; what was padded is cropped. */
  static void batchToSpace(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] blocks = blocks(in, from);
    int[] crops = in.integers(2, "crops");
    requirePairs(in, crops, blocks.length);
    int images = from.dim(0);
    for (int block : blocks) {
      if (images % block != 0) {
        throw in.bad("blocks of %d of %s".formatted(block, from));
      }
      images /= block;
    }
    int[] by = from.strides();
    int[] dims = from.dims().stream().mapToInt(Integer::intValue).toArray();
    dims[0] = images;
    List<List<Axis>> axes = new ArrayList<>();
    axes.add(List.of(Axis.of(images, by[0])));
    int apart = from.dim(0); // images between neighbours inside a block
    for (int axis = 1; axis < dims.length; axis++) {
      if (axis > blocks.length) {
        axes.add(List.of(Axis.of(dims[axis], by[axis])));
        continue;
      }
      apart /= blocks[axis - 1];
      axes.add(List.of(Axis.of(dims[axis], by[axis]), Axis.of(blocks[axis - 1], apart * by[0])));
      dims[axis] = Math.multiplyExact(dims[axis], blocks[axis - 1]);
    }
    FileShape whole = FileShape.of(dims);
    TensorType type = whole.type(value.type().kind());
    String name = in.graph().unique(in.made().name() + "/whole");
    int tensor = in.add(new Rearrange(name, List.of(value.tensor()), type, 0, stored(whole, axes)));
    Moves moves = Moves.of(whole);
    for (int i = 0; i < blocks.length; i++) {
      int size = whole.dim(1 + i) - crops[2 * i] - crops[2 * i + 1];
      moves = SliceOperators.part(in, moves, 1 + i, crops[2 * i], 1, size);
      dims[1 + i] = size;
    }
    in.requireShape(FileShape.of(dims));
    in.finish(
        moves.layer(in.name(), new GraphValue(tensor, whole, type), in.made(), in.made().made()));
  }

  private static int[] blocks(OperatorImport in, FileShape from)
      throws NetworkFileException, Unsupported {
    int[] blocks = in.integers(1, "blocks");
    if (blocks.length >= from.rank()) {
      throw in.bad("%d blocks of %s".formatted(blocks.length, from));
    }
    for (int block : blocks) {
      if (block < 1) {
        throw in.bad("blocks of %d".formatted(block));
      }
    }
    return blocks;
  }

  private static void requirePairs(OperatorImport in, int[] pairs, int count)
      throws NetworkFileException {
    if (pairs.length != 2 * count) {
      throw in.bad("%d margins for %d dimensions".formatted(pairs.length, count));
    }
    for (int margin : pairs) {
      if (margin < 0) {
        throw in.bad("margins must not be negative, got %d".formatted(margin));
      }
    }
  }

  private static GraphValue padded(OperatorImport in, GraphValue value, int[] pads)
      throws NetworkFileException {
    int[] dims = value.shape().dims().stream().mapToInt(Integer::intValue).toArray();
    Moves moves = Moves.of(value.shape());
    for (int i = 0; i < pads.length / 2; i++) {
      moves = moves.before(1 + i, pads[2 * i]);
      dims[1 + i] = Math.addExact(dims[1 + i], Math.addExact(pads[2 * i], pads[2 * i + 1]));
    }
    FileShape to = FileShape.of(dims);
    if (to.equals(value.shape())) {
      return value;
    }
    TensorType type = to.type(value.type().kind());
    String name = in.graph().unique(in.made().name() + "/padded");
    return new GraphValue(in.add(moves.layer(name, value, to, type, to.axesAsStored())), to, type);
  }

  /** The axes of dimensions in the order in which [C][H][W] counts. */
  private static List<Axis> stored(FileShape to, List<List<Axis>> axes) {
    List<Axis> all = new ArrayList<>();
    to.axesAsStored().forEach(axis -> all.addAll(axes.get(axis)));
    return all;
  }

  private static void finish(
      OperatorImport in, GraphValue value, FileShape to, List<List<Axis>> axes)
      throws NetworkFileException, Unsupported {
    in.requireShape(to);
    TensorType type = in.made().made();
    if (!type.kind().equals(value.type().kind())) {
      throw in.bad("takes %s to %s".formatted(value.type().describe(), type.describe()));
    }
    in.finish(new Rearrange(in.name(), List.of(value.tensor()), type, 0, stored(to, axes)));
  }
}
