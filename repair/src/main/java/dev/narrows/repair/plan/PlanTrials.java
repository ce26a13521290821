package dev.narrows.repair.plan;

import java.util.List;

/** Runs networks on the images of the search. */
public interface PlanTrials {
  /** The width that stands for a register that sums exactly. */
  int EXACT = 0;

  /**
   * Compares choices of registers with exact ones. The answer depends on the choice alone, not on
   * what it is run beside.
   *
   * @param what the search is doing, for people
   * @param base a choice most of whose registers all the others share: their work is done once
   * @param choices a width for each layer, in the order of the layers; or {@link #EXACT}
   * @return counts for each, on fewer images than there are if these were enough to see that the
   *     loss is far beyond the budget
   */
  List<PairedCounts> run(String what, List<Integer> base, List<List<Integer>> choices);

  /** How many images there are. */
  int images();
}
