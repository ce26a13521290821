package dev.narrows.experiments.evaluate;

import dev.narrows.report.Interval;
import dev.narrows.report.LanguageResult.Perplexity;
import java.util.Arrays;
import java.util.Optional;

/**
 * The losses of a text's predictions in one choice of registers.
 *
 * @param nats −ln p of each, infinite where its sums were not finite
 * @param breaksAt the layer at which the first of those broke; empty if none did
 */
public record TextLosses(double[] nats, String breaksAt) {
  /** Predictions whose sums were not finite. */
  public int broken() {
    return (int) Arrays.stream(nats).filter(loss -> !Double.isFinite(loss)).count();
  }

  /** The mean loss in nats; infinite where one broke. */
  public double mean() {
    double sum = 0;
    for (double loss : nats) {
      sum += loss;
    }
    return sum / nats.length;
  }

  /** e to the mean loss. */
  public double perplexity() {
    return StrictMath.exp(mean());
  }

  /** How far perplexity is above that of other losses of the same predictions, in percent. */
  public double above(TextLosses other) {
    return broken() > 0 ? Double.POSITIVE_INFINITY : 100 * StrictMath.expm1(mean() - other.mean());
  }

  /**
   * Where {@link #above} may lie, by resampling blocks of neighbouring predictions in pairs; empty
   * for too few of them, and where some broke.
   */
  public Optional<Interval> aboveInterval(TextLosses other) {
    return broken() + other.broken() > 0
        ? Optional.empty()
        : TextBlocks.ofDifference(nats, other.nats)
            .map(of ->
                new Interval(100 * StrictMath.expm1(of.low()), 100 * StrictMath.expm1(of.high())));
  }

  /** Perplexity beside other losses of the same predictions, with intervals where none broke. */
  public Perplexity beside(TextLosses other) {
    Optional<Interval> own =
        broken() > 0
            ? Optional.empty()
            : TextBlocks.ofMean(nats)
                .map(of -> new Interval(StrictMath.exp(of.low()), StrictMath.exp(of.high())));
    return new Perplexity(
        perplexity(), own, above(other), aboveInterval(other), TextBlocks.count(nats.length));
  }

  /** The same, followed by those of the text's next part. */
  public TextLosses then(TextLosses next) {
    double[] both = Arrays.copyOf(nats, nats.length + next.nats.length);
    System.arraycopy(next.nats, 0, both, nats.length, next.nats.length);
    return new TextLosses(both, breaksAt.isEmpty() ? next.breaksAt : breaksAt);
  }
}
