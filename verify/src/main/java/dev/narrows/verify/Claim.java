package dev.narrows.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
 * @param pinned "replaced" where layers with narrow registers of their own are claimed to fit
 *     {@code bits} bits; "plan" where every layer is claimed to fit the register that it names;
 *     empty: they are claimed to fit their own registers
 * @param parts "chunk(n)" or "pairs(d)" where what is claimed is of the parts that a register of
 *     {@code bits} bits sums, each from zero, before a wider one; empty: of whole sums
 * @param outer bits of the wider register, which whole sums are claimed to fit; empty: not claimed
 * @param witnesses "none" where it is claimed that widths are enough, not that they are needed;
 *     empty: each channel of more than one bit has a witness
 * @param leastOperand what the least stored code is as an operand of an instruction for pairs;
 *     empty: inputs are as the layer's conventions have them
 * @param skipped layers left out because they run in exact registers
 * @param notCovered every layer that the certificate says nothing of; empty: not said
 * @param whole what is promised, said once more for readers; empty: not said
 */
record Claim(
    String sha256,
    int bits,
    Optional<String> zero,
    Optional<String> bias,
    Optional<String> flattening,
    Optional<String> guarantee,
    Optional<String> taps,
    Optional<String> pinned,
    Optional<String> parts,
    Optional<String> outer,
    Optional<String> witnesses,
    Optional<String> leastOperand,
    List<ClaimedLayer> layers,
    List<String> skipped,
    Optional<List<String>> notCovered,
    Optional<String> whole) {

  /** The conventions as the certificate states them. */
  Map<String, String> conventions() {
    Map<String, String> stated = new LinkedHashMap<>();
    flattening.ifPresent(value -> stated.put("flattening", value));
    zero.ifPresent(value -> stated.put("zero", value));
    bias.ifPresent(value -> stated.put("bias", value));
    taps.ifPresent(value -> stated.put("taps", value));
    pinned.ifPresent(value -> stated.put("pinned", value));
    parts.ifPresent(value -> stated.put("parts", value));
    outer.ifPresent(value -> stated.put("outer", value));
    witnesses.ifPresent(value -> stated.put("witnesses", value));
    leastOperand.ifPresent(value -> stated.put("leastOperand", value));
    return stated;
  }

  /**
   * What is said of a layer; all but the channels may be left out.
   *
   * @param zero the zero-point convention of its register
   * @param bias the bias placement of its register
   * @param register the narrow register that it is pinned to and claimed to fit
   * @param registerBits the width of that register
   */
  record ClaimedLayer(
      String name,
      Optional<String> zero,
      Optional<String> bias,
      Optional<String> register,
      OptionalInt registerBits,
      List<ClaimedChannel> channels) {}

  /**
   * @param a smallest input, as the register sees it
   * @param b largest input
   * @param right the range of the second factor, where that is an input too
   */
  record ClaimedChannel(
      long a,
      long b,
      Optional<CodeInterval> right,
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
