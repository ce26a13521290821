package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * How numbers are quantised to 8 bits by what they are in this very call, as TFLite's hybrid
 * kernels do: of each group of positions the scale, the zero point and what numbers are multiplied
 * with. The numbers of a group are those of all channels at as many neighbouring positions.
 *
 * <p>Symmetric: scale = r/127 of the largest magnitude r, zero point 0, factor 127/r. Asymmetric:
 * scale = (max − min)/255 over the numbers and 0, the zero point that makes the smaller error, and
 * the factor 1/scale. A group of zeros has scale 1, zero point 0 and factor 0.
 *
 * @param output [3][groups][1]: scales, zero points, factors
 */
public record DynamicScale(String name, int input, TensorType output, boolean asymmetric)
    implements FloatFunction {
  /** The channel of scales. */
  static final int SCALE = 0;

  /** The channel of zero points. */
  static final int ZERO = 1;

  /** The channel of factors. */
  static final int FACTOR = 2;

  private static final int CHANNELS = 3;
  private static final int LEAST = -128;
  private static final int MOST = 127;

  /** The type of what it makes for so many groups. */
  public static TensorType type(int groups) {
    return TensorType.floats(CHANNELS, groups, 1);
  }

  /** The group that a position belongs to, of {@code groups}. */
  static int group(int position, int positions, int groups) {
    return position / (positions / groups);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor numbers = in.getFirst();
    int positions = numbers.type().positions();
    int groups = output.height();
    float[] least = new float[groups];
    float[] most = new float[groups];
    for (int i = 0; i < numbers.words().length; i++) {
      int group = group(i % positions, positions, groups);
      float number = Words.number(numbers.words()[i]);
      least[group] = Math.min(least[group], number);
      most[group] = Math.max(most[group], number);
    }
    int[] made = new int[output.elements()];
    for (int g = 0; g < groups; g++) {
      float[] scaled = asymmetric ? asymmetric(least[g], most[g]) : symmetric(least[g], most[g]);
      for (int c = 0; c < CHANNELS; c++) {
        made[c * groups + g] = Words.of(scaled[c]);
      }
    }
    return made;
  }

  private static float[] symmetric(float least, float most) {
    float range = Math.max(-least, most);
    return range == 0 ? new float[] {1, 0, 0} : new float[] {range / MOST, 0, MOST / range};
  }

  private static float[] asymmetric(float least, float most) {
    if (least == most) {
      return new float[] {1, 0, 0};
    }
    double scale = (most - least) / (double) (MOST - LEAST); // the range itself in binary32
    double fromLeast = LEAST - least / scale;
    double fromMost = MOST - most / scale;
    boolean first = -LEAST + Math.abs(least / scale) < MOST + Math.abs(most / scale);
    double zero = Math.clamp(first ? fromLeast : fromMost, LEAST, MOST);
    float rounded = (float) Math.copySign(Math.floor(Math.abs(zero) + 0.5), zero);
    float stored = (float) scale;
    return new float[] {stored, rounded, stored == 0 ? 0 : (float) (1.0 / stored)};
  }

  @Override
  public String kind() {
    return "dynamicScale";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.floats(output);
    LayerChecks.channels(output, CHANNELS);
    Checks.require(
        output.width() == 1 && source.positions() % output.height() == 0,
        "groups must divide the input's %d positions, got %s",
        source.positions(),
        output.describe());
  }
}
