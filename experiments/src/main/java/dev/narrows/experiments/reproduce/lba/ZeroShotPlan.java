package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;
import java.util.Optional;

/** What {@link LbaZeroShot} evaluates: one float network in registers of several formats. */
record ZeroShotPlan(TestBed bed, List<ZeroShotRung> rungs) {
  static final long SEED = 1;

  /** The formats that {@link LbaFinetune} trains through, tried with batch norm beside as well. */
  private static final int FINE_TUNED_EXPONENT = 4;

  /** A rung of the ladder: a format, and what the paper's network has in it, in percent. */
  record ZeroShotRung(LbaFormats.Shape shape, Optional<Double> paper) {
    static ZeroShotRung of(int mantissa, int exponent) {
      return new ZeroShotRung(new LbaFormats.Shape(mantissa, exponent), Optional.empty());
    }

    static ZeroShotRung of(int mantissa, int exponent, double paper) {
      return new ZeroShotRung(new LbaFormats.Shape(mantissa, exponent), Optional.of(paper));
    }
  }

  static ZeroShotPlan of(Scale scale, TestBed bed) {
    return new ZeroShotPlan(
        bed,
        switch (scale) {
          case SMOKE ->
              List.of(ZeroShotRung.of(7, 4, 60.14), ZeroShotRung.of(5, 4), ZeroShotRung.of(4, 3));
          case TWO_CORE ->
              List.of(
                  ZeroShotRung.of(10, 5, 69.50),
                  ZeroShotRung.of(9, 5, 68.95),
                  ZeroShotRung.of(8, 5, 66.70),
                  ZeroShotRung.of(7, 5, 57.09),
                  ZeroShotRung.of(6, 5, 20.49),
                  ZeroShotRung.of(7, 4, 60.14),
                  ZeroShotRung.of(6, 4),
                  ZeroShotRung.of(5, 4),
                  ZeroShotRung.of(4, 4),
                  ZeroShotRung.of(5, 3),
                  ZeroShotRung.of(4, 3));
        });
  }

  /** The rungs that networks are fine-tuned through. */
  List<ZeroShotRung> tunedLater() {
    return rungs.stream().filter(rung -> rung.shape().exponent() <= FINE_TUNED_EXPONENT).toList();
  }
}
