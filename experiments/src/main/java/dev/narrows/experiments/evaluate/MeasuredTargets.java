package dev.narrows.experiments.evaluate;

import dev.narrows.data.Mosaic;
import dev.narrows.data.Targets;
import dev.narrows.data.Targets.ImageTargets;
import dev.narrows.data.Targets.LabelTargets;
import dev.narrows.data.Targets.NumberTargets;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.report.QualityMeasure;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Targets that are no classes, and what tells how near a network's outputs come to them.
 *
 * @param measure one that fits the targets
 */
public record MeasuredTargets(Targets targets, QualityMeasure measure) {
  /** Red, green and blue in Y of BT.601, which reaches from 16 to 235 of 255. */
  private static final double[] LUMA = {65.481 / 255, 128.553 / 255, 24.966 / 255};

  /** An image without a difference has 100 dB, not infinitely many. */
  private static final double LEAST_ERROR = 1e-10;

  /** Checks that the measure fits. */
  public MeasuredTargets {
    boolean fits =
        switch (measure) {
          case ACCURACY -> false;
          case F1 -> targets instanceof LabelTargets;
          case PSNR -> targets instanceof ImageTargets;
          case PSNR_Y ->
              targets instanceof ImageTargets images
                  && (images.channels() == 1 || images.channels() == LUMA.length);
          case SQUARED_ERROR, ABSOLUTE_ERROR ->
              targets instanceof NumberTargets || targets instanceof ImageTargets;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "%s tells nothing of %s".formatted(measure.title(), targets.describe()));
    }
  }

  /** Targets with a measure, the usual one of their kind unless one is asked for. */
  public static MeasuredTargets of(Targets targets, Optional<QualityMeasure> asked) {
    return new MeasuredTargets(
        targets,
        asked.orElseGet(() ->
            switch (targets.kind()) {
              case CLASSES -> QualityMeasure.ACCURACY;
              case NUMBERS -> QualityMeasure.SQUARED_ERROR;
              case LABELS -> QualityMeasure.F1;
              case IMAGES -> QualityMeasure.PSNR;
            }));
  }

  /** How many larger images the targets are tiles of, where they are. */
  Optional<Integer> wholeImages() {
    return targets instanceof ImageTargets images
        ? images
            .mosaic()
            .map(mosaic ->
                (int) mosaic.tiles().stream().mapToInt(Mosaic.Tile::image).distinct().count())
        : Optional.empty();
  }

  /** Those at {@code indices}, in that order. */
  public MeasuredTargets select(int[] indices) {
    return new MeasuredTargets(targets.select(indices), measure);
  }

  /** The number wanted at {@code index} of [input][output], as a network is to give it. */
  public static float wanted(Targets targets, int index) {
    return switch (targets) {
      case Targets.ClassTargets classes ->
          throw new IllegalArgumentException(classes.describe() + " is no number");
      case NumberTargets(float[] values, int _) -> values[index];
      case LabelTargets(byte[] flags, int _) -> flags[index];
      case ImageTargets images -> images.elements().number(index) / images.elements().unit();
    };
  }

  /**
   * A number for each input that tells its outputs from others.
   *
   * @param words [input][output] of integers, or of floats in their bits
   */
  public static int[] told(int[] words, int inputs) {
    int[] told = new int[inputs];
    for (int i = 0; i < inputs; i++) {
      int length = words.length / inputs;
      told[i] = Arrays.hashCode(Arrays.copyOfRange(words, i * length, (i + 1) * length));
    }
    return told;
  }

  /** The numbers that the words of an execution's output stand for. */
  public static double[] outputs(TensorType type, Execution execution) {
    int[] words = execution.outputs();
    double[] outputs = new double[words.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] =
          type.isFloat()
              ? Words.number(words[i])
              : type.quantization().scale() * (words[i] - (double) type.quantization().zeroPoint());
    }
    return outputs;
  }

  /**
   * The measure of a network's outputs.
   *
   * @param outputs [input][output], of an image [channel][row][column]; of labels positive where
   *     they hold
   * @return NaN without inputs
   */
  public double of(double[] outputs) {
    if (outputs.length != targets.count() * targets.outputs()) {
      throw new IllegalArgumentException(
          "%d outputs for %d inputs with %s"
              .formatted(outputs.length, targets.count(), targets.describe()));
    }
    return switch (measure) {
      case ACCURACY -> throw new IllegalStateException("accuracy is of classes");
      case F1 -> f1(outputs);
      case PSNR -> psnr(outputs, false);
      case PSNR_Y -> psnr(outputs, true);
      case SQUARED_ERROR -> mean(outputs, true);
      case ABSOLUTE_ERROR -> mean(outputs, false);
    };
  }

  private double mean(double[] outputs, boolean squared) {
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      double difference = Math.abs(outputs[i] - wanted(targets, i));
      sum += squared ? difference * difference : difference;
    }
    return sum / outputs.length;
  }

  private double f1(double[] outputs) {
    long hits = 0;
    long wrong = 0;
    for (int i = 0; i < outputs.length; i++) {
      boolean said = outputs[i] > 0;
      boolean holds = wanted(targets, i) != 0;
      hits += said && holds ? 1 : 0;
      wrong += said != holds ? 1 : 0;
    }
    return outputs.length == 0
        ? Double.NaN
        : hits + wrong == 0 ? 100 : 200.0 * hits / (2 * hits + wrong);
  }

  /** A mean over images, as papers on super-resolution have it. */
  private double psnr(double[] outputs, boolean luma) {
    ImageTargets images = (ImageTargets) targets;
    Map<Integer, Error> errors = new TreeMap<>();
    for (int i = 0; i < targets.count(); i++) {
      Mosaic.Tile part = part(images, i);
      Error error = errors.computeIfAbsent(part.image(), _ -> new Error());
      error.squares += squares(outputs, i * targets.outputs(), part, luma);
      error.pixels += part.pixels();
    }
    return errors.values().stream().mapToDouble(Error::decibels).average().orElse(Double.NaN);
  }

  /** What of example {@code i} counts for which image. */
  private static Mosaic.Tile part(ImageTargets images, int i) {
    return images
        .mosaic()
        .map(mosaic -> mosaic.tiles().get(i))
        .orElseGet(() -> new Mosaic.Tile(i, 0, images.height(), 0, images.width()));
  }

  /** Of the pixels of one image. */
  private static final class Error {
    double squares;
    long pixels;

    double decibels() {
      return 10 * StrictMath.log10(1 / Math.max(LEAST_ERROR, squares / pixels));
    }
  }

  /** Squared differences of a part, with values beyond 0 and 1 clamped, as pixels are. */
  private double squares(double[] outputs, int from, Mosaic.Tile part, boolean luma) {
    ImageTargets images = (ImageTargets) targets;
    int plane = images.height() * images.width();
    double sum = 0;
    for (int row = part.top(); row < part.bottom(); row++) {
      for (int column = part.left(); column < part.right(); column++) {
        double weighted = 0;
        for (int c = 0; c < images.channels(); c++) {
          int at = from + c * plane + row * images.width() + column;
          double difference = Math.clamp(outputs[at], 0.0, 1.0) - wanted(targets, at);
          if (luma && images.channels() > 1) {
            weighted += LUMA[c] * difference;
          } else {
            sum += difference * difference / images.channels();
          }
        }
        sum += weighted * weighted;
      }
    }
    return sum;
  }
}
