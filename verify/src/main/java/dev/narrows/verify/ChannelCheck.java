package dev.narrows.verify;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedWitness;
import dev.narrows.verify.Verdict.Witness;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One output channel against what the certificate says of it. */
final class ChannelCheck {
  private final DotView view;
  private final int channel;
  private final int subtracted;
  private final long preload;
  private final Interval emitted;
  private final Interval stored;
  private final TapGroups taps;
  private final long rest;
  private final boolean termsOnly;
  private final Report report;

  /**
   * @param codes what the input tensor's channels can hold, by the checker's own derivation
   * @param format all codes of the input's format
   * @param byPhase whether only taps that meet inputs at once are claimed to be summed; else all
   * @param termsOnly whether only single terms are claimed to fit
   */
  ChannelCheck(
      DotView view,
      int channel,
      ZeroPointConvention zero,
      BiasPlacement placement,
      Interval[] codes,
      Interval format,
      boolean byPhase,
      boolean termsOnly,
      Report report) {
    this.view = view;
    this.channel = channel;
    this.subtracted = view.subtracted(zero);
    this.preload = view.preload(channel, zero, placement);
    this.emitted = seen(codes);
    this.stored = format.minus(subtracted);
    this.taps = byPhase ? view.taps() : TapGroups.one();
    this.rest = view.zeroPoint() - (long) subtracted;
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
    Optional<Interval> computed = report.sums(claim, () -> sums(range));
    if (computed.isEmpty()) {
      return;
    }
    Interval reached = computed.get();
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
   * the least and the greatest single value, where no more is claimed. Terms of one group meet
   * inputs while all others multiply real zero.
   */
  private Interval sums(Interval range) {
    Interval single = new Interval(Math.min(0, preload), Math.max(0, preload));
    Interval resting = single;
    Map<Long, Interval> meeting = new HashMap<>();
    for (int k = 0; k < view.terms(); k++) {
      long q = view.weight(channel, k);
      long still = Math.multiplyExact(q, rest);
      Interval idle = new Interval(Math.min(still, 0), Math.max(still, 0));
      Interval term = idle;
      if (taps.of(k) >= 0) {
        long one = Math.multiplyExact(q, range.min());
        long other = Math.multiplyExact(q, range.max());
        term = new Interval(Math.min(0, Math.min(one, other)), Math.max(0, Math.max(one, other)));
        // what the group has more than at rest
        Interval more = new Interval(term.min() - idle.min(), term.max() - idle.max());
        meeting.merge(taps.of(k), more, Interval::plus);
      }
      single = single.with(term);
      if (!termsOnly) {
        resting = resting.plus(idle);
      }
    }
    if (termsOnly) {
      return single;
    }
    return meeting.values().stream().map(resting::plus).reduce(Interval::with).orElse(resting);
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
    if (!meetsAtOnce(witness)) {
      report.disagree("witness.input", "inputs", "taps that no output meets at once");
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

  /** Whether all terms that do not multiply real zero are of one group. */
  private boolean meetsAtOnce(ClaimedWitness witness) {
    long[] met =
        IntStream.range(0, view.terms())
            .filter(k -> witness.input()[k] - subtracted != rest)
            .mapToLong(taps::of)
            .distinct()
            .toArray();
    return met.length == 0 || met.length == 1 && met[0] >= 0;
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
