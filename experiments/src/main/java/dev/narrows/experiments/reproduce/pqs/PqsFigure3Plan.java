package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.reproduce.figure.Scale;
import java.util.List;

/**
 * How much is done.
 *
 * @param kept N of N:16
 * @param images validation images that widths are chosen on, and test images that overflows are
 *     counted on; accuracies are of all test images
 */
record PqsFigure3Plan(
    String set,
    int limit,
    int validation,
    int hidden,
    List<Long> seeds,
    List<Integer> kept,
    List<Integer> ranks,
    int floatEpochs,
    int pruneEpochs,
    int quantizeEpochs,
    int images) {
  static PqsFigure3Plan of(Scale scale) {
    return switch (scale) {
      case SMOKE ->
          new PqsFigure3Plan(
              "fashion-small",
              3000,
              500,
              32,
              List.of(1L),
              List.of(8, 2),
              List.of(2, 8),
              3,
              2,
              1,
              500);
      case TWO_CORE ->
          new PqsFigure3Plan(
              "mnist",
              20_000,
              5000,
              128,
              List.of(1L, 2L, 3L),
              List.of(8, 4, 2, 1),
              List.of(1, 2, 4, 8, 16, 32, 64),
              4,
              4,
              2,
              2000);
    };
  }
}
