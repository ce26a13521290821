package dev.narrows.verify;

import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedWitness;
import dev.narrows.verify.Verdict.ShownWitness;
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
  private final CodeInterval emitted;
  private final CodeInterval stored;
  private final TapGroups taps;
  private final long rest;
  private final boolean termsOnly;
  private final SummedParts parts;
  private final ChannelFindings findings;

  /**
   * @param codes what the input tensor's channels can hold, by the checker's own derivation
   * @param format all codes of the input's format
   * @param byPhase whether only taps that meet inputs at once are claimed to be summed; else all
   * @param termsOnly whether only single terms are claimed to fit
   * @param parts what is claimed to be summed by itself
   * @param subtracted what to take from a stored code to get what is multiplied
   */
  ChannelCheck(
      DotView view,
      int channel,
      CodeInterval[] codes,
      CodeInterval format,
      boolean byPhase,
      boolean termsOnly,
      SummedParts parts,
      int subtracted,
      ChannelFindings findings) {
    this.view = view;
    this.channel = channel;
    this.subtracted = subtracted;
    // parts begin at zero: a bias is in the register behind them
    this.preload = parts.whole() ? view.preload(channel, view.zero(), view.placement()) : 0;
    this.emitted = seen(codes);
    this.stored = format.minus(subtracted);
    this.taps = byPhase ? view.taps() : TapGroups.one();
    this.rest = view.zeroPoint() - (long) subtracted;
    this.termsOnly = termsOnly;
    this.parts = parts;
    this.findings = findings;
  }

  /** The range of what is multiplied, over the group's inputs and what padding contributes. */
  private CodeInterval seen(CodeInterval[] codes) {
    int first = view.inputChannel(channel, 0);
    CodeInterval seen = codes[first];
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
  void check(ClaimedChannel claim, BiConsumer<CodeInterval, Optional<ShownWitness>> sums) {
    if (claim.right().isPresent()) {
      findings.disagree("rightRange", claim.right().get(), "weights");
    }
    CodeInterval range =
        findings.range("inputRange", new CodeInterval(claim.a(), claim.b()), emitted, stored);
    findings.sums(claim, () -> sums(range), (witness, bits) -> shows(witness, range, bits), sums);
  }

  /**
   * The least and the greatest sum of any subset of the terms, with the preloaded bias or not; or
   * the least and the greatest single value, where no more is claimed. Terms of one group meet
   * inputs while all others multiply real zero.
   */
  private CodeInterval sums(CodeInterval range) {
    return parts.split(view.terms()).stream()
        .map(terms -> sums(range, terms))
        .reduce(CodeInterval::with)
        .orElse(new CodeInterval(Math.min(0, preload), Math.max(0, preload)));
  }

  /** All that the channel can reach, by the checker's own account of its inputs. */
  CodeInterval reached() {
    return sums(emitted);
  }

  private CodeInterval sums(CodeInterval range, int[] terms) {
    CodeInterval single = new CodeInterval(Math.min(0, preload), Math.max(0, preload));
    CodeInterval resting = single;
    Map<Long, CodeInterval> meeting = new HashMap<>();
    for (int k : terms) {
      long q = view.weight(channel, k);
      long still = Math.multiplyExact(q, rest);
      CodeInterval idle = new CodeInterval(Math.min(still, 0), Math.max(still, 0));
      CodeInterval term = idle;
      if (taps.of(k) >= 0) {
        long one = Math.multiplyExact(q, range.min());
        long other = Math.multiplyExact(q, range.max());
        term =
            new CodeInterval(Math.min(0, Math.min(one, other)), Math.max(0, Math.max(one, other)));
        // what the group has more than at rest
        CodeInterval more = new CodeInterval(term.min() - idle.min(), term.max() - idle.max());
        meeting.merge(taps.of(k), more, CodeInterval::plus);
      }
      single = single.with(term);
      if (!termsOnly) {
        resting = resting.plus(idle);
      }
    }
    if (termsOnly) {
      return single;
    }
    return meeting.values().stream().map(resting::plus).reduce(CodeInterval::with).orElse(resting);
  }

  /** Whether the witness does not fit {@code bits} − 1 bits; reports what is wrong with it. */
  private boolean shows(ClaimedWitness witness, CodeInterval range, int bits) {
    findings.agree("witness.bits", witness.bits(), bits - 1);
    int terms = view.terms();
    if (witness.right().length > 0) {
      findings.disagree("witness.right", witness.right().length + " codes", "weights");
      return false;
    }
    if (!findings.operand("witness.input", witness.input(), terms, subtracted, range)
        || !findings.order(witness.order(), terms)
        || !findings.tooWide(witness.write(), bits)) {
      return false;
    }
    if (!meetsAtOnce(witness)) {
      findings.disagree("witness.input", "inputs", "taps that no output meets at once");
      return false;
    }
    // a chunk begins at zero, the register itself at the preloaded bias
    long[] starts = {0, preload};
    if (witness.start().isPresent()) {
      long start = witness.start().getAsLong();
      if (start != 0 && start != preload) {
        findings.disagree("witness.start", start, "neither 0 nor the preloaded bias " + preload);
        return false;
      }
      starts = new long[] {start};
    }
    if (Arrays.stream(starts).noneMatch(start -> writes(witness, start))) {
      findings.disagree("witness.write", witness.write(), "no running sum of that value");
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
    long part = -1;
    for (int k : witness.order()) {
      if (part >= 0 && parts.of(k) != part) {
        break; // the register begins anew with another part
      }
      part = parts.of(k);
      long term = view.weight(channel, k) * (witness.input()[k] - subtracted);
      held += term;
      // where terms are claimed to fit, only a term that does not can show the contrary
      written |= termsOnly ? term == witness.write() : held == witness.write();
    }
    return written;
  }
}
