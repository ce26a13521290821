package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LlamaBreak;
import dev.narrows.report.Interval;
import dev.narrows.report.LanguageBreaks;
import dev.narrows.report.LanguageBreaks.LayerBreaks;
import dev.narrows.report.LanguageBreaks.PlacedToken;
import dev.narrows.report.LanguageBreaks.RemainingLoss;
import dev.narrows.report.TokenLoss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where a register failed a text, held beside exact sums of it. */
record LanguageFindings(LanguageEvaluation of, LanguageLoss loss, LanguageLoss exact) {
  private static final int RISEN = 10;

  /** Tokens that are shown before one. */
  private static final int BEFORE = 8;

  /** How much the mean loss is above that of exact sums, in nats; infinite where some broke. */
  double above() {
    return loss.breaks().isEmpty() ? loss.mean() - exact.mean() : Double.POSITIVE_INFINITY;
  }

  /** Of {@link #above}; empty if there are too few blocks, or some broke. */
  Optional<Interval> aboveInterval() {
    return loss.breaks().isEmpty() && exact.breaks().isEmpty()
        ? TextBlocks.ofDifference(loss.nats(), exact.nats())
        : Optional.empty();
  }

  /** What broke, if something did. */
  Optional<LanguageBreaks> broken() {
    List<LlamaBreak> all = loss.breaks();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<LlamaBreak> own =
        all.stream().filter(one -> one.kind() != LlamaBreak.BreakKind.CARRIED).toList();
    Network sums = of.model().sums();
    List<LayerBreaks> layers = new ArrayList<>();
    for (Layer layer : sums.layers()) {
      int count = (int) own.stream().filter(one -> one.product().equals(layer.name())).count();
      if (count > 0) {
        layers.add(new LayerBreaks(layer.name(), count));
      }
    }
    return Optional.of(
        new LanguageBreaks(
            all.size(),
            all.size() - own.size(),
            place(all.getFirst()),
            layers,
            (int) all.stream().mapToInt(one -> one.prediction() / of.context()).distinct().count(),
            rest()));
  }

  /** Predictions that broke in neither. */
  private Optional<RemainingLoss> rest() {
    double nats = 0;
    double wide = 0;
    int count = 0;
    for (int i = 0; i < loss.nats().length; i++) {
      if (Double.isFinite(loss.nats()[i]) && Double.isFinite(exact.nats()[i])) {
        nats += loss.nats()[i];
        wide += exact.nats()[i];
        count++;
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new RemainingLoss(
                count,
                nats / count,
                StrictMath.exp(nats / count),
                100 * StrictMath.expm1((nats - wide) / count)));
  }

  /** The first token with an overflow of each layer that had one. */
  List<PlacedToken> overflows() {
    return loss.overflows().stream().map(this::place).toList();
  }

  private PlacedToken place(LlamaBreak one) {
    int shown = LanguageLoss.shown(of.model(), of.tokens(), one.prediction(), of.context());
    return new PlacedToken(
        one.product(),
        one.prediction(),
        one.prediction() / of.context(),
        one.prediction() % of.context(),
        text(shown));
  }

  /** The tokens whose loss rises most, those that broke left out. */
  List<TokenLoss> risen() {
    return IntStream.range(0, loss.nats().length)
        .filter(i -> loss.nats()[i] > exact.nats()[i] && Double.isFinite(loss.nats()[i]))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> exact.nats()[i] - loss.nats()[i]))
        .limit(RISEN)
        .map(this::risen)
        .toList();
  }

  private TokenLoss risen(int prediction) {
    int position = prediction % of.context();
    int from = Math.max(prediction - position, prediction + 1 - BEFORE);
    int[] before =
        IntStream.rangeClosed(from, prediction)
            .map(i -> LanguageLoss.shown(of.model(), of.tokens(), i, of.context()))
            .toArray();
    return new TokenLoss(
        prediction,
        prediction / of.context(),
        position,
        text(before),
        text(LanguageLoss.target(of.model(), of.tokens(), prediction)),
        exact.nats()[prediction],
        loss.nats()[prediction]);
  }

  private String text(int... tokens) {
    return of.tokenizer().map(tokenizer -> tokenizer.decode(tokens)).orElse("");
  }
}
