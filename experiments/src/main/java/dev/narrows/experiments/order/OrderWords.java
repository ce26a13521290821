package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Summation;
import dev.narrows.report.OrderResult.AnswersInAnyOrder;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderVerdict;
import dev.narrows.report.PlainText;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Verdicts as sentences. */
final class OrderWords {
  private OrderWords() {}

  static String sentence(
      Summation register,
      OrderVerdict verdict,
      List<LayerOrders> layers,
      Optional<AnswersInAnyOrder> answers,
      int images) {
    boolean codes =
        layers.stream().anyMatch(layer -> layer.errorFactor().isEmpty())
            || layers.stream().anyMatch(layer -> layer.scale().isPresent());
    return register
        + ": "
        + verdict(verdict, layers, codes ? "code" : "sum", "image")
        + answers.map(of -> images(of, images)).orElse("")
        + modulo(register)
        + blocks(register)
        + ".";
  }

  /**
   * Of the matrices of a language model.
   *
   * @param every one of so many dot products was looked at
   */
  static String ofMatrices(
      Summation register, OrderVerdict verdict, List<LayerOrders> matrices, int every) {
    boolean drawn = every > 1 && verdict != OrderVerdict.EVERY_INPUT;
    return register
        + ": "
        + verdict(verdict, matrices, "sum", "token")
        + (drawn ? "; one of %d dot products was looked at".formatted(every) : "")
        + modulo(register)
        + blocks(register)
        + ".";
  }

  private static String verdict(
      OrderVerdict verdict, List<LayerOrders> layers, String what, String example) {
    return switch (verdict) {
      case EVERY_INPUT ->
          "no order of additions changes any %s, whatever the input (proved)".formatted(what);
      case DATA ->
          "no order of additions changes any %s on these data (proved for them; other inputs are not covered)"
              .formatted(what);
      case REFUTED -> refuted(layers, what, example);
      case UNDECIDED ->
          "undecided: no two orders that differ were found, and %s of the dot products have no proof"
              .formatted(percent(layers, LayerOrders::undecided));
    };
  }

  private static String refuted(List<LayerOrders> layers, String what, String example) {
    LayerOrders worst =
        layers.stream().filter(layer -> layer.witness().isPresent()).findFirst().orElseThrow();
    return "the order of additions changes %ss: %s of the dot products are refuted by two orders, %s undecided; %s, %s"
        .formatted(
            what,
            percent(layers, LayerOrders::refuted),
            percent(layers, LayerOrders::undecided),
            worst.name(),
            worst.witness().orElseThrow().words(example));
  }

  private static String images(AnswersInAnyOrder answers, int images) {
    return "; of %d images no order can change the answer of %d%s"
        .formatted(
            images,
            answers.proved(),
            answers
                .seenChanged()
                .map(count -> ", and %d differed between the orders seen".formatted(count))
                .orElse(""));
  }

  private static String modulo(Summation register) {
    return switch (register.accumulator()) {
      case Wrapping(int bits) ->
          "; a sum beyond %d bits is exact only modulo 2^%d".formatted(bits, bits);
      case Spilling(int _, int wide) ->
          "; a sum beyond %d bits is exact only modulo 2^%d".formatted(wide, wide);
      default -> "";
    };
  }

  private static String blocks(Summation register) {
    return register.accumulator() instanceof FusedAccumulator fused
            && fused.scaling().block().isPresent()
        ? "; orders are those of whole blocks of %d operands, which share a scale"
            .formatted(fused.scaling().block().getAsInt())
        : "";
  }

  private static String percent(List<LayerOrders> layers, ToLongFunction<LayerOrders> count) {
    long dots = layers.stream().mapToLong(LayerOrders::dots).sum();
    return dots == 0
        ? "none"
        : PlainText.text("%.2f %%", 100.0 * layers.stream().mapToLong(count).sum() / dots);
  }
}
