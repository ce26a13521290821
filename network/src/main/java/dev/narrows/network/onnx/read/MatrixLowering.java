package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Products of matrices. What a constant multiplies is a dot layer, two activations are a product of
 * activations. Columns are what is multiplied, so a left operand is laid [terms][rows] before, and
 * a result [channels][rows] back behind.
 */
final class MatrixLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "MatMul", MatrixLowering::matmul,
          "Gemm", MatrixLowering::gemm,
          "com.microsoft.FusedMatMul", MatrixLowering::fused,
          "com.microsoft.TransposeMatMul", MatrixLowering::fused,
          "com.microsoft.FusedGemm", node -> FusedFunctions.behind(node, MatrixLowering::gemm));

  private MatrixLowering() {}

  private static void matmul(LoweringNode node) throws NotNativeException {
    List<Integer> left = dims(node, 0);
    List<Integer> right = dims(node, 1);
    if (left.isEmpty() || right.isEmpty()) {
      throw new IllegalArgumentException("a number is no matrix");
    }
    List<Integer> a = left.size() == 1 ? List.of(1, left.get(0)) : left;
    List<Integer> b = right.size() == 1 ? List.of(right.get(0), 1) : right;
    LoweredValue made = multiplied(node, a, b, 1);
    List<Integer> dims = new ArrayList<>(made.dims());
    if (right.size() == 1) {
      dims.removeLast();
    }
    if (left.size() == 1) {
      dims.remove(made.rank() - 2);
    }
    node.put(0, MoveLayers.shaped(made, dims));
  }

  /** A product of matrices that may be transposed first, times a number. */
  private static void fused(LoweringNode node) throws NotNativeException {
    OnnxAttributes attributes = node.attributes();
    if (attributes.integer("transBatchA", 0) != 0 || attributes.integer("transBatchB", 0) != 0) {
      throw new NotNativeException("batches are transposed");
    }
    boolean flipLeft = attributes.integer("transA", 0) != 0;
    boolean flipRight = attributes.integer("transB", 0) != 0;
    List<Integer> left = swapped(dims(node, 0), flipLeft);
    List<Integer> right = swapped(dims(node, 1), flipRight);
    if (!left.getLast().equals(right.get(right.size() - 2))) {
      throw new IllegalArgumentException("%s and %s do not multiply".formatted(left, right));
    }
    Optional<NdTensor> leftWeights = SumLayers.weights(node, 0);
    Optional<NdTensor> rightWeights = SumLayers.weights(node, 1);
    LoweredProduct product = new LoweredProduct(node, left, right, attributes.number("alpha", 1));
    LoweredValue made;
    if (rightWeights.isPresent()) {
      NdTensor weights = swapped(rightWeights.get(), flipRight);
      made = product.constantRight(swapped(node, 0, flipLeft), weights);
    } else if (leftWeights.isPresent()) {
      NdTensor weights = swapped(leftWeights.get(), flipLeft);
      made = product.constantLeft(weights, swapped(node, 1, flipRight));
    } else {
      made = product.activations(swapped(node, 0, flipLeft), swapped(node, 1, flipRight));
    }
    node.put(0, made);
  }

  /** All axes, the last two swapped. */
  private static int[] swapping(int rank) {
    if (rank < 2) {
      throw new IllegalArgumentException("%d dimensions are no matrix".formatted(rank));
    }
    int[] axes = Axes.all(rank);
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return axes;
  }

  private static List<Integer> swapped(List<Integer> dims, boolean flip) {
    int[] axes = swapping(dims.size());
    return flip ? Arrays.stream(axes).mapToObj(dims::get).toList() : dims;
  }

  private static LoweredValue swapped(LoweringNode node, int input, boolean flip)
      throws NotNativeException {
    LoweredValue value = node.floats(input);
    return flip ? MoveLayers.transposed(node, value, swapping(value.rank())) : value;
  }

  private static NdTensor swapped(NdTensor matrices, boolean flip) {
    return flip ? moved(matrices, swapping(matrices.rank())) : matrices;
  }

  private static NdTensor moved(NdTensor tensor, int... axes) {
    Places places = Places.of(tensor.dims()).transposed(axes);
    int[] at = places.at();
    float[] numbers = tensor.floats();
    float[] moved = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      moved[i] = numbers[at[i]];
    }
    return NdTensor.of(moved, moved.length).shaped(places.dims());
  }

  private static List<Integer> dims(LoweringNode node, int input) throws NotNativeException {
    Optional<NdTensor> constant = SumLayers.weights(node, input);
    return constant.isPresent() ? constant.get().dims() : node.floats(input).dims();
  }

  /**
   * The first two inputs multiplied, batch by batch.
   *
   * @param left dimensions of the left input, at least two
   * @param right of the right one
   * @param scale what sums are multiplied with
   */
  private static LoweredValue multiplied(
      LoweringNode node, List<Integer> left, List<Integer> right, float scale)
      throws NotNativeException {
    int terms = left.getLast();
    if (right.get(right.size() - 2) != terms) {
      throw new IllegalArgumentException("%s and %s do not multiply".formatted(left, right));
    }
    Optional<NdTensor> leftWeights = SumLayers.weights(node, 0);
    Optional<NdTensor> rightWeights = SumLayers.weights(node, 1);
    LoweredProduct product = new LoweredProduct(node, left, right, scale);
    if (rightWeights.isPresent()) {
      return product.constantRight(node.floats(0), rightWeights.get());
    }
    return leftWeights.isPresent()
        ? product.constantLeft(leftWeights.get(), node.floats(1))
        : product.activations(node.floats(0), node.floats(1));
  }

  private static void gemm(LoweringNode node) throws NotNativeException {
    float alpha = node.attributes().number("alpha", 1);
    float beta = node.attributes().number("beta", 1);
    boolean flipLeft = node.attributes().integer("transA", 0) != 0;
    boolean flipRight = node.attributes().integer("transB", 0) != 0;
    LoweredValue made = new Gemm(node, alpha, flipLeft, flipRight).lower(beta);
    node.put(0, made);
  }

  /** One product of matrices with a bias, which goes into a dot layer where it can. */
  private record Gemm(LoweringNode node, float alpha, boolean flipLeft, boolean flipRight) {
    LoweredValue lower(float beta) throws NotNativeException {
      List<Integer> left = flipped(dims(node, 0), flipLeft);
      List<Integer> right = flipped(dims(node, 1), flipRight);
      if (left.size() != 2 || right.size() != 2 || !left.get(1).equals(right.get(0))) {
        throw new IllegalArgumentException("%s and %s do not multiply".formatted(left, right));
      }
      int channels = right.get(1);
      Optional<NdTensor> bias = SumLayers.weights(node, 2);
      Optional<NdTensor> rightWeights = SumLayers.weights(node, 1);
      LoweredProduct product = new LoweredProduct(node, left, right, alpha);
      if (rightWeights.isPresent()) {
        NdTensor weights = rightWeights.get();
        LoweredValue columns = turned(node.floats(0), flipLeft);
        boolean inside = bias.isPresent() && perChannel(bias.get(), channels);
        float[] biases = inside ? scaled(bias.get(), channels, beta) : new float[0];
        LoweredValue made =
            flipRight && weights.elements() > 0 // a large matrix is not turned twice
                ? product.constantTurned(columns, weights.floats(), biases)
                : product.constantRight(columns, turned(weights, flipRight), biases);
        return inside ? made : plus(made, beta);
      }
      Optional<NdTensor> leftWeights = SumLayers.weights(node, 0);
      LoweredValue columns = turned(node.floats(1), flipRight);
      return plus(
          leftWeights.isPresent()
              ? product.constantLeft(turned(leftWeights.get(), flipLeft), columns)
              : product.activations(turned(node.floats(0), flipLeft), columns),
          beta);
    }

    private static List<Integer> flipped(List<Integer> dims, boolean flip) {
      return flip ? dims.reversed() : dims;
    }

    private NdTensor turned(NdTensor matrix, boolean flip) {
      if (!flip) {
        return matrix;
      }
      return moved(matrix, 1, 0);
    }

    private LoweredValue turned(LoweredValue matrix, boolean flip) {
      return flip ? MoveLayers.transposed(node, matrix, 1, 0) : matrix;
    }

    private static boolean perChannel(NdTensor bias, int channels) {
      return bias.elements() == 1
          || bias.elements() == channels && bias.dims().getLast() == channels;
    }

    private static float[] scaled(NdTensor bias, int channels, float beta) {
      float[] given = bias.floats();
      float[] scaled = new float[channels];
      for (int c = 0; c < channels; c++) {
        scaled[c] = given[given.length == 1 ? 0 : c] * beta;
      }
      return scaled;
    }

    private LoweredValue plus(LoweredValue made, float beta) throws NotNativeException {
      if (!node.has(2) || beta == 0) {
        return made;
      }
      LoweredValue bias = node.floats(2);
      if (beta != 1) {
        LoweredValue factor = NumberLayers.constant(node, "beta", beta);
        bias = SumLayers.pair(node, "scaled", Elementwise.Operation.MULTIPLY, bias, factor);
      }
      return SumLayers.plus(node, made, bias);
    }
  }
}
