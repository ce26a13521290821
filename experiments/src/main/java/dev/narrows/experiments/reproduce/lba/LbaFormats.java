package dev.narrows.experiments.reproduce.lba;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the biases with which a format of m mantissa and e exponent bits serves a network best, on
 * validation images, or windows of text, only.
 *
 * @param few images on which every bias is tried
 * @param many images on which the best of them are compared
 */
record LbaFormats(Workshop workshop, String set, int few, int many) {
  /** The sum's bias is the product's less ½·log2(chunk), LBA's relation, with chunks of 16. */
  private static final int BIAS_STEP = 2;

  /** So many of the tried biases are compared on more images. */
  private static final int BEST = 3;

  /** A format without biases. */
  record Shape(int mantissa, int exponent) {
    int bits() {
      return 1 + mantissa + exponent;
    }

    /** Biases whose range can hold products of weights and activations of about 1. */
    IntStream biases() {
      int exponents = 1 << exponent;
      int top = 2; // products reach 2^top at least
      return switch (exponent) {
        case 5 -> IntStream.iterate(exponents - 2 - top - 12, b -> b <= 28, b -> b + 2);
        default -> IntStream.rangeClosed(exponents - 2 - top - 4, exponents - 1);
      };
    }

    String with(int productBias, int sumBias) {
      return "m%de%d(%d)/m%de%d(%d)"
          .formatted(mantissa, exponent, productBias, mantissa, exponent, sumBias);
    }

    @Override
    public String toString() {
      return "M" + mantissa + "E" + exponent;
    }
  }

  /** With as many images as the figures of a scale use. */
  static LbaFormats ofImages(Workshop workshop, String set) {
    return switch (workshop.scale()) {
      case SMOKE -> new LbaFormats(workshop, set, 100, 300);
      case TWO_CORE -> new LbaFormats(workshop, set, 500, 2000);
    };
  }

  /** The accumulator text of the shape with the biases that serve {@code model} best. */
  String best(ModelFile model, Shape shape) throws IOException {
    return best(shape, few, many, (accumulators, images) -> scores(model, accumulators, images));
  }

  /**
   * Says how well each of several accumulators does on so many examples: the greater, the better.
   */
  interface Scoring {
    /** A score for each accumulator, in their order. */
    List<Double> of(List<String> accumulators, int examples) throws IOException;
  }

  /** {@link #best(ModelFile, Shape)} by any scores. */
  static String best(Shape shape, int few, int many, Scoring scoring) throws IOException {
    List<String> tried =
        ranked(shape.biases().mapToObj(b -> shape.with(b, b - BIAS_STEP)).toList(), few, scoring);
    List<String> closer = new ArrayList<>(tried.subList(0, Math.min(BEST, tried.size())));
    neighbours(shape, closer.getFirst()).filter(n -> !closer.contains(n)).forEach(closer::add);
    return ranked(closer, many, scoring).getFirst();
  }

  /** The same product bias with the sum's one less and one more. */
  private static Stream<String> neighbours(Shape shape, String best) {
    int product = Integer.parseInt(best.replaceAll("^m\\d+e\\d\\((-?\\d+)\\).*", "$1"));
    return Stream.of(-1, 1).map(d -> shape.with(product, product - BIAS_STEP + d));
  }

  private static List<String> ranked(List<String> accumulators, int examples, Scoring scoring)
      throws IOException {
    List<Double> scores = scoring.of(accumulators, examples);
    return IntStream.range(0, scores.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -scores.get(i)).thenComparing(i -> i))
        .map(accumulators::get)
        .toList();
  }

  private List<Double> scores(ModelFile model, List<String> accumulators, int images)
      throws IOException {
    return workshop
        .evaluated(
            model,
            workshop.inputs(model, set, Split.VALIDATION, OptionalInt.of(images)),
            accumulators)
        .results()
        .stream()
        .map(LbaFormats::score)
        .toList();
  }

  /** A text is judged by its loss, images by their accuracy. */
  private static double score(AccumulatorResult result) {
    return result.loss().map(loss -> -loss.nats()).orElse(result.accuracy());
  }
}
