package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.recipe.Pruning.Structure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/**
 * What is trained for {@link PqsFigure4}: a dense network and pruned ones, each for two epochs.
 *
 * @param kept weights or filters of 16 that stay
 */
record PqsFigure4Plan(TestBed bed, List<Long> seeds, List<Integer> kept) {
  /** An order of pruning and quantising. */
  enum PruningWay {
    PRUNE_FIRST("P→Q", "pq"),
    QUANTIZE_FIRST("Q→P", "qp"),
    FILTERS("filters, P→Q", "filters");

    private final String label;
    private final String word;

    PruningWay(String label, String word) {
      this.label = label;
      this.word = word;
    }

    /** What the page calls it. */
    String label() {
      return label;
    }
  }

  static PqsFigure4Plan of(Scale scale, TestBed bed) {
    return new PqsFigure4Plan(
        bed,
        switch (scale) {
          case SMOKE -> List.of(1L);
          case TWO_CORE -> bed.isLarge() ? List.of(1L) : List.of(1L, 2L);
        },
        scale == Scale.SMOKE && bed.isLarge() ? List.of(8, 2) : List.of(12, 8, 4, 2));
  }

  TestBed.Run dense(long seed) {
    return bed.fromFloat("dense", seed).bits(8, 8).quantize(2);
  }

  TestBed.Run pruned(PruningWay way, int kept, long seed) {
    TestBed.Run run = bed.fromFloat(way.word + "-" + kept, seed).bits(8, 8);
    return switch (way) {
      case PRUNE_FIRST -> run.prune(kept, Structure.WEIGHTS, 1).quantize(1);
      case QUANTIZE_FIRST -> run.quantizeFirst().prune(kept, Structure.WEIGHTS, 1).quantize(1);
      case FILTERS -> run.prune(kept, Structure.FILTERS, 1).quantize(1);
    };
  }
}
