package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import dev.narrows.network.Network;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LayerwiseRun;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.repair.calibrate.SharedWork;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderFreedom;
import dev.narrows.report.OrderResult.OrderVerdict;
import dev.narrows.report.OrderResult.OrderedText;
import dev.narrows.report.UncoveredLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks of the dot products of a language model's matrices, token by token, whether the order of
 * additions can change them. What every matrix is given is what exact sums before it give.
 *
 * @param text the model and its text
 * @param trees to be tried at most on a dot product that is not proved, at least 1
 * @param every one of so many dot products is looked at, drawn by their places; at least 1
 * @param threads to work on; the result does not depend on it
 */
public record LanguageOrders(LanguageEvaluation text, int trees, int every, int threads) {
  /** Rows that a thread looks at before it takes others. */
  private static final int PIECE = 64;

  private static final String ACTIVATIONS =
      "multiplies two activations, whose terms are not looked at";

  /** All matrices in one register. */
  private record OneRegister(Summation summation, Map<String, MatrixOrders> matrices) {}

  /**
   * Looks at the text.
   *
   * @param registers in index order
   * @throws BadInputException if something cannot be asked, or a register is for no matrix
   */
  public OrderResult of(List<Summation> registers, EvaluationListener listener) {
    registers.forEach(OrderCheck::require);
    LlamaModel model = text.llama("--order-free");
    List<OneRegister> all = registers.stream().map(one -> register(model, one)).toList();
    int predictions = LanguageLoss.predictions(model, text.tokens());
    for (int first = 0; first < predictions; first += text.context()) {
      window(model, all, first, Math.min(text.context(), predictions - first));
      listener.progress("orders", Math.min(predictions, first + text.context()), predictions);
    }
    return new OrderResult(
        text.id(),
        text.text(),
        predictions,
        trees,
        all.stream().map(one -> result(model, one)).toList(),
        Optional.of(new OrderedText(text.context(), every)));
  }

  private OneRegister register(LlamaModel model, Summation summation) {
    Accumulator accumulator = summation.accumulator();
    Network sums = model.sums();
    Map<String, MatrixOrders> matrices = new LinkedHashMap<>();
    for (int layer = 0; layer <= model.shape().layers(); layer++) {
      for (LlamaMatrix matrix : LlamaMatrix.values()) {
        boolean here = layer < model.shape().layers() ? matrix.inLayers() : isLast(matrix);
        int at = isLast(matrix) ? 0 : layer;
        if (here && (model.integers(matrix, at).isPresent() || accumulator.takesFloats())) {
          String name = matrix.name(at);
          matrices.put(
              name,
              new MatrixOrders(
                  accumulator,
                  name,
                  sums.layer(name).kind(),
                  index(matrix, at),
                  matrix.rows(model.shape()),
                  matrix.terms(model.shape()),
                  model.integers(matrix, at),
                  trees));
        }
      }
    }
    if (matrices.isEmpty()) {
      throw new BadInputException(
          "--accumulator: no matrix of %s sums in %s, a register for integers; narrows quantize makes some"
              .formatted(text.id().file(), summation));
    }
    return new OneRegister(summation, matrices);
  }

  private static boolean isLast(LlamaMatrix matrix) {
    return matrix == LlamaMatrix.CLASSIFIER;
  }

  private static int index(LlamaMatrix matrix, int layer) {
    return layer * LlamaMatrix.values().length + matrix.ordinal();
  }

  private void window(LlamaModel model, List<OneRegister> all, int first, int count) {
    int[] ids = LanguageLoss.inputs(model, text.tokens(), first, count, text.context());
    try (LayerwiseRun run = new LayerwiseRun(model, ids, 1, threads)) {
      for (int layer = 0; layer < model.shape().layers(); layer++) {
        int at = layer;
        run.layer(
            layer,
            (matrix, _, x) ->
                matrix.sharing().forEach(one -> look(model, all, one, at, x, first, count)));
      }
      look(model, all, LlamaMatrix.CLASSIFIER, 0, run.last(), first, count);
    }
  }

