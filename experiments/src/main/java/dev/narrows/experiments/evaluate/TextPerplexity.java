package dev.narrows.experiments.evaluate;

import dev.narrows.report.Interval;
import dev.narrows.report.LanguageResult.Perplexity;

/** The perplexity of a text beside another's of the same text, with intervals of blocks. */
public final class TextPerplexity {
  private TextPerplexity() {}

  /**
   * A perplexity.
   *
   * @param nats the loss of every prediction
   * @param others the losses of the same predictions that it is held against
   */
  public static Perplexity of(double[] nats, double[] others) {
    double mean = mean(nats);
    return new Perplexity(
        StrictMath.exp(mean),
        TextBlocks.ofMean(nats)
            .map(of -> new Interval(StrictMath.exp(of.low()), StrictMath.exp(of.high()))),
        100 * StrictMath.expm1(mean - mean(others)),
        TextBlocks.ofDifference(nats, others)
            .map(of ->
                new Interval(100 * StrictMath.expm1(of.low()), 100 * StrictMath.expm1(of.high()))),
        TextBlocks.count(nats.length));
  }

  /** As {@link dev.narrows.network.llama.LanguageLoss#mean} sums it. */
  private static double mean(double[] nats) {
    double sum = 0;
    for (double loss : nats) {
      sum += loss;
    }
    return sum / nats.length;
  }
}
