package dev.narrows.verify;

import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedWitness;
import dev.narrows.verify.Verdict.ShownWitness;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Where the disagreements of one channel go: field, claimed, found. */
interface ChannelFindings {
  void disagree(String field, Object claimed, Object found);

  /** Whether the certificate claims that widths are needed, and so has witnesses. */
  boolean wantsWitnesses();

  /** Whether a claimed number is the one found; if not, that is reported. */
  default void agree(String field, long claimed, long found) {
    if (claimed != found) {
      disagree(field, claimed, found);
    }
  }

  /**
   * The range to go on with: the claimed one if it holds what was derived, as wider than needed is
   * still a proof, of a weaker statement; a narrower one proves nothing.
   *
   * @param emitted what the checker derives
   * @param stored all codes of the format
   */
  default CodeInterval range(
      String field, CodeInterval claimed, CodeInterval emitted, CodeInterval stored) {
    if (!claimed.holds(emitted)) {
      disagree(field, claimed, "inputs of " + emitted);
      return emitted;
    }
    if (!stored.holds(claimed)) {
      disagree(field, claimed, "a format of " + stored);
      return emitted;
    }
    return claimed;
  }

  /** Whether a witness's operand has a code inside its range for each term; if not, reported. */
  default boolean operand(
      String field, long[] codes, int terms, long subtracted, CodeInterval range) {
    if (codes.length != terms) {
      disagree(field, codes.length + " codes", terms + " terms");
      return false;
    }
    for (int k = 0; k < terms; k++) {
      if (!range.holds(codes[k] - subtracted)) {
        disagree(field + "[" + k + "]", codes[k], "codes outside the input range");
        return false;
      }
    }
    return true;
  }

  /** Whether an order names each of {@code terms} indices once; if not, that is reported. */
  default boolean order(int[] order, int terms) {
    boolean[] met = new boolean[terms];
    boolean sound = order.length == terms;
    for (int k : order) {
      if (k < 0 || k >= terms || met[k]) {
        sound = false;
        break;
      }
      met[k] = true;
    }
    if (!sound) {
      disagree("witness.order", "an order", "not each of 0 to " + (terms - 1) + " once");
    }
    return sound;
  }

  /** Whether a write does not fit {@code bits} − 1 bits; if it does, that is reported. */
  default boolean tooWide(long write, int bits) {
    if (CodeInterval.bits(write) < bits) {
      disagree("witness.write", write, "a value that fits " + (bits - 1) + " bits");
      return false;
    }
    return true;
  }

  /** Whether a claimed witness does not fit one bit fewer; what is wrong with it is reported. */
  @FunctionalInterface
  interface WitnessCheck {
    boolean shows(ClaimedWitness witness, int bits);
  }

  /**
   * Compares the claimed sums, their width and their witness with those computed anew. Sums that
   * leave 64 bits are reported.
   *
   * @param computed the range of all sums by the checker's own account
   * @param told that range, and the claimed witness if it is right
   */
  default void sums(
      ClaimedChannel claim,
      Supplier<CodeInterval> computed,
      WitnessCheck check,
      BiConsumer<CodeInterval, Optional<ShownWitness>> told) {
    CodeInterval reached;
    try {
      reached = computed.get();
    } catch (ArithmeticException e) {
      disagree("hi", claim.hi(), "sums beyond 64 bits");
      return;
    }
    agree("lo", claim.lo(), reached.min());
    agree("hi", claim.hi(), reached.max());
    agree("bits", claim.bits(), reached.bits());
    if (claim.witness().isEmpty() && reached.bits() > 1 && wantsWitnesses()) {
      disagree("witness", "none", "a safe width of " + reached.bits() + " bits needs one");
    }
    told.accept(
        reached, claim.witness().filter(w -> check.shows(w, reached.bits())).map(ShownWitness::of));
  }
}
