package dev.narrows.verify;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a certificate says of all its layers. Something that there is not, or that does not fit the
 * rest, is a disagreement, and stands for nothing here.
 *
 * @param guarantee what is held in a register, {@code sums} or {@code terms}
 * @param zero what zero points are taken to be, if the certificate says it
 * @param bias where biases are added, likewise
 * @param parts of a dot product that a register sums
 * @param outer bits of the register behind parts
 * @param leastOperand that pairs are multiplied with, 0 or −128
 */
record ClaimedConventions(
    String guarantee,
    Optional<String> zero,
    Optional<String> bias,
    SummedParts parts,
    OptionalInt outer,
    OptionalInt leastOperand) {
  private static final Pattern FLATTENING =
      Pattern.compile("kernel ?row.*kernel ?column.*input ?channel", Pattern.CASE_INSENSITIVE);

  private static final String SUMS = "sums";
  private static final String NO_WITNESSES = "none";

  /** Taps of a transposed convolution that meet. */
  static final String PHASE = "phase";

  private static final String REPLACED = "replaced";

  /** Registers are those of a plan. */
  static final String PLAN = "plan";

  private static final List<String> PINNED = List.of(REPLACED, PLAN);
  private static final String TERMS = "terms";
  private static final List<String> GUARANTEES = List.of(SUMS, TERMS);

  /** The conventions of a claim. */
  static ClaimedConventions of(Claim claim, Disagreements disagreements) {
    return new ConventionReader(claim, disagreements).read();
  }

  /** Whether nothing is said of sums, only of terms. */
  boolean termsOnly() {
    return guarantee.equals(TERMS);
  }

  /** Reads them, in the order in which disagreements are listed. */
  private static final class ConventionReader {
    private final Claim claim;
    private final Disagreements disagreements;
    private final String guarantee;
    private SummedParts parts = SummedParts.one();
    private OptionalInt outer = OptionalInt.empty();
    private OptionalInt leastOperand = OptionalInt.empty();

    private ConventionReader(Claim claim, Disagreements disagreements) {
      this.claim = claim;
      this.disagreements = disagreements;
      this.guarantee = claim.guarantee().orElse(SUMS);
    }

    private ClaimedConventions read() {
      Optional<String> zero = known("zero", claim.zero(), ZeroPointConvention.values());
      Optional<String> bias = known("bias", claim.bias(), BiasPlacement.values());
      if (claim.flattening().isPresent() && !FLATTENING.matcher(claim.flattening().get()).find()) {
        disagreements.agree(
            "conventions.flattening",
            claim.flattening().get(),
            "kernel row, kernel column, input channel");
      }
      if (!GUARANTEES.contains(guarantee)) {
        disagreements.agree("conventions.guarantee", guarantee, "one of " + GUARANTEES);
      }
      disagreements.agree("guarantee", claim.whole().orElse(guarantee), guarantee);
      if (!claim.taps().orElse(PHASE).equals(PHASE)) {
        disagreements.agree(
            "conventions.taps", claim.taps().get(), PHASE + ", or nothing for all taps");
      }
      if (!PINNED.contains(claim.pinned().orElse(REPLACED))) {
        disagreements.agree(
            "conventions.pinned", claim.pinned().get(), "one of " + PINNED + ", or nothing");
      }
      if (!claim.witnesses().orElse(NO_WITNESSES).equals(NO_WITNESSES)) {
        disagreements.agree(
            "conventions.witnesses", claim.witnesses().get(), NO_WITNESSES + ", or nothing");
      }
      readParts();
      return new ClaimedConventions(guarantee, zero, bias, parts, outer, leastOperand);
    }

    /** Parts come with the width behind them, pairs with what is multiplied. */
    private void readParts() {
      if (claim.parts().isPresent()) {
        Optional<SummedParts> said = SummedParts.of(claim.parts().get());
        if (said.isEmpty() || guarantee.equals(TERMS)) {
          disagreements.agree(
              "conventions.parts", claim.parts().get(), "chunk(n), pairs(d) or lanes(…), of sums");
        }
        parts = said.orElse(SummedParts.one());
        outer = number("outer", claim.outer());
        if (outer.isEmpty() || outer.getAsInt() < 2 || outer.getAsInt() > 62) {
          disagreements.agree("conventions.outer", claim.outer().orElse("nothing"), "2 to 62 bits");
          outer = OptionalInt.empty();
        }
        leastOperand = number("leastOperand", claim.leastOperand());
        boolean known =
            leastOperand.isPresent()
                && (leastOperand.getAsInt() == 0 || leastOperand.getAsInt() == -128);
        if (parts.pairs() != known) {
          disagreements.agree(
              "conventions.leastOperand",
              claim.leastOperand().orElse("nothing"),
              "0 or -128 for pairs, nothing for others");
        }
      } else if (claim.outer().isPresent() || claim.leastOperand().isPresent()) {
        disagreements.agree(
            "conventions.parts", "nothing", "parts, which outer and leastOperand are about");
      }
    }

    private OptionalInt number(String key, Optional<String> text) {
      try {
        return text.isPresent()
            ? OptionalInt.of(Integer.parseInt(text.get()))
            : OptionalInt.empty();
      } catch (NumberFormatException e) {
        disagreements.agree("conventions." + key, text.orElse(""), "a whole number");
        return OptionalInt.empty();
      }
    }

    /** A convention that is one of those there are. */
    private <T> Optional<String> known(String key, Optional<String> said, T[] values) {
      if (said.isPresent()
          && Arrays.stream(values).noneMatch(v -> v.toString().equals(said.get()))) {
        disagreements.agree("conventions." + key, said.get(), "one of " + List.of(values));
        return Optional.empty();
      }
      return said;
    }
  }
}
