package dev.narrows.experiments.narrow;

import dev.narrows.experiments.evaluate.NetworkInputs;
import java.util.List;

/** The classes that choices of registers give: what a trial runs. */
interface TrialPredictions {
  /**
   * Classes of the model as it is, in exact registers.
   *
   * @param what is being done, for people
   */
  int[] exact(String what, NetworkInputs images);

  /**
   * Classes in each choice.
   *
   * @param what is being done, for people
   * @param base a choice most of whose registers the others share
   * @param choices a width for each layer, or {@link dev.narrows.repair.plan.PlanTrials#EXACT}
   * @return the class of every image, for each choice; none at all where there is no such network
   */
  List<int[]> of(
      String what, NetworkInputs images, List<Integer> base, List<List<Integer>> choices);
}
