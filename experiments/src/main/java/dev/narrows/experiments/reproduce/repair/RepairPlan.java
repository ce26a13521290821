package dev.narrows.experiments.reproduce.repair;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@link RepairBenchmark} makes: a grid of repairs, and the trainings beside them.
 *
 * @param calibration training images that repairs see, the first ones
 * @param trainings one entry a trained network
 */
record RepairPlan(
    TestBed bed, int calibration, List<RepairTrial> repairs, List<TrainedTrial> trainings) {
  /** What a repair may do. */
  enum LeverSet {
    /** The scale as it is, and thresholds. */
    THRESHOLD("threshold alone"),
    /** Growing scales. */
    GROWTH("scale growth"),
    /** Growing scales and a threshold a sign. */
    GROWTH_THRESHOLD("+ threshold"),
    /** Everything. */
    ALL("+ error feedback");

    private final String label;

    LeverSet(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** The dot layers that are repaired. */
  enum Extent {
    /** All but the first and the last, which stay exact. */
    INNER("first and last exact"),
    /** All. */
    WHOLE("whole network");

    private final String label;

    Extent(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * A repair of the network quantised to W8 and A.
   *
   * @param activations A of the quantised network
   * @param narrowed whether the repair may choose fewer bits, layer by layer
   * @param bits P
   */
  record RepairTrial(LeverSet levers, int activations, boolean narrowed, int bits, Extent extent) {
    /** The name of what it makes. */
    String name() {
      return "repaired-a%d%s-%d-%s-%s"
          .formatted(
              activations,
              narrowed ? "-narrowed" : "",
              bits,
              levers.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              extent.name().toLowerCase(Locale.ROOT));
    }

    /** A as tables show it. */
    String activationText() {
      return narrowed ? "free" : String.valueOf(activations);
    }
  }

  /** Where training begins. */
  enum TrainingStart {
    /** The float weights. */
    FLOAT("float"),
    /** The repaired network of the same A and P, its weights clipped to W. */
    REPAIRED("repaired");

    private final String label;

    TrainingStart(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * A training under a guarantee, one epoch with the float network as its teacher.
   *
   * @param signSum our condition; else A2Q+
   */
  record TrainedTrial(
      boolean signSum, TrainingStart start, int weights, int activations, int bits, long seed) {
    /** The name of its run, but for the seed. */
    String name() {
      return "%s-%d-w%da%d-%s"
          .formatted(signSum ? "sign-sum" : "a2q-plus", bits, weights, activations, start);
    }
  }

  static RepairPlan of(Scale scale) {
    TestBed bed = TestBed.of(scale, TestBed.resnet20());
    return switch (scale) {
      case SMOKE ->
          new RepairPlan(
              bed,
              128,
              List.of(
                  new RepairTrial(LeverSet.GROWTH, 8, false, 16, Extent.INNER),
                  new RepairTrial(LeverSet.ALL, 8, false, 16, Extent.INNER),
                  new RepairTrial(LeverSet.ALL, 8, true, 14, Extent.INNER)),
              List.of(
                  new TrainedTrial(true, TrainingStart.REPAIRED, 8, 8, 16, 1),
                  new TrainedTrial(false, TrainingStart.FLOAT, 8, 8, 16, 1)));
      case TWO_CORE -> new RepairPlan(bed, 1000, repairGrid(), trainingGrid());
    };
  }

  private static List<RepairTrial> repairGrid() {
    List<RepairTrial> trials = new ArrayList<>();
    trials.add(new RepairTrial(LeverSet.THRESHOLD, 8, false, 18, Extent.INNER));
    for (int bits = 18; bits >= 15; bits--) {
      trials.add(new RepairTrial(LeverSet.GROWTH, 8, false, bits, Extent.INNER));
      trials.add(new RepairTrial(LeverSet.GROWTH_THRESHOLD, 8, false, bits, Extent.INNER));
      trials.add(new RepairTrial(LeverSet.ALL, 8, false, bits, Extent.INNER));
      trials.add(new RepairTrial(LeverSet.ALL, 8, false, bits, Extent.WHOLE));
    }
    for (int bits = 15; bits >= 11; bits--) {
      for (int activations = 6; activations >= 4; activations--) { // about one budget U/b
        if (bits - activations >= 7 && bits - activations <= 9) {
          trials.add(new RepairTrial(LeverSet.ALL, activations, false, bits, Extent.INNER));
        }
      }
      trials.add(new RepairTrial(LeverSet.ALL, 8, true, bits, Extent.INNER));
      trials.add(new RepairTrial(LeverSet.ALL, 8, true, bits, Extent.WHOLE));
    }
    return trials;
  }

  private static List<TrainedTrial> trainingGrid() {
    List<TrainedTrial> trials = new ArrayList<>();
    for (long seed = 1; seed <= 2; seed++) {
      trials.add(new TrainedTrial(true, TrainingStart.REPAIRED, 8, 8, 16, seed));
      trials.add(new TrainedTrial(true, TrainingStart.REPAIRED, 4, 4, 11, seed));
      trials.add(new TrainedTrial(true, TrainingStart.REPAIRED, 4, 4, 10, seed));
    }
    trials.add(new TrainedTrial(true, TrainingStart.FLOAT, 8, 8, 16, 1));
    trials.add(new TrainedTrial(true, TrainingStart.FLOAT, 4, 4, 11, 1));
    trials.add(new TrainedTrial(true, TrainingStart.FLOAT, 4, 4, 10, 1));
    for (int weights : new int[] {8, 5, 4}) { // fewer bits are a coarser start of the scales
      trials.add(new TrainedTrial(false, TrainingStart.FLOAT, weights, 8, 16, 1));
    }
    trials.add(new TrainedTrial(false, TrainingStart.FLOAT, 4, 4, 11, 1));
    trials.add(new TrainedTrial(false, TrainingStart.FLOAT, 3, 4, 11, 1));
    return trials;
  }
}
