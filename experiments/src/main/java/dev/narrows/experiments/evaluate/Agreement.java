package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How some outputs differ from exact ones, image after image.
 *
 * <p>With e an exact value and s the one beside it, less their zero point: Σe² and Σ(s − e)² of one
 * image are summed in element order, and those of images in their order, all in binary64. An
 * output's scale is in both and cancels.
 */
final class Agreement {
  private final Network network;
  private final List<Integer> outputs;
  private final double[] signals;
  private final double[] noises;
  private int differing;
  private int changed;

  Agreement(Network network, List<Integer> outputs) {
    this.network = network;
    this.outputs = outputs;
    this.signals = new double[outputs.size()];
    this.noises = new double[outputs.size()];
  }

  /** Goes on with the next images. */
  void add(AgreementEvaluation.Outputs exact, AgreementEvaluation.Outputs other, int images) {
    for (int image = 0; image < images; image++) {
      boolean same = true;
      for (int i = 0; i < outputs.size(); i++) {
        same &= add(i, words(exact, i), words(other, i), image);
      }
      changed += same ? 0 : 1;
    }
    differing +=
        (int)
            IntStream.range(0, exact.predictions().length)
                .filter(i -> exact.predictions()[i] != other.predictions()[i])
                .count();
  }

  private int[] words(AgreementEvaluation.Outputs of, int output) {
    return of.values().getOrDefault(outputs.get(output), new int[0]);
  }

  private boolean add(int output, int[] exact, int[] other, int image) {
    TensorType type = network.tensor(outputs.get(output));
    int from = image * type.elements();
    int to = from + type.elements();
    double signal = 0;
    double noise = 0;
    for (int i = from; i < to; i++) {
      double e = value(type, exact[i]);
      double difference = value(type, other[i]) - e;
      signal += e * e;
      noise += difference * difference;
    }
    signals[output] += signal;
    noises[output] += noise;
    return Arrays.equals(exact, from, to, other, from, to);
  }

  private static double value(TensorType type, int word) {
    return type.isFloat() ? Words.number(word) : (double) word - type.quantization().zeroPoint();
  }

  /** Predictions unlike the exact ones. */
  int differing() {
    return differing;
  }

  /** Images of which some output has another value. */
  int changed() {
    return changed;
  }

  /** Of one output; empty where nothing differs, or all is zero. */
  Optional<Double> decibels(int output) {
    return decibels(signals[output], noises[output]);
  }

  /** Of all outputs, each in its own units. */
  Optional<Double> decibels() {
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < signals.length; i++) {
      double scale = scale(i);
      signal += signals[i] * scale * scale;
      noise += noises[i] * scale * scale;
    }
    return decibels(signal, noise);
  }

  private double scale(int output) {
    TensorType type = network.tensor(outputs.get(output));
    return signals.length == 1 || type.isFloat() ? 1 : type.quantization().scale();
  }

  private static Optional<Double> decibels(double signal, double noise) {
    return Optional.of(10 * StrictMath.log10(signal / noise)).filter(Double::isFinite);
  }
}
