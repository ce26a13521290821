package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.reproduce.figure.Spread;
import java.util.List;

/** A setting in one order, over the seeds. */
record PrunedOutcomes(List<PrunedOutcome> outcomes) {
  Spread exact() {
    return Spread.of(outcomes, PrunedOutcome::exact);
  }

  Spread clipping() {
    return Spread.of(outcomes, PrunedOutcome::clipping);
  }

  Spread clipped() {
    return Spread.of(outcomes, PrunedOutcome::clipped);
  }

  Spread sorted() {
    return Spread.of(outcomes, PrunedOutcome::sorted);
  }

  Spread clamped() {
    return Spread.of(outcomes, PrunedOutcome::clamped);
  }

  Spread overflows() {
    return Spread.of(outcomes, PrunedOutcome::overflows);
  }
}
