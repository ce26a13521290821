package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.format.Widths;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.OrderRange;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.TermSums;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.report.OrderResult.LayerOrders;
import java.util.Optional;

/**
 * One matrix of a language model in one register. Sums have no codes: a dot product is refuted by
 * two orders that give two values.
 *
 * <p>In a register that rounds after every addition a product of integers stands for itself times
 * 2^s, the power of two nearest to the scale of its row times that of its token, −{@value #SCALES}
 * ≤ s ≤ {@value #SCALES}; matrix hardware takes the integers.
 */
final class MatrixOrders {
  /** Beyond, tokens are taken as larger, or smaller, than they are. */
  static final int SCALES = 60;

  private final Accumulator register;
  private final String name;
  private final String kind;
  private final int index;
  private final int rows;
  private final int terms;
  private final boolean integers;
  private final int trees;
  private final int everyInput;
  private final Optional<FloatOrders> floats;
  private final OrderTally tally = new OrderTally();

  /**
   * A matrix of {@code rows} and {@code terms}.
   *
   * @param index of its layer, for seeds
   * @param integers its weights, if they are such
   * @param trees to be tried at most on a dot product that is not proved
   */
  MatrixOrders(
      Accumulator register,
      String name,
      String kind,
      int index,
      int rows,
      int terms,
      Optional<IntegerMatrix> integers,
      int trees) {
    this.register = register;
    this.name = name;
    this.kind = kind;
    this.index = index;
    this.rows = rows;
    this.terms = terms;
    this.integers = integers.isPresent();
    this.trees = trees;
    this.floats =
        register.takesIntegers()
            ? Optional.empty()
            : Optional.of(FloatOrders.of(register, 0, terms));
    this.everyInput = integers.map(this::everyInput).orElse(0);
  }

  /** s of the scale of a row times that of a token. */
  static int scale(double of) {
    return of == 0
        ? 0
        : (int)
            Math.clamp(Math.rint(StrictMath.log(of) / StrictMath.log(2)), -SCALES, (double) SCALES);
  }

  /** Rows that no token can bring to two values. */
  private int everyInput(IntegerMatrix of) {
    boolean asTheyAre =
        !(register instanceof FusedAccumulator fused)
            || fused.scaling() == FusedAccumulator.Scaling.NONE
                && 1 << (fused.operands().mantissaBits() + 1) >= of.activations().most();
    int count = 0;
    for (int r = 0; r < rows && asTheyAre; r++) {
      long sum = 0;
      long most = 0;
      long bits = 0;
      for (int k = r * terms; k < (r + 1) * terms; k++) {
        long magnitude = Math.abs((long) of.codes()[k]);
        sum += magnitude;
        most = Math.max(most, magnitude);
        bits |= magnitude;
      }
      int input = of.activations().most();
      count += free(sum * input, most * input, bits) ? 1 : 0;
    }
    return count;
  }

  /**
   * Whether every order of every token is exact, or wraps around.
   *
   * @param sum the largest Σ|t|
   * @param most the largest |t|
   * @param bits the bits of all weights
   */
  private boolean free(long sum, long most, long bits) {
    if (register.takesIntegers()) {
      return register.orderFree() || Widths.of(sum) <= register.bits();
    }
    TermSums widest = TermSums.ofIntegers(terms, 0, sum, most, bits);
    return register.takesGroups()
        ? FloatOrders.of(register, 0, terms).exact(widest)
        : FloatOrders.of(register, -SCALES, terms).exact(widest)
            && FloatOrders.of(register, SCALES, terms).exact(widest);
  }

  /** Whether no text can add anything. */
  boolean proved() {
    return everyInput == rows;
  }

  /** Counts dot products of a matrix that is proved. */
  void add(long dots) {
    tally.addOneValue(dots);
  }

  /** Looks at one dot product. */
  void judge(DotPlace place, TokenDot dot) {
    if (floats.isEmpty()) {
      judgeIntegers(place, dot.operands());
      return;
    }
    DotOperands operands = integers && !register.takesGroups() ? dot.scaled() : dot.operands();
    FloatProbe.judge(
        floats.get(),
        trees,
        index,
        tally,
        place,
        register.takesGroups() ? operands : operands.withoutZeros());
  }

  private void judgeIntegers(DotPlace place, DotOperands operands) {
    long negative = 0;
    long positive = 0;
    for (double product : operands.products()) {
      negative += (long) Math.min(0, product);
      positive += (long) Math.max(0, product);
    }
    OrderRange range = OrderRange.of(register, negative, positive, 0);
    if (range.oneValue()) {
      tally.addOneValue(1);
      return;
    }
    tally.addRefuted(
        place,
        () -> {
          DotOperands terms = operands.withoutZeros();
          Extremes found = IntegerJudge.extremes(register, range, terms.products(), 0);
          return DotJudge.witness(place, 0, terms, found, _ -> Optional.empty());
        });
  }

  /** What came of it. */
  LayerOrders result() {
    return new LayerOrders(
        name,
        kind,
        terms,
        rows,
        everyInput,
        Optional.empty(),
        floats.map(orders -> orders.relativeError(terms)),
        tally.oneValue() + tally.refuted() + tally.undecided(),
        tally.oneValue(),
        tally.oneCode(),
        tally.refuted(),
        tally.undecided(),
        tally.witness());
  }
}
