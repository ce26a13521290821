package dev.narrows.verify;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.Network;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedWitness;
import dev.narrows.verify.Verdict.ShownWitness;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One head of a product of two activations against what the certificate says of it. */
final class ProductCheck {
  private final int terms;
  private final Operand left;
  private final Operand right;
  private final boolean termsOnly;
  private final SummedParts parts;
  private final ChannelFindings findings;

  /**
   * One of the two that are multiplied.
   *
   * @param subtracted what to take from a stored code to get what the register sees
   * @param emitted what the register can see of this head
   * @param stored what it could see of the format
   */
  private record Operand(int subtracted, CodeInterval emitted, CodeInterval stored) {
    static Operand of(
        Network network,
        CodeRanges ranges,
        int tensor,
        int first,
        int terms,
        ZeroPointConvention zero) {
      TensorType type = network.tensor(tensor);
      int subtracted =
          switch (zero) {
            case OFFSET -> type.quantization().zeroPoint();
            case RAW -> 0;
          };
      CodeInterval[] codes = ranges.tensor(tensor);
      CodeInterval emitted = codes[first];
      for (int k = 1; k < terms; k++) {
        emitted = emitted.with(codes[first + k]);
      }
      return new Operand(
          subtracted,
          emitted.minus(subtracted),
          CodeInterval.of(type.quantization().format()).minus(subtracted));
    }
  }

  /**
   * @param head which of the layer's heads
   * @param zero of both operands
   * @param termsOnly whether only single terms are claimed to fit
   * @param parts what is claimed to be summed by itself
   */
  ProductCheck(
      Network network,
      CodeRanges ranges,
      IntegerMatMul layer,
      int head,
      ZeroPointConvention zero,
      boolean termsOnly,
      SummedParts parts,
      ChannelFindings findings) {
    this.terms = network.tensor(layer.left()).channels() / layer.heads();
    this.left = Operand.of(network, ranges, layer.left(), head * terms, terms, zero);
    this.right = Operand.of(network, ranges, layer.right(), head * terms, terms, zero);
    this.termsOnly = termsOnly;
    this.parts = parts;
    this.findings = findings;
  }

  /**
   * Checks everything the head claims.
   *
   * @param sums told the range of all sums by the checker's own account, and the claimed witness if
   *     it is right
   */
  void check(ClaimedChannel claim, BiConsumer<CodeInterval, Optional<ShownWitness>> sums) {
    if (claim.right().isEmpty()) {
      findings.disagree("rightRange", "nothing", "a product of two inputs");
    }
    CodeInterval a =
        findings.range(
            "inputRange", new CodeInterval(claim.a(), claim.b()), left.emitted(), left.stored());
    CodeInterval b =
        findings.range(
            "rightRange", claim.right().orElse(right.emitted()), right.emitted(), right.stored());
    findings.sums(claim, () -> sums(a, b), (witness, bits) -> shows(witness, a, b, bits), sums);
  }

  /** All that the head can reach, by the checker's own account of its inputs. */
  CodeInterval reached() {
    return sums(left.emitted(), right.emitted());
  }

  /** Terms add up one by one: each is as far from zero as it gets, or is left out. */
  private CodeInterval sums(CodeInterval a, CodeInterval b) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (long x : new long[] {a.min(), a.max()}) {
      for (long y : new long[] {b.min(), b.max()}) {
        long product = Math.multiplyExact(x, y);
        low = Math.min(low, product);
        high = Math.max(high, product);
      }
    }
    long count = termsOnly ? 1 : parts.most(terms);
    return new CodeInterval(
        Math.multiplyExact(count, Math.min(low, 0)), Math.multiplyExact(count, Math.max(high, 0)));
  }

  private boolean shows(ClaimedWitness witness, CodeInterval a, CodeInterval b, int bits) {
    findings.agree("witness.bits", witness.bits(), bits - 1);
    if (!findings.operand("witness.input", witness.input(), terms, left.subtracted(), a)
        || !findings.operand("witness.right", witness.right(), terms, right.subtracted(), b)
        || !findings.order(witness.order(), terms)
        || !findings.tooWide(witness.write(), bits)) {
      return false;
    }
    if (witness.start().orElse(0) != 0) {
      findings.disagree("witness.start", witness.start().getAsLong(), "0: there is no bias");
      return false;
    }
    long held = 0;
    long part = -1;
    for (int k : witness.order()) {
      if (part >= 0 && parts.of(k) != part) {
        break; // the register begins anew with another part
      }
      part = parts.of(k);
      long x = witness.input()[k] - left.subtracted();
      long y = witness.right()[k] - right.subtracted();
      held += x * y;
      if ((termsOnly ? x * y : held) == witness.write()) {
        return true;
      }
    }
    findings.disagree("witness.write", witness.write(), "no running sum of that value");
    return false;
  }
}