  /** Looks at a matrix on its inputs, [K][count]. */
  private void look(
      LlamaModel model,
      List<OneRegister> all,
      LlamaMatrix matrix,
      int layer,
      float[] x,
      int first,
      int count) {
    List<MatrixOrders> asked =
        all.stream()
            .flatMap(one -> Optional.ofNullable(one.matrices().get(matrix.name(layer))).stream())
            .toList();
    List<MatrixOrders> open = asked.stream().filter(one -> !one.proved()).toList();
    if (asked.isEmpty()) {
      return;
    }
    MatrixTokens tokens = new MatrixTokens(model, matrix, layer, x, count);
    int rows = matrix.rows(model.shape());
    List<Long> looked =
        SharedWork.all(
            threads,
            Math.ceilDiv(rows, PIECE),
            piece -> {
              long dots = 0;
              for (int r = piece * PIECE; r < Math.min(rows, (piece + 1) * PIECE); r++) {
                dots += row(tokens, open, index(matrix, layer), r, first);
              }
              return dots;
            });
    long dots = looked.stream().mapToLong(Long::longValue).sum();
    asked.stream().filter(MatrixOrders::proved).forEach(one -> one.add(dots));
  }

  private long row(MatrixTokens tokens, List<MatrixOrders> open, int index, int row, int first) {
    DotPlace[] places = new DotPlace[tokens.columns()];
    Arrays.setAll(places, j -> new DotPlace(first + j, row, 0));
    long dots = Arrays.stream(places).filter(place -> drawn(place, index)).count();
    if (dots > 0 && !open.isEmpty()) {
      MatrixTokens.Row weights = tokens.new Row(row);
      for (int j = 0; j < places.length; j++) {
        if (drawn(places[j], index)) {
          TokenDot dot = weights.with(j);
          for (MatrixOrders one : open) {
            one.judge(places[j], dot);
          }
        }
      }
    }
    return dots;
  }

  /**
   * Whether a dot product is looked at: by Stafford's 13th mix of its place, for every register.
   */
  private boolean drawn(DotPlace place, int index) {
    long mixed = place.seed(index);
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return Long.remainderUnsigned(mixed ^ mixed >>> 31, every) == 0;
  }

  private OrderFreedom result(LlamaModel model, OneRegister one) {
    List<LayerOrders> found = one.matrices().values().stream().map(MatrixOrders::result).toList();
    OrderVerdict verdict = verdict(one, found);
    return new OrderFreedom(
        one.summation().toString(),
        verdict,
        OrderWords.ofMatrices(one.summation(), verdict, found, every),
        Optional.empty(),
        found,
        notCovered(model, one));
  }

  private OrderVerdict verdict(OneRegister one, List<LayerOrders> found) {
    if (found.stream().anyMatch(matrix -> matrix.refuted() > 0)) {
      return OrderVerdict.REFUTED;
    }
    if (found.stream().anyMatch(matrix -> matrix.undecided() > 0)) {
      return OrderVerdict.UNDECIDED;
    }
    if (one.matrices().values().stream().allMatch(MatrixOrders::proved)) {
      return OrderVerdict.EVERY_INPUT;
    }
    return every == 1 ? OrderVerdict.DATA : OrderVerdict.UNDECIDED; // others were not looked at
  }

  private static List<UncoveredLayer> notCovered(LlamaModel model, OneRegister one) {
    List<UncoveredLayer> left = new ArrayList<>();
    left.add(new UncoveredLayer("*.attention.scores", "matmul", ACTIVATIONS));
    left.add(new UncoveredLayer("*.attention.mix", "matmul", ACTIVATIONS));
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      for (int layer = 0; layer < (matrix.inLayers() ? model.shape().layers() : 1); layer++) {
        String name = matrix.name(layer);
        if (matrix != LlamaMatrix.EMBEDDING && !one.matrices().containsKey(name)) {
          left.add(
              new UncoveredLayer(
                  name,
                  "matmul",
                  "sums real numbers, and "
                      + one.summation().accumulator()
                      + " is a register for integers"));
        }
      }
    }
    return left;
  }
}
