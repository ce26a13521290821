package dev.narrows.report.summary;

import static dev.narrows.report.Text.text;

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
    List<String> pinned =
        summary.accuracies().stream().flatMap(view -> view.pinned().stream()).distinct().toList();
    if (!pinned.isEmpty()) {
      sentences.add(
          "These widths leave out " + String.join(", ", pinned) + ", which keep exact registers.");
    }
    return sentences;
  }

  private static Optional<String> accuracy(AccuracyView view) {
    Optional<String> exact = view.exactAccuracy().map(a -> text("%.2f %% in exact registers", a));
    Optional<String> real = view.floatAccuracy().map(a -> text("%.2f %% in float", a));
    if (exact.isEmpty() && real.isEmpty()) {
      return Optional.empty();
    }
    String figures =
        real.map(r -> r + exact.map(e -> ", " + e).orElse("")).orElseGet(exact::orElseThrow);
    return Optional.of(
        text(
            "On %,d %s of %s the network reaches %s.",
            view.images(), view.examples(), view.dataset(), figures));
  }

  /** A network trained through a register uses its limits: wider is not better. */
  private static Optional<String> needsItsRegister(AccuracyView view) {
    return view.exactAccuracy()
        .filter(exact ->
            view.best().stream().anyMatch(b -> exact < b.point().accuracy() - view.allowedLoss()))
        .map(exact ->
            text(
                "In exact registers it falls to %.2f %%: it was made for its narrow register.",
                exact));
  }

  private static Optional<String> reachable(Summary summary) {
    Optional<AccuracyView> judged = Summary.judged(summary.accuracies()).stream().findFirst();
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    AccuracyView view = judged.get();
    String limit = text("%.0f point of %s", view.allowedLoss(), view.referenceName());
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
                    "%d bits are enough %s (%.2f %%)",
                    width.bits(), words(width.way()), width.accuracy()));
    Optional<String> plain =
        summary
            .plain()
            .map(width ->
                text(
                    "a plain saturating register stays within %s down to %d bits (%.2f %%)%s",
                    limit,
                    width.bits(),
                    width.accuracy(),
                    other
                        .map(text -> "; " + text)
                        .orElse(", and no other way of summing that was tried needs fewer")));
    return plain
        .or(() -> other.map(text -> "within " + limit + ", " + text))
        .or(() ->
            view.best()
                .map(best ->
                    text(
                        "no register that was tried stays within %s; the best, %d bits %s, has %.2f %%",
                        limit, best.point().bits(), words(best.way()), best.point().accuracy())))
        .map(text -> sentence(on + text + "."));
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
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
}
