package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tensor of which a file holds some elements only, the others being 0: levels in the order of
 * {@code traversal_order}, each dense or with the places that are there. Blocks are levels behind
 * those of the tensor's own dimensions.
 */
final class SparseContent {
  private static final int MAX_LEVELS = 16;
  private static final int DENSE = 0;

  private final FlatTable sparsity;
  private final FileShape shape;
  private final FlatVector data;
  private final int size;
  private final Level[] levels;
  private final int[] blocks;
  private final byte[] dense;

  /**
   * One level.
   *
   * @param axis the dimension of the tensor that it is of
   * @param count indices of a dense level; 0 of a sparse one
   * @param segments where the places of each index of the level before begin; none of a dense one
   * @param places none of a dense level
   */
  private record Level(int axis, int count, int[] segments, int[] places) {}

  private SparseContent(FlatTable sparsity, FileShape shape, FlatVector data, int size)
      throws NetworkFileException {
    this.sparsity = sparsity;
    this.shape = shape;
    this.data = data;
    this.size = size;
    int[] order = sparsity.vector(0, 4, "traversal_order").ints(MAX_LEVELS);
    int[] map = sparsity.vector(1, 4, "block_map").ints(MAX_LEVELS);
    FlatVector dimensions = sparsity.vector(2, 4, "dim_metadata");
    int rank = shape.rank();
    if (order.length != rank + map.length || dimensions.count() != order.length) {
      throw sparsity.bad(
          "dim_metadata",
          "%d levels in an order of %d for %d dimensions and %d blocks"
              .formatted(dimensions.count(), order.length, rank, map.length));
    }
    boolean[] seen = new boolean[order.length];
    levels = new Level[order.length];
    blocks = new int[rank];
    Arrays.fill(blocks, 1);
    for (int i = 0; i < order.length; i++) {
      int of = order[i];
      boolean own = i < rank;
      if (of < 0 || of >= order.length || seen[of] || own != of < rank) {
        throw sparsity.bad("traversal_order", "level %d is of dimension %d".formatted(i, of));
      }
      seen[of] = true;
      int axis = own ? of : map[of - rank];
      if (axis < 0 || axis >= rank) {
        throw sparsity.bad("block_map", "a block of dimension %d of %s".formatted(axis, shape));
      }
      levels[i] = level(dimensions.table(i), axis);
      if (!own) {
        blocks[axis] *= levels[i].count();
        if (levels[i].count() == 0 || shape.dim(axis) % blocks[axis] != 0) {
          throw sparsity.bad(
              "dim_metadata", "blocks of %d in %s".formatted(levels[i].count(), shape));
        }
      }
    }
    dense = new byte[shape.elements() * size];
  }

  /**
   * All bytes of a tensor.
   *
   * @param size bytes of an element
   */
  static FlatVector dense(FlatTable sparsity, FileShape shape, FlatVector data, int size)
      throws NetworkFileException {
    SparseContent content = new SparseContent(sparsity, shape, data, size);
    content.place(0, 0, new int[shape.rank()], new int[shape.rank()]);
    FlatBytes bytes = FlatBytes.of(data.bytes().file(), ByteBuffer.wrap(content.dense));
    return new FlatVector(bytes, data.place(), 0, content.dense.length, 1);
  }

  private Level level(FlatTable table, int axis) throws NetworkFileException {
    if (table.i8(0, DENSE, "format") == DENSE) {
      int count = table.i32(1, 0, "dense_size");
      if (count < 1 || count > shape.dim(axis)) {
        throw table.bad("dense_size", "%d of dimension %s".formatted(count, shape.dim(axis)));
      }
      return new Level(axis, count, new int[0], new int[0]);
    }
    return new Level(
        axis, 0, indices(table, 2, "array_segments"), indices(table, 4, "array_indices"));
  }

  /** Integers of 32, 16 or 8 bits, as a type and a table with the vector. */
  private static int[] indices(FlatTable table, int field, String name)
      throws NetworkFileException {
    int type = table.i8(field, 0, name + "_type");
    if (type < 1 || type > 3) {
      throw table.bad(name + "_type", "expected 1 to 3, got " + type);
    }
    int size = type == 1 ? 4 : type == 2 ? 2 : 1;
    FlatVector values = table.table(field + 1, name).vector(0, size, "values");
    int[] indices = new int[values.count()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] =
          switch (size) {
            case 4 -> values.i32(i);
            case 2 -> values.i16(i) & 0xFFFF;
            default -> values.i8(i) & 0xFF;
          };
    }
    return indices;
  }

  /**
   * Puts the elements of a level where they belong.
   *
   * @param before the number of the index that the level before has
   * @param outer the index along each dimension so far, in blocks
   * @param inner the index in the block along each dimension
   */
  private void place(int number, int before, int[] outer, int[] inner) throws NetworkFileException {
    if (number == levels.length) {
      put(before, outer, inner);
      return;
    }
    Level level = levels[number];
    boolean own = number < shape.rank();
    int[] index = own ? outer : inner;
    int kept = index[level.axis()];
    if (level.count() > 0) {
      for (int i = 0; i < level.count(); i++) {
        index[level.axis()] = own ? i : kept * level.count() + i;
        place(
            number + 1, Math.addExact(Math.multiplyExact(before, level.count()), i), outer, inner);
      }
    } else {
      int[] segments = level.segments();
      if (before + 1 >= segments.length
          || segments[before] < 0
          || segments[before + 1] < segments[before]
          || segments[before + 1] > level.places().length
          || before > 0 && segments[before] < segments[before - 1]) {
        throw sparsity.bad(
            "dim_metadata", "no segment %d of %d".formatted(before, segments.length - 1));
      }
      for (int i = segments[before]; i < segments[before + 1]; i++) {
        index[level.axis()] = level.places()[i];
        place(number + 1, i, outer, inner);
      }
    }
    index[level.axis()] = kept;
  }

  private void put(int element, int[] outer, int[] inner) throws NetworkFileException {
    long place = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      long index = (long) outer[axis] * blocks[axis] + inner[axis];
      if (index < 0 || index >= shape.dim(axis)) {
        throw sparsity.bad(
            "dim_metadata", "element %d of dimension %d of %s".formatted(index, axis, shape));
      }
      place = place * shape.dim(axis) + index;
    }
    for (int i = 0; i < size; i++) {
      dense[(int) place * size + i] = data.i8(element * size + i);
    }
  }
}
