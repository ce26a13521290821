package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.lba.LbaRuns.Way;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is trained for {@link LbaGradients}: one network through registers, in every way.
 *
 * @param shapes of the registers
 * @param rate the learning rate
 */
record GradientsPlan(TestBed bed, List<LbaFormats.Shape> shapes, List<Long> seeds, double rate) {
  static final String SINGLE = "identity, one stage";
  static final String STAGES = "identity, two stages";

  private static final double RATE = 0.01;

  /** Without batch norm ten times the rate drives a network's sums into the clamps. */
  private static final double DENSE_RATE = 0.001;

  /** Training images of an epoch at scale two-core: 44 steps. */
  private static final int IMAGES = 5_632;

  static List<GradientsPlan> of(Scale scale) {
    LbaFormats.Shape narrow = new LbaFormats.Shape(4, 3);
    return switch (scale) {
      case SMOKE ->
          List.of(
              new GradientsPlan(
                  TestBed.smallDense().tunedOn(2000), List.of(narrow), List.of(1L), DENSE_RATE));
      case TWO_CORE ->
          List.of(
              new GradientsPlan(
                  TestBed.mnist().tunedOn(IMAGES),
                  List.of(narrow, new LbaFormats.Shape(3, 3)),
                  List.of(1L, 2L),
                  DENSE_RATE),
              new GradientsPlan(
                  TestBed.resnet8().tunedOn(IMAGES), List.of(narrow), List.of(1L, 2L), RATE),
              new GradientsPlan(
                  TestBed.resnet8().tunedOn(IMAGES),
                  List.of(new LbaFormats.Shape(5, 3)),
                  List.of(1L),
                  RATE));
    };
  }

  /** How networks are trained, all for as long: by what a row says. */
  Map<String, Way> ways() {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put(SINGLE, new Way("float", "identity", 0, 2, rate));
    ways.put(STAGES, new Way("float", "identity", 1, 1, rate));
    for (String gradient :
        List.of("immediate/of", "recursive/of", "immediate/diff", "recursive/of+immediate/diff")) {
      ways.put(gradient, new Way("float", gradient, 0, 2, rate));
    }
    return ways;
  }
}
