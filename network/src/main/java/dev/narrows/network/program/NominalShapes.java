package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.program.StepNetwork.ArrayType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shapes for a sum whose inputs have none yet: the smallest that its constant weights take, which
 * give one position. Bounds of a layer do not depend on how many positions it has.
 */
final class NominalShapes {
  private final OnnxNode node;
  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final KnownArrays known;
  private final Map<String, ArrayType> shapes = new HashMap<>(); // of what the step reads

  private NominalShapes(OwnStep step, KnownArrays known) {
    this.known = known;
    step.nodes().forEach(one -> one.outputs().forEach(name -> makers.put(name, one)));
    this.node = step.sum();
  }

  /**
   * Shapes of what a step reads beside constants.
   *
   * @param known constants, those that the step's nodes compute too
   * @return empty if its weights are not constant
   */
  static Optional<Map<String, ArrayType>> of(OwnStep step, KnownArrays known) {
    NominalShapes shapes = new NominalShapes(step, known);
    return shapes.find() ? Optional.of(shapes.shapes) : Optional.empty();
  }

  private boolean find() {
    String operator = node.operator();
    return switch (operator) {
      case "Conv", "FusedConv" -> window(0, 1, false);
      case "ConvInteger" -> window(0, 1, false) && zero(2);
      case "ConvTranspose" -> window(0, 1, true);
      case "QLinearConv" -> window(0, 3, false);
      case "MatMul", "FusedMatMul", "TransposeMatMul" -> matrices(0, 1);
      case "MatMulInteger" -> matrices(0, 1) && zero(2);
      case "MatMulIntegerToFloat" -> matrices(0, 1) && scale(2) && zero(4);
      case "DynamicQuantizeMatMul" -> matrices(0, 1);
      case "QLinearMatMul", "QGemm" -> matrices(0, 3);
      case "Gemm", "FusedGemm" -> matrices(0, 1) && vector(2);
      case "MatMulNBits" -> put(0, List.of(1, node.attributes().int32("K", 1)));
      default -> false;
    };
  }

  /** [1, channels, kernel…] for weights [M, channels / groups, kernel…]. */
  private boolean window(int image, int weights, boolean transposed) {
    Optional<NdTensor> kernel = known.constant(node.input(weights));
    if (kernel.isEmpty() || kernel.get().rank() < 3) {
      return false;
    }
    List<Integer> shape = kernel.get().dims();
    int groups = node.attributes().int32("group", 1);
    List<Integer> dims = new ArrayList<>(List.of(1));
    dims.add(transposed ? shape.get(0) : shape.get(1) * groups);
    long[] dilations = node.attributes().integers("dilations").orElse(new long[shape.size() - 2]);
    for (int axis = 2; axis < shape.size(); axis++) {
      long dilation = axis - 2 < dilations.length ? Math.max(1, dilations[axis - 2]) : 1;
      dims.add(transposed ? 1 : (int) Math.min(1 << 12, (shape.get(axis) - 1) * dilation + 1));
    }
    return put(image, dims);
  }

  /** The other matrix of a product with a constant one: one row, or one column. */
  private boolean matrices(int left, int right) {
    Optional<NdTensor> b = known.constant(node.input(right));
    if (b.isPresent() && b.get().rank() >= 1) {
      boolean turned = node.attributes().integer("transB", 0) != 0;
      int rank = b.get().rank();
      List<Integer> dims = b.get().dims();
      int terms = rank == 1 || turned ? dims.getLast() : dims.get(rank - 2);
      boolean column = node.attributes().integer("transA", 0) != 0;
      List<Integer> other = new ArrayList<>(dims.subList(0, Math.max(0, rank - 2)));
      other.addAll(column ? List.of(terms, 1) : List.of(1, terms));
      return put(left, other);
    }
    Optional<NdTensor> a = known.constant(node.input(left));
    if (a.isPresent() && a.get().rank() >= 1) {
      boolean column = node.attributes().integer("transA", 0) != 0;
      int rank = a.get().rank();
      List<Integer> dims = a.get().dims();
      int terms = rank == 1 || !column ? dims.getLast() : dims.get(rank - 2);
      List<Integer> other = new ArrayList<>(dims.subList(0, Math.max(0, rank - 2)));
      boolean turned = node.attributes().integer("transB", 0) != 0;
      other.addAll(turned ? List.of(1, terms) : List.of(terms, 1));
      return put(right, other);
    }
    return false;
  }

  /** A zero point that is computed: any code of 8 bits, whichever sign they have. */
  private boolean zero(int input) {
    if (node.has(input) && known.constant(node.input(input)).isEmpty()) {
      shapes.put(node.input(input), new ArrayType(NdType.UINT8, List.of()));
    }
    return true;
  }

  /** A scale that is computed. */
  private boolean scale(int input) {
    if (known.constant(node.input(input)).isEmpty()) {
      shapes.put(node.input(input), new ArrayType(NdType.FLOAT, List.of()));
    }
    return true;
  }

  /** A bias that is not constant. */
  private boolean vector(int input) {
    return !node.has(input) || put(input, List.of(1));
  }

  private boolean put(int input, List<Integer> dims) {
    String name = node.input(input);
    if (known.constant(name).isPresent()) {
      return true;
    }
    OnnxNode maker = makers.get(name);
    if (maker == null) {
      shapes.put(name, new ArrayType(type(input), dims));
    } else { // a DequantizeLinear: the step reads its codes
      shapes.put(maker.input(0), new ArrayType(codes(maker.input(2)), dims));
    }
    return true;
  }

  private NdType type(int input) {
    return switch (node.operator()) {
      case "QLinearConv", "QLinearMatMul", "QGemm" -> codes(node.input(input + 2));
      case "ConvInteger", "MatMulInteger", "MatMulIntegerToFloat" -> codes(node.input(input + 2));
      default -> NdType.FLOAT;
    };
  }

  /** The type of a zero point; UINT8 where there is none. */
  private NdType codes(String zeroPoint) {
    return known.type(zeroPoint).orElse(NdType.UINT8);
  }
}
