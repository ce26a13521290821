package dev.narrows.network.onnx.edit;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Constants of a file that may be a layer's weights or bias.
 *
 * @param node its place in the main graph's list
 * @param role the inputs
 * @param codes the integers, or numbers that the node quantises; row-major
 * @param scale one, or one an index of the axis
 * @param zero of all integers
 * @param range the integers less the zero point that the file can hold
 * @param axis along which scales lie
 */
record ConstantSlot(
    int node,
    ConstantRole role,
    NodeProto proto,
    NdTensor codes,
    Optional<NdTensor> scale,
    long zero,
    IntegerRange range,
    int axis) {
  /** The constants of a node; empty for what is computed, or has several zero points or blocks. */
  static Optional<ConstantSlot> of(
      int index, NodeProto node, ConstantRole role, Map<String, NdTensor> known) {
    Optional<NdTensor> codes = Optional.ofNullable(known.get(input(node, role.codes())));
    Optional<NdTensor> scale = Optional.ofNullable(known.get(input(node, role.scale())));
    String zeroName = input(node, role.zero());
    Optional<NdTensor> zeros = Optional.ofNullable(known.get(zeroName));
    boolean quant = ConstantRole.isQuant(node);
    if (codes.isEmpty()
        || role.scale() >= 0 && scale.isEmpty()
        || !zeroName.isEmpty() && zeros.isEmpty()
        || attribute(node, "block_size", 0) != 0
        || codes.get().type() != NdType.FLOAT && quant
        || !codes.get().type().isInteger() && !quant
        || scale.isPresent() && scale.get().type() != NdType.FLOAT) {
      return Optional.empty();
    }
    double[] points = zeros.isPresent() ? zeros.get().doubles() : new double[] {0};
    long zero = points.length == 0 ? 0 : (long) points[0];
    if (points.length == 0 || Arrays.stream(points).anyMatch(point -> point != zero)) {
      return Optional.empty();
    }
    Optional<IntegerRange> range =
        quant ? quantRange(node, known) : integerRange(codes.get().type());
    int rank = codes.get().rank();
    long axis =
        switch (ConstantRole.key(node)) {
          case "DequantizeLinear", "com.microsoft.DequantizeLinear" -> attribute(node, "axis", 1);
          case "QLinearConv" -> 0;
          case "com.microsoft.QGemm" -> attribute(node, "transB", 0) != 0 ? 0 : 1;
          default -> -1;
        };
    int along = Math.clamp(axis < 0 ? axis + rank : axis, 0, Math.max(0, rank - 1));
    ConstantSlot slot =
        new ConstantSlot(
            index,
            role,
            node,
            codes.get(),
            scale,
            zero,
            range.orElse(new IntegerRange(0, 0)).minus(zero),
            along);
    return range.isPresent() && slot.hasPlaces() ? Optional.of(slot) : Optional.empty();
  }

  static String input(NodeProto node, int number) {
    return number >= 0 && number < node.getInputCount() ? node.getInput(number) : "";
  }

  static long attribute(NodeProto node, String name, long otherwise) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute.getI();
      }
    }
    return otherwise;
  }

  private static Optional<IntegerRange> integerRange(NdType type) {
    return type.bits() > 32
        ? Optional.empty()
        : Optional.of(IntegerRange.of(new IntegerFormat(type.bits(), type.isSigned())));
  }

  private static Optional<IntegerRange> quantRange(NodeProto node, Map<String, NdTensor> known) {
    NdTensor width = known.get(input(node, 3));
    boolean signed = attribute(node, "signed", 1) != 0;
    if (width == null || width.elements() != 1) {
      return Optional.empty();
    }
    double bits = width.doubles()[0];
    if (bits != Math.rint(bits) || bits < 2 || bits > 16) {
      return Optional.empty();
    }
    IntegerFormat format = new IntegerFormat((int) bits, signed);
    boolean narrow = attribute(node, "narrow", 0) != 0;
    return Optional.of(
        new IntegerRange(
            signed && narrow ? format.min() + 1 : format.min(),
            !signed && narrow ? format.max() - 1 : format.max()));
  }

  boolean isBias() {
    return role.onlyBias() || codes.type() == NdType.INT32;
  }

  boolean isQuant() {
    return ConstantRole.isQuant(proto);
  }

  String name() {
    return input(proto, role.codes());
  }

  int elements() {
    return codes.elements();
  }

  private boolean hasPlaces() {
    if (scale.isEmpty() || scale.get().elements() == 1) {
      return true;
    }
    List<Integer> dims = scale.get().dims();
    if (isQuant()) {
      int added = codes.rank() - dims.size();
      boolean fits = added >= 0;
      for (int i = 0; fits && i < dims.size(); i++) {
        fits = dims.get(i) == 1 || dims.get(i).equals(codes.dims().get(added + i));
      }
      return fits;
    }
    return dims.size() == 1 && codes.rank() > 0 && dims.getFirst().equals(codes.dims().get(axis));
  }

  /** The place of an element's scale. */
  int scalePlace(int element) {
    if (scale.isEmpty() || scale.get().elements() == 1) {
      return 0;
    }
    if (!isQuant()) {
      return index(element, axis);
    }
    List<Integer> dims = scale.get().dims();
    int added = codes.rank() - dims.size();
    int place = 0;
    for (int i = 0; i < dims.size(); i++) {
      place = place * dims.get(i) + (dims.get(i) == 1 ? 0 : index(element, added + i));
    }
    return place;
  }

  /** An element's index along an axis. */
  int index(int element, int of) {
    int inner = 1;
    for (int i = codes.rank() - 1; i > of; i--) {
      inner *= codes.dims().get(i);
    }
    return element / inner % codes.dims().get(of);
  }

  /** The integers less their zero point. */
  int[] values() {
    int[] values = new int[elements()];
    if (isQuant()) {
      float[] numbers = codes.floats();
      float[] scales = scale.orElseThrow().floats();
      for (int i = 0; i < values.length; i++) {
        double code = Math.rint((double) numbers[i] / scales[scalePlace(i)]);
        values[i] = (int) Math.clamp(code, range.min(), range.max());
      }
      return values;
    }
    long[] integers = codes.integers();
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) (integers[i] - zero);
    }
    return values;
  }

  /**
   * The constant that holds other values.
   *
   * @param scales one an element, or one for all
   */
  NdTensor holding(int[] values, float[] scales) {
    if (isQuant()) {
      float[] numbers = new float[values.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = values[i] * scales[scales.length == 1 ? 0 : i];
      }
      return NdTensor.of(numbers, numbers.length).shaped(codes.dims());
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = values[i] + zero;
    }
    return NdTensor.ofIntegers(codes.type(), integers, codes.dims());
  }

  /** The scale of each element. */
  float[] elementScales() {
    float[] given = scales();
    float[] scales = new float[elements()];
    for (int i = 0; i < scales.length && given.length > 0; i++) {
      scales[i] = given[scalePlace(i)];
    }
    return scales;
  }

  float[] scales() {
    return scale.map(NdTensor::floats).orElse(new float[0]);
  }
}
