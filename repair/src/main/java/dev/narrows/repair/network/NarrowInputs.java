package dev.narrows.repair.network;

import java.util.OptionalInt;

/**
 * Whether the inputs of layers may be rounded to fewer bits before they are multiplied; residual
 * paths keep theirs.
 *
 * @param allowed whether they may
 * @param bits all of them get; empty: each layer what it errs least with
 */
public record NarrowInputs(boolean allowed, OptionalInt bits) {
  public NarrowInputs {
    bits.ifPresent(asked -> {
      if (asked < 2 || asked > 8) {
        throw new IllegalArgumentException("activations have 2 to 8 bits, got " + asked);
      }
    });
  }

  /** They stay. */
  public static NarrowInputs keep() {
    return new NarrowInputs(false, OptionalInt.empty());
  }

  /** Each layer's become as narrow as it errs least with. */
  public static NarrowInputs best() {
    return new NarrowInputs(true, OptionalInt.empty());
  }

  /** All become so narrow. */
  public static NarrowInputs to(int bits) {
    return new NarrowInputs(true, OptionalInt.of(bits));
  }
}
