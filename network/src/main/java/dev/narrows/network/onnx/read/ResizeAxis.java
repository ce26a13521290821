package dev.narrows.network.onnx.read;

import dev.narrows.network.onnx.graph.OnnxAttributes;
import java.util.Arrays;

/**
 * Where the elements of one axis of a resized value come from.
 *
 * @param scale output elements for one of the input
 * @param start of the region that is cut out, in parts of the input's size
 * @param end of it
 */
record ResizeAxis(int size, int output, float scale, float start, float end, ResizeRule rule) {
  /**
   * How places are found and what is mixed there.
   *
   * @param coordinates such as {@code half_pixel}
   * @param nearest such as {@code round_prefer_floor}, or {@code simple} of the first versions
   * @param cubic the coefficient A
   */
  record ResizeRule(
      String mode,
      String coordinates,
      String nearest,
      double cubic,
      boolean excludesOutside,
      boolean antialias,
      double extrapolation) {
    static ResizeRule of(OnnxAttributes attributes, int opset) {
      boolean first = opset < 11; // Resize of version 10 and Upsample
      return new ResizeRule(
          attributes.text("mode", "nearest"),
          first ? "asymmetric" : attributes.text("coordinate_transformation_mode", "half_pixel"),
          first ? "simple" : attributes.text("nearest_mode", "round_prefer_floor"),
          attributes.number("cubic_coeff_a", -0.75f),
          attributes.integer("exclude_outside", 0) != 0,
          attributes.integer("antialias", 0) != 0,
          attributes.number("extrapolation_value", 0));
    }

    boolean crops() {
      return coordinates.equals("tf_crop_and_resize");
    }
  }

  /** Whether every element stays as it is. */
  boolean isWhole() {
    return size == output && scale == 1 && !rule.crops();
  }

  /** Where an output element lies, in elements of the input: each step in binary32. */
  float place(int x) {
    return switch (rule.coordinates) {
      case "half_pixel" -> (x + 0.5f) / scale - 0.5f;
      case "half_pixel_symmetric" -> {
        float adjustment = output / (scale * size);
        float offset = size / 2f * (1 - adjustment);
        yield offset + (x + 0.5f) / scale - 0.5f;
      }
      case "pytorch_half_pixel" -> output == 1 ? -0.5f : (x + 0.5f) / scale - 0.5f;
      case "align_corners" -> output == 1 ? 0 : x * (size - 1f) / (output - 1f);
      case "asymmetric" -> x / scale;
      case "tf_crop_and_resize" ->
          output == 1
              ? 0.5f * (start + end) * (size - 1)
              : start * (size - 1) + x * ((end - start) * (size - 1) / (output - 1));
      default ->
          throw new IllegalArgumentException(
              "no coordinate_transformation_mode " + rule.coordinates);
    };
  }

  /** Whether an output element lies outside, where the extrapolated number stands. */
  boolean isOutside(int x) {
    float place = place(x);
    return rule.crops() && (place < 0 || place > size - 1);
  }

  /** The nearest input element of each output element. */
  int[] nearest() {
    LoweringBudget.take(output);
    int[] indices = new int[output];
    Arrays.setAll(indices, x -> Math.clamp((long) nearest(place(x)), 0, size - 1));
    return indices;
  }

  private double nearest(double place) {
    return switch (rule.nearest) {
      case "round_prefer_floor" -> Math.ceil(place - 0.5);
      case "round_prefer_ceil" -> Math.floor(place + 0.5);
      case "floor" -> Math.floor(place);
      case "ceil" -> Math.ceil(place);
      case "simple" -> scale < 1 ? Math.ceil(place) : Math.floor(place);
      default -> throw new IllegalArgumentException("no nearest_mode " + rule.nearest);
    };
  }

  /**
   * The two neighbours of an output element.
   *
   * @param lower index of the input
   * @param upper index of the input, the same at the end
   * @param lowerShare weight of the lower one
   * @param upperShare weight of the upper one
   */
  record AxisNeighbours(int lower, int upper, float lowerShare, float upperShare) {}

  /** The neighbours of output element {@code x}, in binary32 as ONNX Runtime has them. */
  AxisNeighbours neighbours(int x) {
    float at = Math.clamp(scale == 1 ? x : place(x), 0f, size - 1f);
    int lower = (int) at;
    int upper = Math.min(lower + 1, size - 1);
    return lower == upper
        ? new AxisNeighbours(lower, upper, 0.5f, 0.5f)
        : new AxisNeighbours(lower, upper, Math.abs(at - upper), Math.abs(at - lower));
  }

  /** The rows and weights of a mixture. */
  record Taps(int taps, int[] rows, float[] weights) {}

  /** Whether mixtures are made in binary32 by four cubic shares, as ONNX Runtime has them. */
  boolean isPlainCubic() {
    return rule.mode.equals("cubic") && !rule.antialias;
  }

  /** What each output element is mixed of. */
  Taps taps() {
    if (isPlainCubic()) {
      return cubicTaps();
    }
    double stretch = rule.antialias ? Math.min(scale, 1) : 1;
    int reach = rule.mode.equals("cubic") ? 2 : 1;
    int first = (int) Math.floor(-reach / stretch) + 1;
    int count = Math.addExact(2, -2 * first);
    LoweringBudget.take(2L * output * count);
    int[] rows = new int[Math.multiplyExact(output, count)];
    float[] weights = new float[rows.length];
    for (int x = 0; x < output; x++) {
      double place = place(x);
      double whole = Math.floor(place);
      double ratio = place - whole;
      double[] shares = new double[count];
      double sum = 0;
      for (int t = 0; t < count; t++) {
        double at = whole + first + t;
        rows[x * count + t] = Math.clamp((long) at, 0, size - 1);
        boolean excluded = rule.excludesOutside && (at < 0 || at >= size);
        shares[t] = excluded ? 0 : share((first + t - ratio) * stretch);
        sum += shares[t];
      }
      for (int t = 0; t < count; t++) {
        weights[x * count + t] = (float) (shares[t] / sum);
      }
    }
    return new Taps(count, rows, weights);
  }

  private Taps cubicTaps() {
    int count = 4;
    LoweringBudget.take(2L * output * count);
    int[] rows = new int[Math.multiplyExact(output, count)];
    float[] weights = new float[rows.length];
    for (int x = 0; x < output; x++) {
      float place = scale == 1 ? x : place(x);
      float whole = (float) Math.floor(place);
      float[] shares = cubicShares(place - whole);
      float sum = rule.excludesOutside ? 0 : 1;
      for (int t = 0; t < count; t++) {
        float at = whole - 1 + t;
        rows[x * count + t] = Math.clamp((long) at, 0, size - 1);
        if (rule.excludesOutside) {
          shares[t] = at < 0 || at >= size ? 0 : shares[t];
          sum += shares[t];
        }
      }
      for (int t = 0; t < count; t++) {
        weights[x * count + t] = shares[t] / sum;
      }
    }
    return new Taps(count, rows, weights);
  }

  /** Keys's cubic at distances 1 + s, s, 1 − s and 2 − s. */
  private float[] cubicShares(float s) {
    float a = (float) rule.cubic;
    return new float[] {outer(a, s + 1), inner(a, s), inner(a, 1 - s), outer(a, 2 - s)};
  }

  private static float inner(float a, float x) {
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  }

  private static float outer(float a, float x) {
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  }

  private double share(double distance) {
    double x = Math.abs(distance);
    if (rule.mode.equals("linear")) {
      return Math.max(0, 1 - x);
    }
    double a = rule.cubic;
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
}
