package dev.narrows.hardware.lanes;

import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneRegister;
import dev.narrows.core.lane.LaneWalk.LaneOverflow;

/** The answer in one sentence. */
public final class LaneSentence {
  private LaneSentence() {}

  /**
   * Such as {@code largest safe chain: 64 steps, 128 products in each lane of saturating i16; …}.
   */
  public static String of(LaneAnswer answer) {
    String said;
    if (answer.largest().isEmpty()) {
      said = answer.safe() ? "safe for every input" : "not safe: " + breaking(answer);
      return said;
    }
    int largest = answer.largest().getAsInt();
    if (largest == 0) {
      said = "no chain is safe: " + breaking(answer);
    } else if (answer.unlimited()) {
      said =
          answer.question().knowsTerms()
              ? "safe without a flush: all %d terms".formatted(answer.question().termCount())
              : "every chain is safe, up to %d items at least".formatted(largest);
    } else {
      said = "largest safe chain: " + chain(answer, largest) + shorter(answer);
    }
    if (answer.asked() != Math.max(1, largest)) {
      said =
          (answer.safe() ? "a chain of %d is safe; " : "a chain of %d is NOT safe: %s; ")
                  .formatted(answer.asked(), breaking(answer))
              + said;
    } else if (largest > 0 && answer.broken().isPresent()) {
      said += "; %d break: ".formatted(answer.broken().getAsInt()) + breaking(answer);
    }
    return said
        + (answer.flushes().isPresent()
            ? "; then at most %d sums in the %s"
                .formatted(
                    answer.flushes().getAsLong(),
                    answer.question().reduction().levels().getLast().register().words())
            : "");
  }

  private static String chain(LaneAnswer answer, int n) {
    LaneRegister register =
        answer.question().reduction().levels().get(answer.chainLevel().orElse(0)).register();
    return "%d %s, %d %s in each lane of %s"
        .formatted(
            n,
            n == 1 ? "step" : "steps",
            answer.products(n),
            answer.products(n) == 1 ? "product" : "products",
            register.words());
  }

  private static String shorter(LaneAnswer answer) {
    return answer.everyBelow() == answer.largest().orElse(0)
        ? ""
        : " (of the shorter ones, those up to %d are all safe)".formatted(answer.everyBelow());
  }

  private static String breaking(LaneAnswer answer) {
    if (answer.failing().isEmpty()) {
      return "";
    }
    LaneLevel level = answer.question().reduction().levels().get(answer.failing().getAsInt());
    if (answer.witness().isEmpty()) {
      return "a lane of %s would have to hold more than its [%d, %d]"
          .formatted(level.register().words(), level.register().min(), level.register().max());
    }
    LaneOverflow overflow = answer.witness().get().overflow();
    return "at step %d a lane of %s would have to hold %d, beyond its [%d, %d]"
        .formatted(
            overflow.step(),
            level.register().words(),
            overflow.sum(),
            level.register().min(),
            level.register().max());
  }
}
