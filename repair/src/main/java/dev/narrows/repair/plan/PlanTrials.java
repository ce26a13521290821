package dev.narrows.repair.plan;

import java.util.List;
import java.util.Optional;

/** Runs networks on the images of the search. */
public interface PlanTrials {
  /** The width that stands for a register that sums exactly. */
  int EXACT = 0;

  /** What stands for the trial of a choice for which there is no network. */
  PairedCounts IMPOSSIBLE = new PairedCounts(1, 1, 0);

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

  /**
   * Told now and then how many trials are likely to come, for people who wait.
   *
   * @param trials that may come, a guess
   */
  void toCome(int trials);

  /** What a trial of a choice found, if there was one. */
  Optional<PairedCounts> known(List<Integer> choice);

  /** How many images there are. */
  int images();
}
