package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * The mean of each window, padding left out of sum and divisor: the elements are added and divided
 * by their number.
 *
 * @param order in which they are added
 */
public record MeanPool(String name, int input, TensorType output, Window window, MeanOrder order)
    implements FloatFunction {
  /** How the elements of a window are added. */
  public enum MeanOrder {
    /** By ascending row and column in binary64; the result is rounded once. */
    WIDE("wide"),
    /** By ascending row and column, each step in binary32. */
    ROWS("rows"),
    /** Each column of the window, then the columns' sums, each step in binary32. */
    COLUMNS("columns"),
    /**
     * Each fourth element of as many as are whole fours, the sums of those (first and third, second
     * and fourth, both), then the rest, each step in binary32.
     */
    FOURS("fours");

    private final String word;

    MeanOrder(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** The number at a place. */
  @FunctionalInterface
  public interface NumberAt {
    float at(int place);
  }

  /** Sums in binary64. */
  public MeanPool(String name, int input, TensorType output, Window window) {
    this(name, input, output, window, MeanOrder.WIDE);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output,
        (c, y, x) ->
            Words.of(
                mean(
                    window.taps(from.type(), c, y, x),
                    place -> Words.number(from.words()[place]))));
  }

  /**
   * The mean of a window.
   *
   * @param places of its taps, row by row; −1 in the padding
   */
  public float mean(int[] places, NumberAt numbers) {
    int seen = 0;
    for (int place : places) {
      seen += place >= 0 ? 1 : 0;
    }
    return switch (order) {
      case WIDE -> (float) (wide(places, numbers) / seen);
      case ROWS -> rows(places, 0, places.length, numbers) / seen;
      case COLUMNS -> columns(places, numbers) / seen;
      case FOURS -> fours(places, numbers) / seen;
    };
  }

  private static double wide(int[] places, NumberAt numbers) {
    double sum = 0;
    for (int place : places) {
      sum += place >= 0 ? numbers.at(place) : 0;
    }
    return sum;
  }

  private static float rows(int[] places, int from, int to, NumberAt numbers) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum += places[i] >= 0 ? numbers.at(places[i]) : 0;
    }
    return sum;
  }

  private float columns(int[] places, NumberAt numbers) {
    int width = window.kernelWidth();
    float sum = 0;
    for (int x = 0; x < width; x++) {
      float column = 0;
      for (int i = x; i < places.length; i += width) {
        column += places[i] >= 0 ? numbers.at(places[i]) : 0;
      }
      sum += column;
    }
    return sum;
  }

  private static float fours(int[] places, NumberAt numbers) {
    float[] lanes = new float[4];
    int whole = places.length / 4 * 4;
    for (int i = 0; i < whole; i++) {
      lanes[i % 4] += places[i] >= 0 ? numbers.at(places[i]) : 0;
    }
    float sum = lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
    for (int i = whole; i < places.length; i++) {
      sum += places[i] >= 0 ? numbers.at(places[i]) : 0;
    }
    return sum;
  }

  @Override
  public String kind() {
    return "meanPool";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.floats(output);
    LayerChecks.channels(output, source.channels());
    LayerChecks.pooled(source, output, window);
  }
}
