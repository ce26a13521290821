package dev.narrows.experiments.reproduce.llm;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.report.Interval;
import java.util.Optional;

/**
 * Registers, and what was measured of them so far.
 *
 * @param group what the row is compared with
 * @param losses in these registers, with those of exact sums of the same predictions; empty: none
 *     yet
 */
record LlmRow(String group, LlmChoice choice, Optional<Paired> losses) {
  /** Losses of the same predictions. */
  record Paired(TextLosses narrow, TextLosses exact) {
    Paired then(Paired next) {
      return new Paired(narrow.then(next.narrow), exact.then(next.exact));
    }

    /** In percent of perplexity. */
    String above() {
      return narrow.broken() > 0 ? "∞" : text("%+.2f", narrow.above(exact));
    }

    String interval() {
      return narrow.aboveInterval(exact).map(Interval::text).orElse("");
    }

    String perplexity() {
      return narrow.broken() > 0 ? "∞" : text("%.2f", narrow.perplexity());
    }

    String broken() {
      return narrow.broken() == 0 ? "" : narrow.broken() + " from " + narrow.breaksAt();
    }
  }

  /** With one more part of the text. */
  LlmRow with(Paired more) {
    return new LlmRow(group, choice, Optional.of(losses.map(old -> old.then(more)).orElse(more)));
  }
}
