package dev.narrows.report.summary;

import dev.narrows.report.summary.Summary.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A summary in words that need no knowledge of the project. */
final class SummaryText {
  private SummaryText() {}

  static List<String> of(Summary summary) {
    List<String> sentences = new ArrayList<>();
    for (AccuracyView view : summary.accuracies()) {
      accuracy(view).ifPresent(sentences::add);
    }
    reachable(summary).ifPresent(sentences::add);
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
    List<String> pinned =
        summary.accuracies().stream().flatMap(view -> view.pinned().stream()).distinct().toList();
    if (!pinned.isEmpty()) {
      sentences.add(
          "These widths leave out " + String.join(", ", pinned) + ", which keep exact registers.");
    }
    return sentences;
  }

  private static Optional<String> accuracy(AccuracyView view) {
    Optional<String> exact =
        view.exactAccuracy().map(a -> text("%.2f %% in exact integer registers", a));
    Optional<String> real = view.floatAccuracy().map(a -> text("%.2f %% in float", a));
    if (exact.isEmpty() && real.isEmpty()) {
      return Optional.empty();
    }
    String figures =
        real.map(r -> r + exact.map(e -> ", " + e).orElse("")).orElseGet(exact::orElseThrow);
    return Optional.of(
        text(
            "On %,d images of %s the network reaches %s.", view.images(), view.dataset(), figures));
  }

  private static Optional<String> reachable(Summary summary) {
    String limit =
        summary.accuracies().stream()
            .map(view -> text("%.0f point of %s", view.allowedLoss(), view.referenceName()))
            .findFirst()
            .orElse("");
    Optional<String> plain =
        summary
            .plain()
            .map(width ->
                text(
                    "A plain saturating register stays within %s down to %d bits (%.2f %%)",
                    limit, width.bits(), width.accuracy()));
    Optional<Width> better =
        summary
            .reachable()
            .filter(width -> summary.plain().stream().noneMatch(p -> p.bits() <= width.bits()));
    Optional<String> other =
        better.map(width ->
            text(
                "%d bits are enough %s (%.2f %%)",
                width.bits(), words(width.way()), width.accuracy()));
    if (plain.isEmpty()) {
      return other.map(text -> "Within " + limit + ", " + text + ".");
    }
    return Optional.of(
        plain.get()
            + other
                .map(text -> "; " + text + ".")
                .orElse(", and no other way of summing that was tried needs fewer."));
  }

  /** {@code saturate:sorted} as {@code summing in sorted order}. */
  private static String words(String way) {
    return switch (way) {
      case "saturate" -> "saturating in natural order";
      case "wrap" -> "wrapping around";
      default ->
          way.startsWith("saturate:")
              ? "summing in " + way.substring("saturate:".length()) + " order"
              : "with " + way;
    };
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
