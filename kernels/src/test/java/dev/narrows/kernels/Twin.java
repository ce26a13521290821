package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SpillCount;
import dev.narrows.core.dot.SpillDot;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** One product of known operands, and the comparison of its outputs with the reference. */
record Twin(String name, int channels, int terms, int columns, int[] q, int[] x, int[] preload) {
  private static final int UNTOUCHED = 0x5eed5eed;

  static Twin of(
      String name, int channels, int terms, int columns, IntSupplier q, IntSupplier x, int[] load) {
    int[] weights = new int[channels * terms];
    int[] inputs = new int[terms * columns];
    Arrays.setAll(weights, i -> q.getAsInt());
    Arrays.setAll(inputs, i -> x.getAsInt());
    return new Twin(name, channels, terms, columns, weights, inputs, load);
  }

  /** Uniform operands: weights in ±limit with the given share of zeros, inputs in [low, high]. */
  static Twin random(
      long seed, int channels, int terms, int columns, int limit, double zeros, int low, int high) {
    Random random = new Random(seed);
    int[] preload = new int[random.nextBoolean() ? channels : 0];
    Arrays.setAll(preload, i -> random.nextInt(-3 * limit, 3 * limit + 1));
    return of(
        "seed " + seed,
        channels,
        terms,
        columns,
        () -> random.nextDouble() < zeros ? 0 : random.nextInt(-limit, limit + 1),
        () -> random.nextInt(low, high + 1),
        preload);
  }

  MatrixProduct product() {
    return new MatrixProduct(IntegerWeights.of(channels, terms, q));
  }

  Columns block() {
    Columns block = new Columns(terms, columns);
    block.shape(terms, columns);
    Arrays.fill(block.values(), -77); // padding is to be ignored
    for (int k = 0; k < terms; k++) {
      System.arraycopy(x, k * columns, block.values(), k * block.stride(), columns);
    }
    block.sealed();
    return block;
  }

  /** The same columns in an array of their own, the rows of each panel back to front. */
  Columns placed() {
    int panels = (columns + ColumnPlaces.PANEL - 1) / ColumnPlaces.PANEL;
    int[] offsets = new int[terms];
    Arrays.setAll(offsets, k -> (terms - 1 - k) * ColumnPlaces.PANEL);
    int[] starts = new int[panels];
    Arrays.setAll(starts, panel -> 17 + (panels - 1 - panel) * terms * ColumnPlaces.PANEL);
    float[] values = new float[17 + panels * terms * ColumnPlaces.PANEL];
    Arrays.fill(values, -77);
    for (int k = 0; k < terms; k++) {
      for (int j = 0; j < columns; j++) {
        int panel = j / ColumnPlaces.PANEL;
        values[starts[panel] + offsets[k] + j % ColumnPlaces.PANEL] = x[k * columns + j];
      }
    }
    Columns placed = new Columns(0, 0);
    int low = Math.min(-77, Arrays.stream(x).min().orElse(0));
    int high = Math.max(0, Arrays.stream(x).max().orElse(0));
    placed.place(new ColumnPlaces(offsets), values, values.length, low, high);
    placed.turn(columns, starts);
    return placed;
  }

  /** The columns in both forms, or in one where floats do not hold their values. */
  private List<Columns> forms() {
    boolean floats = Arrays.stream(x).allMatch(value -> Math.abs((long) value) <= 1 << 24);
    return floats ? List.of(block(), placed()) : List.of(block());
  }

  long[] dot(int channel, int column) {
    long[] products = new long[terms];
    Arrays.setAll(products, k -> (long) q[channel * terms + k] * x[k * columns + column]);
    return products;
  }

  DotOutcome reference(Summation summation, int channel, int column) {
    return Dot.sum(
        summation.accumulator(),
        summation.order(),
        dot(channel, column),
        preload.length == 0 ? 0 : preload[channel]);
  }

