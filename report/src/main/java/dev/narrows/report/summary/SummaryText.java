package dev.narrows.report.summary;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A summary in words that need no knowledge of the project. */
final class SummaryText {
  private SummaryText() {}

  /** Layers named in a sentence. */
  private static final int MOST_NAMES = 5;

  static List<String> of(Summary summary) {
    List<String> sentences = new ArrayList<>();
    summary.certificates().forEach(proof -> sentences.add(proof(proof)));
    trained(summary).ifPresent(sentences::add);
    for (AccuracyView view : summary.accuracies()) {
      accuracy(view).ifPresent(sentences::add);
    }
    reachable(summary).ifPresent(sentences::add);
    summary.accuracies().forEach(view -> needsItsRegister(view).ifPresent(sentences::add));
    summary
        .proven()
        .ifPresent(bits ->
            sentences.add(
                "With %d bits no input can overflow any sum, in any order%s."
                    .formatted(
                        bits,
                        summary
                            .dataType()
                            .filter(rule -> rule > bits)
                            .map(rule ->
                                "; the usual rule from operand widths alone asks for " + rule)
                            .orElse(""))));
    summary
        .seen()
        .ifPresent(bits ->
            sentences.add(
                "No sum of the images that were run needed more than %d bits.".formatted(bits)));
    List<String> exact = summary.exactLayers();
    if (!exact.isEmpty() && namesWidths(summary)) {
      sentences.add(
          "These widths leave out " + String.join(", ", exact) + ", which keep exact registers.");
    }
    return sentences;
  }

  /** What a certificate proves; that it fails is said first. */
  private static String proof(Summary.Proof proof) {
    String covered = proof.layers() == 1 ? "1 layer" : proof.layers() + " layers";
    String uncovered =
        proof.skipped().isEmpty() ? "" : " It does not cover " + names(proof.skipped()) + ".";
    if (proof.layers() == 0) {
      return "The certificate for registers of %d bits proves nothing: it covers no layer.%s"
          .formatted(proof.bits(), uncovered);
    }
    if (proof.wider().isEmpty()) {
      return (proof.ofTerms()
                  ? "The certificate holds: every term of %2$s fits registers of %1$d bits; sums"
                      + " may still leave them."
                  : "The certificate holds: registers of %d bits overflow in none of %s, for any"
                      + " input and in any order.")
              .formatted(proof.bits(), covered)
          + uncovered;
    }
    return "The certificate does not hold: registers of %d bits are not enough%s. Of %s %d %s up to %d bits: %s.%s"
        .formatted(
            proof.bits(),
            proof.ofTerms() ? " for every term" : "",
            covered,
            proof.wider().size(),
            proof.wider().size() == 1 ? "needs" : "need",
            proof.needed(),
            names(proof.wider()),
            uncovered);
  }

  private static boolean namesWidths(Summary summary) {
    return summary.plain().isPresent()
        || summary.reachable().isPresent()
        || summary.seen().isPresent()
        || summary.proven().isPresent();
  }

  private static String names(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
  }

  private static Optional<String> trained(Summary summary) {
    return summary
        .trained()
        .map(bits ->
            "The network was trained to be safe in registers of %d bits%s%s."
                .formatted(
                    bits,
                    summary.exactLayers().isEmpty()
                        ? ""
                        : ", all layers but " + String.join(", ", summary.exactLayers()),
                    summary
                        .proven()
                        .map(proven ->
                            proven <= bits
                                ? ", and its integers are"
                                : ", but its integers need " + proven)
                        .orElse("")));
  }

  private static Optional<String> accuracy(AccuracyView view) {
    Optional<String> exact =
        view.exactAccuracy().map(a -> view.quality().withUnit(a) + " in exact registers");
    Optional<String> real = view.floatAccuracy().map(a -> view.quality().withUnit(a) + " in float");
    if (exact.isEmpty() && real.isEmpty()) {
      return Optional.empty();
    }
    String figures =
        real.map(r -> r + exact.map(e -> ", " + e).orElse("")).orElseGet(exact::orElseThrow);
    return Optional.of(
        text(
            "On %,d %s of %s the network reaches %s%s.",
            view.images(),
            view.examples(),
            view.dataset(),
            view.measure().map(other -> "a " + other.title() + " of ").orElse(""),
            figures));
  }

  /** A network trained through a register uses its limits: wider is not better. */
  private static Optional<String> needsItsRegister(AccuracyView view) {
    return view.exactAccuracy()
        .filter(exact ->
            view.best().stream()
                .anyMatch(b ->
                    view.quality().goodness(exact)
                        < view.quality().goodness(b.point().accuracy()) - view.allowedLoss()))
        .map(exact ->
            "In exact registers it falls to %s: it was made for its narrow register."
                .formatted(view.quality().withUnit(exact)));
  }

  private static Optional<String> reachable(Summary summary) {
    Optional<AccuracyView> judged = Summary.judged(summary.accuracies()).stream().findFirst();
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    AccuracyView view = judged.get();
    String limit = view.quality().allowedLossInWords() + " of " + view.referenceName();
    String on =
        summary.accuracies().stream().allMatch(other -> other.images() == view.images())
            ? ""
            : text("On %,d images: ", view.images());
    Optional<String> other =
        summary
            .reachable()
            .filter(width -> summary.plain().stream().noneMatch(p -> p.bits() <= width.bits()))
            .map(width ->
                text(
                    "%d bits are enough %s (%s)",
                    width.bits(), words(width.summation()), width.figure()));
    Optional<String> plain =
        summary
            .plain()
            .map(width ->
                text(
                    "a plain saturating register stays within %s down to %d bits (%s)%s",
                    limit,
                    width.bits(),
                    width.figure(),
                    other
                        .map(text -> "; " + text)
                        .orElse(", and no other way of summing that was tried needs fewer")));
    return plain
        .or(() -> other.map(text -> "within " + limit + ", " + text))
        .or(() ->
            view.best()
                .filter(_ -> view.reference().isPresent()) // else nobody knows what is near
                .map(best ->
                    text(
                        "no register that was tried stays within %s; the best, %d bits %s,"
                            + " has %s",
                        limit,
                        best.point().bits(),
                        words(Summation.parseWay(best.curve().way(), best.point().bits())),
                        view.quality().withUnit(best.point().accuracy()))))
        .map(text -> sentence(on + text + "."));
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** {@code saturate:sorted} as {@code summing in sorted order}. */
  private static String words(Summation way) {
    boolean asked = !way.way().equals(way.accumulator().policy()); // for an order, or conventions
    if (!asked && !way.accumulator().orderFree()) {
      return way.accumulator().policyInWords() + " in " + way.orderInWords();
    }
    return way.accumulator() instanceof Saturating
        ? "summing in " + way.orderInWords() + " order"
        : "with " + way.wayInWords();
  }
}
