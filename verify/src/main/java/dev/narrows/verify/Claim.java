package dev.narrows.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a certificate file says, well-formed but not yet believed.
 *
 * @param sha256 of the network file it speaks of
 * @param bits P, the width claimed to be safe
 * @param zero the zero-point convention; empty: each layer's own
 * @param bias the bias placement; empty: each layer's own
 * @param flattening the order of the terms; empty: the only one there is
 * @param guarantee what is promised: "sums" (nothing ever overflows; also when empty) or "terms"
 *     (every term fits, so that sorted saturation clamps the exact sum)
 * @param taps "phase" where a transposed convolution's sums are claimed of the taps that meet
 *     inputs at once; empty: of all taps, which is less tight
 * @param skipped layers left out because they run in exact registers
 */
record Claim(
    String sha256,
    int bits,
    Optional<String> zero,
    Optional<String> bias,
    Optional<String> flattening,
    Optional<String> guarantee,
    Optional<String> taps,
    List<ClaimedLayer> layers,
    List<String> skipped) {

  record ClaimedLayer(String name, List<ClaimedChannel> channels) {}

  /**
   * @param a smallest input, as the register sees it
   * @param b largest input
   * @param right the range of the second factor, where that is an input too
   */
  record ClaimedChannel(
      long a,
      long b,
      Optional<Interval> right,
      long lo,
      long hi,
      int bits,
      Optional<ClaimedWitness> witness) {}

  /**
   * @param input stored codes, [K]
   * @param right stored codes of the second factor, [K], where that is an input too; else none
   * @param order indices, [K]
   * @param start what the register holds before the first term; empty: not said
   * @param bits the width that {@code write} is said not to fit
   */
  record ClaimedWitness(
      long[] input, long[] right, int[] order, OptionalLong start, long write, int bits) {}
}