  /** Every value of the product under a summation, in outputs of 32 bits and of any size. */
  void assertValues(Summation summation) {
    long[] values = values(summation);
    for (Columns form : forms()) {
      ColumnSums sums = new ColumnSums();
      product().multiply(summation, form, wide(preload), sums);
      assertDecided(form);
      long[] made = new long[values.length];
      Arrays.setAll(made, sums::get);
      assertThat(made).as("%s of %s", summation, this).isEqualTo(values);
    }
    int offset = 3;
    int stride = columns + 2;
    int[] out = new int[offset + channels * stride];
    Arrays.fill(out, UNTOUCHED);
    if (!fitInts(values)) {
      assertThatThrownBy(() -> product().multiply(summation, block(), preload, out, offset, stride))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("more than the 32 bits of an output");
      return;
    }
    product().multiply(summation, block(), preload, out, offset, stride);
    int[] expected = new int[out.length];
    Arrays.fill(expected, UNTOUCHED);
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        expected[offset + c * stride + j] = Math.toIntExact(values[c * columns + j]);
      }
    }
    assertThat(out).as("%s of %s", summation, this).isEqualTo(expected);
  }

  /** Every dot product was decided by one thing. */
  private void assertDecided(Columns form) {
    Decisions decisions = form.takeDecisions();
    assertThat(decisions.total()).as("%s by %s", this, decisions).isEqualTo(channels * columns);
    assertThat(decisions.dots().values()).allMatch(dots -> dots > 0);
  }

  /** What the reference gives, [channels][columns]. */
  private long[] values(Summation summation) {
    long[] values = new long[channels * columns];
    Arrays.setAll(values, i -> reference(summation, i / columns, i % columns).value());
    return values;
  }

  private static long[] wide(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static boolean fitInts(long[] values) {
    return Arrays.stream(values).allMatch(value -> value == (int) value);
  }

  /** Whether every register of the product ends in a value of at most 32 bits. */
  boolean fitsOutputs(Summation summation) {
    return fitInts(values(summation));
  }

  /** The classes at the widths from {@code narrowest} on. */
  private void assertClasses(
      SummationOrder order, int narrowest, long[] values, OverflowProfile[] classes) {
    ColumnSums sums = new ColumnSums();
    OverflowProfile.Builder[] counted = builders();
    Columns block = block();
    product().classify(order, narrowest, block, wide(preload), sums, counted);
    assertDecided(block);
    long[] made = new long[values.length];
    Arrays.setAll(made, sums::get);
    assertThat(made).as("sums of %s from %d bits", this, narrowest).isEqualTo(values);
    for (int c = 0; c < channels; c++) {
      OverflowProfile profile = counted[c].build();
      for (int bits = narrowest; bits <= 40; bits++) {
        for (OverflowClass kind : OverflowClass.values()) {
          if (profile.count(kind, bits) != classes[c].count(kind, bits)) { // half a million times
            assertThat(profile.count(kind, bits))
                .as("%s at %d bits, asked from %d, of %s", kind, bits, narrowest, this)
                .isEqualTo(classes[c].count(kind, bits));
          }
        }
      }
    }
  }

  /**
   * Every sum and every class of the product in an order, in outputs of 32 bits and of any size.
   */
  void assertClasses(SummationOrder order) {
    long[] values = new long[channels * columns];
    OverflowProfile[] classes = new OverflowProfile[channels];
    for (int c = 0; c < channels; c++) {
      OverflowProfile.Builder profile = OverflowProfile.builder();
      for (int j = 0; j < columns; j++) {
        long load = preload.length == 0 ? 0 : preload[c];
        DotOutcome outcome = Dot.sum(new Exact(), order, dot(c, j), load);
        profile.add(outcome.finalBits(), outcome.pathBits());
        values[c * columns + j] = outcome.value();
      }
      classes[c] = profile.build();
    }
    for (Columns form : forms()) {
      ColumnSums sums = new ColumnSums();
      OverflowProfile.Builder[] counted = builders();
      product().classify(order, MatrixProduct.ANY_WIDTH, form, wide(preload), sums, counted);
      long[] made = new long[values.length];
      Arrays.setAll(made, sums::get);
      assertThat(made).as("sums of %s", this).isEqualTo(values);
      assertThat(counted)
          .as("order %s of %s", order, this)
          .extracting(OverflowProfile.Builder::build)
          .containsExactly(classes);
    }
    for (int narrowest : new int[] {4, 9, 17}) {
      assertClasses(order, narrowest, values, classes);
    }
    int[] out = new int[channels * columns];
    OverflowProfile.Builder[] profiles = builders();
    if (!fitInts(values)) {
      assertThatThrownBy(
              () -> product().classify(order, block(), preload, out, 0, columns, profiles))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("more than the 32 bits of an output");
      return;
    }
    product().classify(order, block(), preload, out, 0, columns, profiles);
    assertThat(wide(out)).as("sums of %s", this).isEqualTo(values);
    assertThat(profiles)
        .as("order %s of %s", order, this)
        .extracting(OverflowProfile.Builder::build)
        .containsExactly(classes);
  }

  /** The spills of the product in an order. */
  void assertSpills(Spilling register, SummationOrder order) {
    SpillCount expected = SpillCount.none();
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        long load = preload.length == 0 ? 0 : preload[c];
        expected = expected.plus(SpillCount.of(SpillDot.sum(register, order, dot(c, j), load)));
      }
    }
    for (Columns form : forms()) {
      assertThat(product().countSpills(register, order, form, wide(preload)))
          .as("%s in order %s of %s", register, order, this)
          .isEqualTo(expected);
    }
  }

  private OverflowProfile.Builder[] builders() {
    OverflowProfile.Builder[] builders = new OverflowProfile.Builder[channels];
    Arrays.setAll(builders, c -> OverflowProfile.builder());
    return builders;
  }

  @Override
  public String toString() {
    return "%s: %d x %d x %d at %d-bit vectors"
        .formatted(name, channels, terms, columns, VectorLanes.COUNT * 32);
  }
}
