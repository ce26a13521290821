package dev.narrows.network.execute;

import dev.narrows.core.dot.Decisions;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * What a run gave.
 *
 * @param outputs codes or the words of numbers ({@link Words}), [images][C][H][W]; shared, do not
 *     modify
 * @param registers what each layer that sums ran in
 * @param profiles in the order of {@code registers}; empty when not asked for
 * @param statistics of layers in floating registers, in their order; empty when not asked for
 * @param decisions by what the dot products of integers were decided
 */
public record Execution(
    TensorType type,
    int images,
    int[] outputs,
    List<LayerRegister> registers,
    List<LayerOverflowProfile> profiles,
    List<FloatStatistics> statistics,
    Decisions decisions) {
  public Execution {
    registers = List.copyOf(registers);
    profiles = List.copyOf(profiles);
    statistics = List.copyOf(statistics);
  }

  /**
   * The output as real numbers in binary32.
   *
   * @throws IllegalStateException if it holds codes
   */
  public float[] numbers() {
    if (!type.isFloat()) {
      throw new IllegalStateException("the output holds codes: " + type.describe());
    }
    return Words.numbers(outputs);
  }

  /**
   * The class of each image: the index of its largest output, the lowest on a tie. Codes compare as
   * values do, because an output has one scale.
   */
  public int[] predictions() {
    int classes = type.elements();
    int[] predictions = new int[images];
    for (int image = 0; image < images; image++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (larger(outputs[image * classes + c], outputs[image * classes + best])) {
          best = c;
        }
      }
      predictions[image] = best;
    }
    return predictions;
  }

  /**
   * The likeliest class at places of an output of real numbers [classes][H][W], the lowest on a
   * tie.
   *
   * @param places rows and columns counted together; the same number of places for each image
   */
  public int[] predictions(int[] places) {
    float[] scores = numbers();
    int[] predictions = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      predictions[i] = Scores.best(scores, at(places, i), type.positions(), type.channels());
    }
    return predictions;
  }

  /** −ln p of labels at the places of {@link #predictions(int[])}. */
  public double[] nats(int[] places, int[] labels) {
    float[] scores = numbers();
    double[] nats = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      nats[i] = Scores.nats(scores, at(places, i), type.positions(), type.channels(), labels[i]);
    }
    return nats;
  }

  private int at(int[] places, int index) {
    return index / (places.length / images) * type.elements() + places[index];
  }

  private boolean larger(int word, int other) {
    return type.isFloat() ? Words.number(word) > Words.number(other) : word > other;
  }

  /**
   * The number of images whose prediction is their label.
   *
   * @throws IllegalArgumentException if there is not one label an image
   */
  public int correct(int[] labels) {
    if (labels.length != images) {
      throw new IllegalArgumentException(
          "%d images need as many labels, got %d".formatted(images, labels.length));
    }
    int[] predictions = predictions();
    int correct = 0;
    for (int image = 0; image < images; image++) {
      correct += predictions[image] == labels[image] ? 1 : 0;
    }
    return correct;
  }
}
