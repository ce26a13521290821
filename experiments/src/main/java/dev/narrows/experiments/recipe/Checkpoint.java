package dev.narrows.experiments.recipe;

import java.util.OptionalInt;

/**
 * How often a run saves itself; never changes its result.
 *
 * @param everySteps optimiser steps between checkpoints, ≥ 1; empty: at the end of each epoch
 */
public record Checkpoint(OptionalInt everySteps) {
  /** At the end of each epoch only. */
  public static Checkpoint everyEpoch() {
    return new Checkpoint(OptionalInt.empty());
  }
}
