package dev.narrows.experiments.reproduce.register;

import static dev.narrows.experiments.reproduce.register.RegisterTraining.FIRST_SEED;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.SECOND_SEED;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/**
 * What is trained at a scale.
 *
 * @param registers widths trained through
 * @param constrained widths that A2Q+ and sign-sum guarantee
 * @param again widths trained through with a second seed
 * @param start epochs of quantisation-aware training that all but A2Q+ share
 * @param more epochs after that; A2Q+ and the exact twin train as long in all
 */
record RegisterTrainingPlan(
    TestBed bed,
    List<Integer> registers,
    List<Integer> constrained,
    List<Integer> again,
    int start,
    int more) {
  static RegisterTrainingPlan of(Scale scale, TestBed bed) {
    return switch (scale) {
      case SMOKE ->
          bed.isLarge()
              ? new RegisterTrainingPlan(bed, List.of(9), List.of(11), List.of(), 1, 1)
              : new RegisterTrainingPlan(bed, List.of(9, 8), List.of(11, 10), List.of(), 1, 2);
      case TWO_CORE ->
          bed.isLarge()
              ? new RegisterTrainingPlan(bed, List.of(11, 10), List.of(13, 12), List.of(), 1, 2)
              : new RegisterTrainingPlan(
                  bed, List.of(10, 9, 8), List.of(13, 12, 11, 10), List.of(10), 1, 2);
    };
  }

  List<Long> seeds() {
    return again.isEmpty() ? List.of(FIRST_SEED) : List.of(FIRST_SEED, SECOND_SEED);
  }

  List<Integer> registers(long seed) {
    return seed == FIRST_SEED ? registers : again;
  }

  List<Integer> constrained(long seed) {
    return seed == FIRST_SEED ? constrained : List.of();
  }

  /** A step on the way where the register is so narrow that most sums would start clamped. */
  List<Integer> steps(int bits) {
    return bits <= 8 ? List.of(bits + 1, bits) : List.of(bits);
  }

  int epochs(int bits) {
    return bits <= 8 ? more / 2 : more;
  }
}
