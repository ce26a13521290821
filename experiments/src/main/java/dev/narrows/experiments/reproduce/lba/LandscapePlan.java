package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is drawn at a scale.
 *
 * @param side points along each direction, odd
 * @param images the loss is the mean over so many
 */
record LandscapePlan(TestBed bed, LbaFormats.Shape shape, int side, int images) {
  static LandscapePlan of(Scale scale, TestBed bed) {
    LbaFormats.Shape shape = new LbaFormats.Shape(7, 4);
    return switch (scale) {
      case SMOKE -> new LandscapePlan(bed, shape, 7, 64);
      case TWO_CORE -> new LandscapePlan(bed, shape, 21, 256);
    };
  }

  /** Places from −1 to 1. */
  List<Double> places() {
    return IntStream.range(0, side).mapToObj(i -> 2.0 * i / (side - 1) - 1).toList();
  }
}
