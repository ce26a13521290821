package dev.narrows.core.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.FloatingFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FloatOrdersTest {
  private static final FloatingAccumulator TINY =
      FloatingAccumulator.of(new FloatingFormat(2, 3, 3));
  private static final FloatingAccumulator UNLIKE =
      new FloatingAccumulator(new FloatingFormat(3, 3, 4), new FloatingFormat(2, 3, 2), true);
  private static final FloatingAccumulator BINARY32 =
      FloatingAccumulator.of(new FloatingFormat(23, 8, 127));

  /** What was promised of one dot product, held against some trees; counts what was promised. */
  private static final class Promises {
    long dots;
    long exact;
    long bounded;
    long trees;
    double closest; // the largest share of its bound that an error took

    void hold(FloatingAccumulator register, double[] products, Iterable<SumTree> all) {
      FloatOrders orders = FloatOrders.of(register, 0, products.length);
      TermSums terms = TermSums.of(products);
      FloatOrders.FloatRange range = orders.range(terms);
      boolean exactEverywhere = orders.exact(terms);
      boolean one = orders.oneValue(terms);
      double error = orders.error(terms);
      ToDoubleFunction<SumTree> sums = orders.sums(DotOperands.ofTerms(products));
      boolean few = products.length <= 5; // of a tiny format: binary64 holds all differences
      BigDecimal sum =
          few
              ? BigDecimal.ZERO
              : Arrays.stream(products)
                  .mapToObj(BigDecimal::new)
                  .reduce(BigDecimal.ZERO, BigDecimal::add);
      double first = Double.NaN;
      for (SumTree tree : all) {
        double value = sums.applyAsDouble(tree);
        trees++;
        if (!Double.isFinite(value)) { // IEEE 754: then nothing may have been promised
          assertThat(error).as("%s: %s", register, Arrays.toString(products)).isInfinite();
          assertThat(exactEverywhere || one && products.length > 1).isFalse();
          continue;
        }
        if (!(value >= range.least() && value <= range.greatest())) {
          throw new AssertionError(
              "%s: %s gives %s, outside %s"
                  .formatted(register, Arrays.toString(products), value, range));
        }
        double off =
            few
                ? Math.abs(value - terms.exact())
                : new BigDecimal(value).subtract(sum).abs().doubleValue();
        if (exactEverywhere && off != 0) {
          throw new AssertionError(
              "%s: %s is not exact".formatted(register, Arrays.toString(products)));
        }
        if (one && !Double.isNaN(first) && value != first) {
          throw new AssertionError(
              "%s: %s has two values".formatted(register, Arrays.toString(products)));
        }
        if (error != Double.POSITIVE_INFINITY) {
          if (off > Math.nextUp(error + terms.inexactness())) {
            throw new AssertionError(
                "%s: %s is off by %s".formatted(register, Arrays.toString(products), off));
          }
          closest = Math.max(closest, error == 0 ? 0 : off / error);
        }
        first = value;
      }
      dots++;
      exact += exactEverywhere ? 1 : 0;
      bounded += error != Double.POSITIVE_INFINITY && !exactEverywhere ? 1 : 0;
    }
  }

  /** All values of a format. */
  private static double[] values(FloatingFormat format) {
    return IntStream.range(0, 1 << format.bits())
        .filter(code -> code != 1 << (format.bits() - 1)) // −0
        .mapToDouble(format::decode)
        .toArray();
  }

  @Test
  void range_everyTreeOfUpToThreeTermsInATinyFormat_holdsTheValue() {
    for (FloatingAccumulator register : List.of(TINY, TINY.withoutUnderflow(), UNLIKE)) {
      double[] values = values(register.product());
      Promises promises = new Promises();
      List<SumTree> two = EverySumTree.of(2, true);
      List<SumTree> three = EverySumTree.of(3, true);
      for (int a = 0; a < values.length; a++) {
        for (int b = 0; b <= a; b++) {
          promises.hold(register, new double[] {values[a], values[b]}, two);
          for (int c = 0; c <= b; c += 3) {
            promises.hold(register, new double[] {values[a], values[b], values[c]}, three);
          }
        }
      }
      assertThat(promises.exact).as("of %d", promises.dots).isGreaterThan(500);
      assertThat(promises.bounded).isGreaterThan(promises.dots / 20);
      assertThat(promises.closest).isBetween(0.1, 1.0);
    }
  }

  @Test
  void range_everyTreeOfFourAndFiveTermsInATinyFormat_holdsTheValue() {
    for (FloatingAccumulator register : List.of(TINY, UNLIKE)) {
      double[] values = values(register.product());
      Promises promises = new Promises();
      Random random = new Random(4);
      List<SumTree> four = EverySumTree.of(4, false);
      List<SumTree> five = EverySumTree.of(5, false);
      assertThat(four).hasSize(24 * 11); // Schröder's numbers, times the orders
      assertThat(five).hasSize(120 * 45);
      for (int i = 0; i < 1500; i++) {
        int kind = i % 3; // some cannot clamp, some are on a lattice
        double[] products = new double[i % 10 == 0 ? 5 : 4];
        for (int k = 0; k < products.length; k++) {
          double value = values[random.nextInt(values.length)];
          products[k] =
              switch (kind) {
                case 0 -> value;
                case 1 -> Math.clamp(value, -1.5, 1.5);
                default -> random.nextInt(-2, 3) * 0.5;
              };
        }
        promises.hold(register, products, products.length == 5 ? five : four);
      }
      assertThat(promises.exact).isPositive();
      assertThat(promises.bounded).isGreaterThan(100);
    }
  }

  /** Real operands, whose products have more bits than any format. */
  private static double[] products(SplittableRandom random, int terms, boolean integers) {
    double[] products = new double[terms];
    for (int k = 0; k < terms; k++) {
      products[k] =
          integers
              ? (double) random.nextInt(-127, 128) * random.nextInt(0, 256)
              : (double) (float) (random.nextDouble(-1, 1) * random.nextDouble())
                  * (float) random.nextDouble(0, 1);
    }
    return products;
  }

  @Test
  void range_randomAndAdverseTreesOfRealFormats_holdTheValue() {
    List<FloatingAccumulator> registers =
        List.of(
            BINARY32,
            FloatingAccumulator.named("fp16").orElseThrow(),
            FloatingAccumulator.named("bf16").orElseThrow(),
            FloatingAccumulator.named("m7e4").orElseThrow(),
            FloatingAccumulator.named("m7e4").orElseThrow().nearest(),
            FloatingAccumulator.named("m7e4").orElseThrow().withoutUnderflow(),
            FloatingAccumulator.named("m10e5").orElseThrow());
    SplittableRandom random = new SplittableRandom(7);
    for (FloatingAccumulator register : registers) {
      Promises promises = new Promises();
      for (int i = 0; i < 60; i++) {
        double[] products = products(random, random.nextInt(1, 200), i % 2 == 0);
        List<SumTree> trees =
            IntStream.range(0, 10).mapToObj(_ -> SumTree.random(products.length, random)).toList();
        promises.hold(register, products, trees);
        OrderSearch.Extremes found =
            OrderSearch.search(
                products,
                FloatOrders.of(register, 0, products.length).sums(DotOperands.ofTerms(products)),
                (least, greatest) -> false,
                OrderSearch.NAMED,
                i);
        promises.hold(
            register, products, List.of(found.leastBy().tree(), found.greatestBy().tree()));
      }
      assertThat(promises.trees).isEqualTo(60 * 12);
    }
  }

  @Test
  void exact_eightBitOperandsInBinary32_areOrderFreeUpToTwoToThe24() {
    FloatOrders orders = FloatOrders.of(BINARY32, 0, 4608);
    TermSums below = TermSums.ofIntegers(600, 12, 1 << 24, 255 * 127, 0b11);
    assertThat(orders.exact(below)).isTrue();
    assertThat(orders.range(below)).isEqualTo(new FloatOrders.FloatRange(12, 12));
    TermSums above = TermSums.ofIntegers(600, 12, (1 << 24) + 1, 255 * 127, 0b11);
    assertThat(orders.exact(above)).isFalse();
    assertThat(orders.error(above)).isBetween(601.0, 601.1); // (n + 1) · 2^−24 · A
    TermSums even = TermSums.ofIntegers(600, 12, 1 << 25, 255 * 127, 0b10);
    assertThat(orders.exact(even)).isTrue();
  }

  @Test
  void exact_oneBeyondTheLattice_hasTreesThatDiffer() {
    double[] products = {16777216, 1, 1, -2};
    double[] found =
        EverySumTree.of(4, false).stream()
            .mapToDouble(
                FloatOrders.of(BINARY32, 0, 4).sums(DotOperands.ofTerms(products))::applyAsDouble)
            .distinct()
            .toArray();
    assertThat(FloatOrders.of(BINARY32, 0, 4).exact(TermSums.of(products))).isFalse();
    assertThat(found.length).isGreaterThan(1);
  }

  @Test
  void error_formula_isTheRationalRoundedUp() {
    FloatingFormat product = new FloatingFormat(7, 4, 12);
    FloatingFormat sum = new FloatingFormat(10, 5, 12);
    FloatOrders orders = FloatOrders.of(new FloatingAccumulator(product, sum, true), 0, 3000);
    BigDecimal one = BigDecimal.ONE;
    BigDecimal ofSum = one.add(new BigDecimal(0x1p-10));
    for (int n : new int[] {2, 3, 17, 576, 3000}) {
      BigDecimal grown = ofSum.pow(n, new MathContext(60, RoundingMode.DOWN));
      BigDecimal relative = one.add(new BigDecimal(0x1p-7)).multiply(grown).subtract(one);
      BigDecimal flushed =
          new BigDecimal(0x1p-12).multiply(BigDecimal.valueOf(3L * n - 1)).multiply(grown);
      double a = 1.0 / 64;
      double bound = orders.error(new TermSums(n, 0, 0, a, a, -90));
      double exact = relative.multiply(new BigDecimal(a)).add(flushed).doubleValue();
      assertThat(new BigDecimal(bound))
          .isGreaterThanOrEqualTo(relative.multiply(new BigDecimal(a)).add(flushed));
      assertThat(bound).isCloseTo(exact, org.assertj.core.data.Percentage.withPercentage(1e-9));
    }
  }

  @Test
  void error_sumsThatMightClamp_isInfiniteAndTheRangeTheRegisters() {
    FloatOrders orders = FloatOrders.of(FloatingAccumulator.named("m7e4").orElseThrow(), 0, 9);
    TermSums wide = TermSums.of(new double[] {15, 15, 15, 15, 15});
    assertThat(orders.error(wide)).isInfinite();
    assertThat(orders.range(wide)).isEqualTo(new FloatOrders.FloatRange(-63.75, 63.75));
    assertThat(orders.error(TermSums.of(new double[] {17, 1}))).isInfinite(); // the product clamps
  }

  @Test
  void scale_unitsOfTheTerms_moveTheRegistersRange() {
    FloatingAccumulator register = FloatingAccumulator.named("m7e4").orElseThrow();
    double[] products = {1000, -300, 77, 5};
    FloatOrders orders = FloatOrders.of(register, -9, 4);
    float[] weights = new float[4];
    Arrays.fill(weights, 0x1p-9f);
    float[] inputs = {1000, -300, 77, 5};
    SumTree index = SumTree.sequence(new int[] {0, 1, 2, 3});
    float reference =
        FloatDot.sum(register, new SummationOrder.Sequential(), weights, inputs).value();
    assertThat(orders.sums(DotOperands.ofTerms(products)).applyAsDouble(index))
        .isEqualTo(reference * 512.0);
    assertThat(orders.largest()).isEqualTo(63.75 * 512);
  }

  @Test
  void sums_ordersOfTheReference_areItsValues() {
    SplittableRandom random = new SplittableRandom(3);
    for (String name : List.of("m7e4", "fp16", "bf16", "m6e5")) {
      FloatingAccumulator register = FloatingAccumulator.named(name).orElseThrow();
      for (int i = 0; i < 200; i++) {
        int terms = random.nextInt(0, 70);
        float[] weights = new float[terms];
        float[] inputs = new float[terms];
        double[] products = new double[terms];
        for (int k = 0; k < terms; k++) {
          weights[k] = (float) random.nextDouble(-1, 1);
          inputs[k] = (float) random.nextDouble(-2, 2);
          products[k] = (double) weights[k] * inputs[k];
        }
        ToDoubleFunction<SumTree> sums =
            FloatOrders.of(register, 0, terms).sums(DotOperands.ofTerms(products));
        int[] order = IntStream.range(0, terms).toArray();
        assertThat((float) sums.applyAsDouble(SumTree.sequence(order)))
            .isEqualTo(
                FloatDot.sum(register, new SummationOrder.Sequential(), weights, inputs).value());
        assertThat((float) sums.applyAsDouble(SumTree.chunks(order, 16)))
            .isEqualTo(
                FloatDot.sum(register, new SummationOrder.Chunked(16), weights, inputs).value());
      }
    }
  }

  @Test
  void of_integerRegister_isRefused() {
    assertThatThrownBy(() -> FloatOrders.of(new Saturating(8), 0, 1))
        .isInstanceOf(OperandException.class);
  }
}
