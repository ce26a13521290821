package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An image in another height and width, as TFLite has it: each output element is the nearest input
 * element, or a mixture of the four around. Elements keep their meaning, and mixtures stay between
 * what they mix.
 *
 * <p>Mixtures are in binary32 for real numbers and for unsigned codes (rounded half up, then held
 * between the codes that are mixed), in 10-bit fixed point for signed ones (rounded half away from
 * zero): {@link #word}.
 *
 * @param alignCorners whether the corners' centres stay where they are
 * @param halfPixelCenters whether an element lies half a pixel inside
 */
public record Resize(
    String name,
    int input,
    TensorType output,
    Interpolation method,
    boolean alignCorners,
    boolean halfPixelCenters)
    implements FunctionLayer {
  private static final int MOST = 1 << 20; // pixels of a side, so that 10 bits more fit an int
  private static final int FRACTION = 10;
  private static final int ONE = 1 << FRACTION;

  /** How an output element is made. */
  public enum Interpolation {
    NEAREST,
    BILINEAR
  }

  /**
   * Where along one dimension an output element lies.
   *
   * @param lower index of the input before it
   * @param upper index of the input after it, or the same
   * @param part the distance from the lower one, in binary32
   * @param fixed the distance in units of 2^−10
   */
  public record Neighbours(int lower, int upper, float part, int fixed) {}

  public Resize {
    Checks.require(
        method == Interpolation.NEAREST || !alignCorners || !halfPixelCenters,
        "corners cannot be aligned with centres half a pixel inside");
  }

  /** Where the rows of the output lie in the input. */
  public List<Neighbours> rows(TensorType from) {
    return places(from.height(), output.height());
  }

  /** Where the columns of the output lie in the input. */
  public List<Neighbours> columns(TensorType from) {
    return places(from.width(), output.width());
  }

  private List<Neighbours> places(int in, int out) {
    return IntStream.range(0, out)
        .mapToObj(i ->
            switch (method) {
              case NEAREST -> nearest(i, in, out);
              case BILINEAR ->
                  !output.isFloat() && output.quantization().format().signed()
                      ? fixed(i, in, out)
                      : real(i, in, out);
            })
        .toList();
  }

  private float scale(int in, int out) {
    return alignCorners && out > 1 ? (in - 1) / (float) (out - 1) : in / (float) out;
  }

  private Neighbours nearest(int i, int in, int out) {
    float at = (i + (halfPixelCenters ? 0.5f : 0)) * scale(in, out);
    int index = (int) Math.floor(alignCorners ? at + 0.5 : at);
    int inside = Math.clamp(index, 0, in - 1);
    return new Neighbours(inside, inside, 0, 0);
  }

  private Neighbours real(int i, int in, int out) {
    float scale = scale(in, out);
    float at = halfPixelCenters ? (i + 0.5f) * scale - 0.5f : i * scale;
    int lower = Math.clamp((int) Math.floor(at), 0, in - 1);
    int upper = Math.min((int) Math.ceil(at), in - 1);
    return new Neighbours(lower, Math.max(upper, lower), at - lower, 0);
  }

  private Neighbours fixed(int i, int in, int out) {
    boolean aligned = alignCorners && out > 1;
    int steps = aligned ? out - 1 : out;
    int scale = (ONE * (aligned ? in - 1 : in) + steps / 2) / steps;
    int at = halfPixelCenters ? i * scale + scale / 2 - ONE / 2 : i * scale;
    int lower = Math.min(Math.max(at / ONE, 0), in - 1); // beyond: undefined in TFLite
    int upper = Math.clamp((at + ONE - 1) / ONE, lower, in - 1);
    return new Neighbours(lower, upper, 0, at - ONE * lower);
  }

  /**
   * The output word of the words around it.
   *
   * @param a lower row, lower column
   * @param b upper row, lower column
   * @param c lower row, upper column
   * @param d upper row, upper column
   */
  public int word(int a, int b, int c, int d, Neighbours row, Neighbours column) {
    if (method == Interpolation.NEAREST) {
      return a;
    }
    if (output.isFloat()) {
      float mixed =
          mixed(
              Float.intBitsToFloat(a),
              Float.intBitsToFloat(b),
              Float.intBitsToFloat(c),
              Float.intBitsToFloat(d),
              row.part(),
              column.part());
      return Float.floatToRawIntBits(mixed);
    }
    if (!output.quantization().format().signed()) {
      int mixed = (int) (mixed(a, b, c, d, row.part(), column.part()) + 0.5f);
      // binary32 has 24 bits: from codes of 21 bits on its roundings leave what is mixed
      return Math.clamp(
          mixed,
          Math.min(Math.min(a, b), Math.min(c, d)),
          Math.max(Math.max(a, b), Math.max(c, d)));
    }
    long y = row.fixed();
    long x = column.fixed();
    long sum = a * (ONE - y) * (ONE - x) + b * y * (ONE - x) + c * (ONE - y) * x + d * y * x;
    long half = 1L << (2 * FRACTION - 1);
    return (int) ((sum + (sum > 0 ? half : -half)) / (1L << 2 * FRACTION));
  }

  private static float mixed(float a, float b, float c, float d, float y, float x) {
    return a * (1 - y) * (1 - x) + b * y * (1 - x) + c * (1 - y) * x + d * y * x;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    List<Neighbours> rows = rows(from.type());
    List<Neighbours> columns = columns(from.type());
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          Neighbours row = rows.get(y);
          Neighbours column = columns.get(x);
          return word(
              from.word(c, row.lower(), column.lower()),
              from.word(c, row.upper(), column.lower()),
              from.word(c, row.lower(), column.upper()),
              from.word(c, row.upper(), column.upper()),
              row,
              column);
        });
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes(); // mixtures stay between what they mix
  }

  @Override
  public String kind() {
    return switch (method) {
      case NEAREST -> "resizeNearest";
      case BILINEAR -> "resizeBilinear";
    };
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, source.channels());
    LayerChecks.sameKind(source, output);
    for (TensorType type : List.of(source, output)) {
      Checks.require(
          Math.max(type.height(), type.width()) <= MOST,
          "an image to be resized has at most %d rows and columns, got %s",
          MOST,
          type.describe());
    }
  }
}
