package dev.narrows.network;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a tensor in a file that puts channels last, and where its elements lie in Narrows'
 * [C][H][W]. The first dimension is the batch where it is 1 and not the only one. Of what is left
 * the last is channels: [C], [H, C] or [H, W, C]. Of more dimensions all but the last two count as
 * rows, [N·H, W, C]: so are several images one above the other.
 *
 * @param dims as the file has them, each at least 1; none for a single number
 * @param kept whether the words lie in the file's own order, whatever the dimensions mean: then [C,
 *     H, W] are channels, rows and columns
 */
public record FileShape(List<Integer> dims, boolean kept) {
  public FileShape {
    dims = List.copyOf(dims);
    long elements = 1;
    for (int dim : dims) {
      Checks.require(dim >= 1, "dimensions must be at least 1, got %s", dims);
      elements = Math.min(Integer.MAX_VALUE + 1L, elements * dim);
    }
    Checks.require(elements <= Integer.MAX_VALUE, "%s is more than 2^31 - 1 elements", dims);
  }

  /** A shape in a file that puts channels last. */
  public FileShape(List<Integer> dims) {
    this(dims, false);
  }

  /** A shape whose elements lie in the file's own order. */
  public static FileShape kept(List<Integer> dims) {
    return new FileShape(dims, true);
  }

  /** A shape of these dimensions. */
  public static FileShape of(int... dims) {
    return new FileShape(Arrays.stream(dims).boxed().toList());
  }

  /** Number of dimensions, the batch included. */
  public int rank() {
    return dims.size();
  }

  /** A dimension. */
  public int dim(int axis) {
    return dims.get(axis);
  }

  /** The last dimension. */
  public int last() {
    return dims.isEmpty() ? 1 : dims.getLast();
  }

  /** The product of all dimensions. */
  public int elements() {
    return dims.stream().reduce(1, (a, b) -> a * b);
  }

  /** The dimensions without a batch of one in front. */
  public List<Integer> perImage() {
    return rank() >= 2 && dim(0) == 1 ? dims.subList(1, rank()) : dims;
  }

  /** The tensor that Narrows has for it. */
  public TensorType type(ElementKind kind) {
    List<Integer> image = perImage();
    int size = image.size();
    if (kept && size == 3) {
      return new TensorType(image.get(0), image.get(1), image.get(2), kind);
    }
    if (kept && size == 2) {
      return new TensorType(image.get(0), image.get(1), 1, kind);
    }
    if (kept || size < 2) {
      return new TensorType(elements(), 1, 1, kind);
    }
    int width = size == 2 ? 1 : image.get(size - 2);
    return new TensorType(last(), elements() / last() / width, width, kind);
  }

  /** How far apart in [C][H][W] neighbours along each dimension are. */
  public int[] strides() {
    if (kept || perImage().size() < 2) {
      return fileStrides();
    }
    int[] strides = new int[rank()];
    int stride = 1;
    for (int axis = rank() - 2; axis >= rank() - perImage().size(); axis--) {
      strides[axis] = stride;
      stride *= dim(axis);
    }
    strides[rank() - 1] = stride;
    return strides;
  }

  /** How far apart in the file's own order neighbours along each dimension are. */
  public int[] fileStrides() {
    int[] strides = new int[rank()];
    int stride = 1;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dim(axis);
    }
    return strides;
  }

  /** The dimensions by their strides, the widest first: the order in which [C][H][W] counts. */
  public List<Integer> axesAsStored() {
    List<Integer> axes =
        new ArrayList<>(IntStream.range(rank() - perImage().size(), rank()).boxed().toList());
    if (!kept && axes.size() > 1) {
      axes.addFirst(axes.removeLast());
    }
    return axes;
  }

  /** Whether [C][H][W] is the file's own order. */
  public boolean inFileOrder() {
    return kept || perImage().size() < 2 || last() == 1 || last() == elements();
  }

  /** The place in [C][H][W] of each element in the file's order. */
  public int[] places() {
    int[] strides = strides();
    int[] places = {0};
    for (int axis = 0; axis < rank(); axis++) {
      int[] finer = new int[places.length * dim(axis)];
      for (int i = 0; i < finer.length; i++) {
        finer[i] = places[i / dim(axis)] + i % dim(axis) * strides[axis];
      }
      places = finer;
    }
    return places;
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
