package dev.narrows.verify;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedWitness;
import dev.narrows.verify.Verdict.Witness;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One output channel against what the certificate says of it. */
final class ChannelCheck {
  private final DotView view;
  private final int channel;
  private final int subtracted;
  private final long preload;
  private final Interval emitted;
  private final Interval stored;
  private final boolean termsOnly;
  private final Report report;

  /**
   * @param codes what the input tensor's channels can hold, by the checker's own derivation
   * @param format all codes of the input's format
   * @param termsOnly whether only single terms are claimed to fit
   */
  ChannelCheck(
      DotView view,
      int channel,
      ZeroPointConvention zero,
      BiasPlacement placement,
      Interval[] codes,
      Interval format,
      boolean termsOnly,
      Report report) {
    this.view = view;
    this.channel = channel;
    this.subtracted = view.subtracted(zero);
    this.preload = view.preload(channel, zero, placement);
    this.emitted = seen(codes);
    this.stored = format.minus(subtracted);
    this.termsOnly = termsOnly;
    this.report = report;
  }

  /** The range of what is multiplied, over the group's inputs and what padding contributes. */
  private Interval seen(Interval[] codes) {
    int first = view.inputChannel(channel, 0);
    Interval seen = codes[first];
    for (int i = 1; i < view.groupInputs(); i++) {
      seen = seen.with(codes[first + i]);
    }
    return (view.padded() ? seen.with(view.zeroPoint()) : seen).minus(subtracted);
  }

  /**
   * Checks everything the channel claims.
   *
   * @param sums told the range of all sums by the checker's own account, and the claimed witness if
   *     it is right
   */
  void check(ClaimedChannel claim, BiConsumer<Interval, Optional<Witness>> sums) {
    if (claim.right().isPresent()) {
      report.disagree("rightRange", claim.right().get(), "weights");
    }
    Interval range =
        report.range("inputRange", new Interval(claim.a(), claim.b()), emitted, stored);
    Interval reached;
    try {
      reached = sums(range);
    } catch (ArithmeticException e) {
      report.disagree("hi", claim.hi(), "sums beyond 64 bits");
      return;
    }
    report.agree("lo", claim.lo(), reached.min());
    report.agree("hi", claim.hi(), reached.max());
    report.agree("bits", claim.bits(), reached.bits());
    Optional<Witness> shown = Optional.empty();
    if (claim.witness().isPresent()) {
      ClaimedWitness witness = claim.witness().get();
      if (shows(witness, range, reached.bits())) {
        shown =
            Optional.of(
                new Witness(
                    Arrays.stream(witness.input()).boxed().toList(),
                    Arrays.stream(witness.order()).boxed().toList(),
                    witness.write()));
      }
    } else if (reached.bits() > 1) {
      report.disagree("witness", "none", "a safe width of " + reached.bits() + " bits needs one");
    }
    sums.accept(reached, shown);
  }

  /**
   * The least and the greatest sum of any subset of the terms, with the preloaded bias or not; or
   * the least and the greatest single value, where no more is claimed.
   */
  private Interval sums(Interval range) {
    long least = Math.min(0, preload);
    long greatest = Math.max(0, preload);
    for (int k = 0; k < view.terms(); k++) {
      long q = view.weight(channel, k);
      long low = q >= 0 ? Math.multiplyExact(q, range.min()) : Math.multiplyExact(q, range.max());
      long high = q >= 0 ? Math.multiplyExact(q, range.max()) : Math.multiplyExact(q, range.min());
      if (termsOnly) {
        least = Math.min(least, low);
        greatest = Math.max(greatest, high);
      } else {
        least = low < 0 ? Math.addExact(least, low) : least;
        greatest = high > 0 ? Math.addExact(greatest, high) : greatest;
      }
    }
    return new Interval(least, greatest);
  }

  /** Whether the witness does not fit {@code bits} − 1 bits; reports what is wrong with it. */
  private boolean shows(ClaimedWitness witness, Interval range, int bits) {
    report.agree("witness.bits", witness.bits(), bits - 1);
    int terms = view.terms();
    if (witness.right().length > 0) {
      report.disagree("witness.right", witness.right().length + " codes", "weights");
      return false;
    }
    if (!report.operand("witness.input", witness.input(), terms, subtracted, range)
        || !report.order(witness.order(), terms)
        || !report.tooWide(witness.write(), bits)) {
      return false;
    }
    // a chunk begins at zero, the register itself at the preloaded bias
    long[] starts = {0, preload};
    if (witness.start().isPresent()) {
      long start = witness.start().getAsLong();
      if (start != 0 && start != preload) {
        report.disagree("witness.start", start, "neither 0 nor the preloaded bias " + preload);
        return false;
      }
      starts = new long[] {start};
    }
    if (Arrays.stream(starts).noneMatch(start -> writes(witness, start))) {
      report.disagree("witness.write", witness.write(), "no running sum of that value");
      return false;
    }
    return true;
  }

  private boolean writes(ClaimedWitness witness, long start) {
    long held = start;
    boolean written = held == witness.write();
    for (int k : witness.order()) {
      long term = view.weight(channel, k) * (witness.input()[k] - subtracted);
      held += term;
      // where terms are claimed to fit, only a term that does not can show the contrary
      written |= termsOnly ? term == witness.write() : held == witness.write();
    }
    return written;
  }
}
