package dev.narrows.experiments.narrow;

/** No registers on offer keep the promise; the message says what stands in the way. */
public final class NoPlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What stands in the way, in one line. */
  NoPlanException(String message) {
    super(message);
  }

  /** The widest registers on offer are not enough. */
  static NoPlanException beyondBudget(PlanRequest request) {
    return new NoPlanException(
        "no plan: the widest registers offered, %d bits, lose more than the budget"
            .formatted(request.widths().getLast()));
  }

  /** A layer that stays as it is needs more than what is offered. */
  static NoPlanException notRepairable(PlannableLayers.Candidate layer, PlanRequest request) {
    return new NoPlanException(
        "no plan: \"%s\" cannot be repaired and needs %d bits; the widest register offered has %d"
            .formatted(layer.name(), layer.safe(), request.widths().getLast()));
  }
}
