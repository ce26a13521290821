package dev.narrows.network.onnx.read;

import dev.narrows.core.format.Widths;
import dev.narrows.network.array.NdTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A constant that the graph keeps as codes: what a DequantizeLinear or a Quant of constants makes.
 * Element i is (codes[i] − zero) · scale.
 *
 * @param codes row-major; shared, do not modify
 * @param scales one, or one an element; shared, do not modify
 * @param zeros one, or one an element; shared, do not modify
 */
record QuantizedConstant(List<Integer> dims, int[] codes, float[] scales, int[] zeros) {
  QuantizedConstant {
    dims = List.copyOf(dims);
    if (codes.length != NdTensor.count(dims)
        || scales.length != 1 && scales.length != codes.length
        || zeros.length != 1 && zeros.length != codes.length) {
      throw new IllegalArgumentException("scales, zero points and codes must be alike in number");
    }
  }

  /**
   * The codes of a file's constant.
   *
   * @param scales one, one an index of {@code axis}, or one a block of it
   * @param axis of scales and zero points; may count from the last
   * @param block elements of the axis that share a scale; 0 for one an index
   */
  static QuantizedConstant of(
      NdTensor codes, NdTensor scales, Optional<NdTensor> zeros, long axis, long block) {
    int[] words = Arrays.stream(codes.integers()).mapToInt(Axes::word).toArray();
    NdTensor finest = zeros.filter(z -> z.elements() > scales.elements()).orElse(scales);
    int[] places = finest.elements() == 1 ? new int[1] : places(codes.dims(), finest, axis, block);
    float[] given = scales.floats();
    float[] scale = new float[given.length == 1 ? 1 : places.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = given[given.length == 1 ? 0 : places[i]];
    }
    long[] points = zeros.isPresent() ? zeros.get().integers() : new long[1];
    int[] zero = new int[points.length == 1 ? 1 : places.length];
    for (int i = 0; i < zero.length; i++) {
      zero[i] = Axes.word(points[points.length == 1 ? 0 : places[i]]);
    }
    return new QuantizedConstant(codes.dims(), words, scale, zero);
  }

  /** For each element the place of its scale: one an index of the axis, or one a block of it. */
  static int[] places(List<Integer> dims, NdTensor scales, long given, long block) {
    int axis = Axes.of(given, dims.size());
    Places at = Places.of(scales.dims());
    if (block == 0) {
      if (scales.rank() != 1 || scales.elements() != dims.get(axis)) {
        throw new IllegalArgumentException("scales of %s for %s".formatted(scales.dims(), dims));
      }
      int[] shape = new int[dims.size()];
      Arrays.fill(shape, 1);
      shape[axis] = scales.elements();
      return at.shaped(Arrays.stream(shape).boxed().toList()).expanded(dims).at();
    }
    int[] blocks = new int[dims.get(axis)];
    Arrays.setAll(blocks, i -> (int) (i / block));
    if (block < 0
        || scales.rank() != dims.size()
        || scales.dims().get(axis) != Math.ceilDiv(dims.get(axis), block)) {
      throw new IllegalArgumentException("scales of %s for %s".formatted(scales.dims(), dims));
    }
    Places repeated = at.taken(axis, blocks);
    if (!repeated.dims().equals(dims)) {
      throw new IllegalArgumentException("scales of %s for %s".formatted(scales.dims(), dims));
    }
    return repeated.at();
  }

  /** The scale of an element. */
  float scale(int i) {
    return scales[scales.length == 1 ? 0 : i];
  }

  /** The code of real zero at an element. */
  int zero(int i) {
    return zeros[zeros.length == 1 ? 0 : i];
  }

  /** A code less its zero point: what is multiplied. */
  int value(int i) {
    return codes[i] - zero(i);
  }

  /** W, the signed width that every value fits in. */
  int bits() {
    int bits = 1;
    for (int i = 0; i < codes.length; i++) {
      bits = Math.max(bits, Widths.of(value(i)));
    }
    return bits;
  }

  /** The numbers, each rounded to binary32. */
  NdTensor numbers() {
    float[] numbers = new float[codes.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = value(i) * scale(i);
    }
    return NdTensor.of(numbers, numbers.length).shaped(dims);
  }

  /** Elements of this in another order. */
  QuantizedConstant moved(List<Integer> to, int[] places) {
    return new QuantizedConstant(
        to, taken(codes, places), scales(places), zeros.length == 1 ? zeros : taken(zeros, places));
  }

  private float[] scales(int[] places) {
    if (scales.length == 1) {
      return scales;
    }
    float[] moved = new float[places.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = scales[places[i]];
    }
    return moved;
  }

  private static int[] taken(int[] from, int[] places) {
    return Arrays.stream(places).map(place -> from[place]).toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QuantizedConstant that
        && dims.equals(that.dims)
        && Arrays.equals(codes, that.codes)
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(zeros, that.zeros);
  }

  @Override
  public int hashCode() {
    return 31 * dims.hashCode() + Arrays.hashCode(codes);
  }
}
