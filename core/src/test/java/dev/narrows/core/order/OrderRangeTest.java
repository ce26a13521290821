package dev.narrows.core.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.SummationOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OrderRangeTest {
  /** Every multiset of {@code count} values of [−5, 4], as rising arrays. */
  private static void everyMultiset(int count, Consumer<long[]> action) {
    fill(new long[count], 0, -5, action);
  }

  private static void fill(long[] terms, int at, long least, Consumer<long[]> action) {
    if (at == terms.length) {
      action.accept(terms);
      return;
    }
    for (long value = least; value <= 4; value++) {
      terms[at] = value;
      fill(terms, at + 1, value, action);
    }
  }

  static OrderRange range(Accumulator register, long[] terms, long preload) {
    long negative = Arrays.stream(terms).filter(t -> t < 0).sum();
    long positive = Arrays.stream(terms).filter(t -> t > 0).sum();
    return OrderRange.of(register, negative, positive, preload);
  }

  private static OrderRange found(
      IntegerAccumulator register, List<SumTree> trees, long[] terms, long preload) {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (SumTree tree : trees) {
      long value = tree.sum(register, terms, preload);
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return new OrderRange(least, greatest);
  }

  @Test
  void saturating_everyTreeOfSmallSums_reachesBothEndsAndNothingBeyond() {
    int[] multisets = {0, 0}; // all, and those that no order can change
    for (int terms = 0; terms <= 4; terms++) {
      List<SumTree> trees = EverySumTree.of(terms, terms <= 3);
      everyMultiset(
          terms,
          values -> {
            for (int bits = 2; bits <= 3; bits++) {
              Saturating register = new Saturating(bits);
              OrderRange range = range(register, values, 0);
              assertThat(found(register, trees, values, 0))
                  .as("%s of %s", register, Arrays.toString(values))
                  .isEqualTo(range);
              multisets[0]++;
              multisets[1] += range.oneValue() ? 1 : 0;
            }
          });
    }
    assertThat(multisets).containsExactly(2002, 764);
  }

  @Test
  void saturating_preloadedRegisters_reachBothEndsAndNothingBeyond() {
    for (int terms = 0; terms <= 3; terms++) {
      List<SumTree> trees = EverySumTree.ofPreloaded(terms);
      everyMultiset(
          terms,
          values -> {
            for (long preload = -6; preload <= 5; preload++) {
              Saturating register = new Saturating(3);
              assertThat(found(register, trees, values, preload))
                  .as("from %d, %s", preload, Arrays.toString(values))
                  .isEqualTo(range(register, values, preload));
            }
          });
    }
  }

  @Test
  void oneValue_signsAndSums_isTheConditionOfBothSides() {
    for (int terms = 0; terms <= 4; terms++) {
      everyMultiset(
          terms,
          values -> {
            long negative = Arrays.stream(values).filter(t -> t < 0).sum();
            long positive = Arrays.stream(values).filter(t -> t > 0).sum();
            boolean fits = positive <= 3 && negative >= -4;
            assertThat(range(new Saturating(3), values, 0).oneValue())
                .as(Arrays.toString(values))
                .isEqualTo(fits || positive == 0 || negative == 0);
          });
    }
  }

  @Test
  void oneOrder_registersWithoutOrder_areThatValueInEveryOrderOfTheReference() {
    List<Accumulator> registers =
        List.of(
            new Exact(),
            new Wrapping(3),
            new Spilling(2, 4),
            new Resolved(3, false),
            new Resolved(3, true),
            new Saturating(3));
    List<SummationOrder> orders =
        List.of(
            new SummationOrder.Sequential(),
            new SummationOrder.Reversed(),
            new SummationOrder.Ascending(),
            SummationOrder.Sorted.all(),
            new SummationOrder.SignDirected());
    Random random = new Random(21);
    for (int i = 0; i < 8_000; i++) {
      long[] terms = random.longs(random.nextInt(6), -6, 7).toArray();
      long preload = random.nextInt(-9, 10);
      Accumulator register = registers.get(random.nextInt(registers.size()));
      OrderRange range = range(register, terms, preload);
      for (SummationOrder order : orders) {
        assertThat(Dot.sum(register, order, terms, preload).value())
            .as("seed 21, %s:%s from %d, %s", register, order, preload, Arrays.toString(terms))
            .isBetween(range.least(), range.greatest());
      }
      assertThat(
              range.oneValue()
                  || register instanceof Saturating
                  || register.equals(registers.get(4)))
          .isTrue();
    }
  }

  @Test
  void of_floatingRegister_isRefused() {
    assertThatThrownBy(
            () -> OrderRange.of(FloatingAccumulator.named("fp16").orElseThrow(), 0, 0, 0))
        .isInstanceOf(OperandException.class)
        .hasMessageContaining("float operands");
  }

  @Test
  void saturating_sumsNearTheEndOf64Bits_doNotWrapAround() {
    OrderRange range = OrderRange.of(new Saturating(62), Long.MIN_VALUE / 2, Long.MAX_VALUE / 2, 0);
    assertThat(range).isEqualTo(new OrderRange(-(1L << 61), (1L << 61) - 1));
    assertThatThrownBy(() -> OrderRange.of(new Exact(), -1, Long.MAX_VALUE, 2))
        .isInstanceOf(ArithmeticException.class);
  }
}
