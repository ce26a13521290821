package dev.narrows.network.program;

import dev.narrows.network.program.ProgramStep.OwnStep;
import java.util.List;
import java.util.Map;

/**
 * What the sums of a program were when they first ran.
 *
 * @param own by step, by identity
 * @param gates layers of recurrent cells
 */
record SeenSteps(Map<OwnStep, OwnSteps.Seen> own, List<GateWeights> gates) {
  /** Of a program that has not run. */
  static final SeenSteps NONE = new SeenSteps(Map.of(), List.of());
}
