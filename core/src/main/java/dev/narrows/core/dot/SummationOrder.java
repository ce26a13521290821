package dev.narrows.core.dot;

import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The order, or tree, in which the terms of a dot product meet the register. Chunks and tiles are
 * cut on the original index k.
 *
 * @see "docs/accumulators.md, Orders"
 */
public sealed interface SummationOrder {
  /** The text form, such as {@code tiles(16,1)}: see {@link OrderForms}. */
  @Override
  String toString();

  /**
   * The reference: feeds the terms of one dot product to a register in this order.
   *
   * @param terms the K products in flattening order
   * @param preload initial value of the final sequential register
   * @return the value at the end
   */
  long sum(RegisterWrites register, long[] terms, long preload);

  /**
   * The register that adds the sums of parts, where the order names one beside the register that
   * makes them; empty, the default: one width for all.
   */
  default OptionalInt outerBits() {
    return OptionalInt.empty();
  }

  /**
   * Whether parts of a sum are made in other registers than the one that holds the whole; by
   * default where the order names an outer one.
   */
  default boolean severalRegisters() {
    return outerBits().isPresent();
  }

  /**
   * The width of the narrowest register that any part of a sum meets.
   *
   * @param bits of the register that the order feeds
   */
  default int narrowest(int bits) {
    return Math.min(bits, outerBits().orElse(bits));
  }

  /**
   * The registers of a SIMD kernel that the terms pass through before the one that is asked for;
   * empty, the default, where there are none.
   */
  default Optional<LaneReduction> lanes() {
    return Optional.empty();
  }

  /**
   * Whether no dot product is transient, provided that every term and a preloaded bias fit the
   * register: theorem A of docs/accumulators.md. A saturating register then ends at the clamp of
   * the exact sum. False, the default, where that is not proven.
   */
  default boolean neverTransientWhenTermsFit() {
    return false;
  }

  /** Whether a floating-point register can take its terms like this; false by default. */
  default boolean forFloats() {
    return false;
  }

  /**
   * Whether a register that adds several terms at once can take them like this; false by default.
   */
  default boolean forGroups() {
    return false;
  }

  /** Whether a register of integers can take its terms like this; true by default. */
  default boolean forIntegers() {
    return true;
  }

  /**
   * The reference for float operands: which products meet the register, and when.
   *
   * @param terms K
   * @param magnitude of the quantised product k
   * @throws IllegalArgumentException if the order is not {@link #forFloats}
   */
  default FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
    throw Summation.noFloatOrder(this);
  }

  /**
   * How many consecutive terms are added, by growing or falling index, in one register before it
   * starts again from zero.
   *
   * @param terms K
   * @return empty, the default, where the sequence depends on the terms
   */
  default OptionalInt consecutive(int terms) {
    return OptionalInt.empty();
  }

  /**
   * The order that this one is for dot products of so many terms; itself, by default.
   *
   * @param terms K
   */
  default SummationOrder over(int terms) {
    return this;
  }

  /** k = 0 … K−1 into one register. */
  record Sequential() implements SummationOrder {
    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return register.sequence(terms, register.load(preload));
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      return FloatSequence.of(IntStream.range(0, terms));
    }

    @Override
    public boolean forFloats() {
      return true;
    }

    @Override
    public boolean forGroups() {
      return true;
    }

    @Override
    public OptionalInt consecutive(int terms) {
      return OptionalInt.of(terms);
    }

    @Override
    public String toString() {
      return "sequential";
    }
  }

  /** k = K−1 … 0 into one register. */
  record Reversed() implements SummationOrder {
    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      long[] reversed = new long[terms.length];
      Arrays.setAll(reversed, k -> terms[terms.length - 1 - k]);
      return register.sequence(reversed, register.load(preload));
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      return FloatSequence.of(IntStream.range(0, terms).map(k -> terms - 1 - k));
    }

    @Override
    public boolean forFloats() {
      return true;
    }

    @Override
    public boolean forGroups() {
      return true;
    }

    @Override
    public OptionalInt consecutive(int terms) {
      return OptionalInt.of(terms);
    }

    @Override
    public String toString() {
      return "reversed";
    }
  }

  /**
   * Each run of {@code size} consecutive terms from zero, then the chunk sums, sequentially.
   *
   * @param outerBits width of the register that adds the chunk sums; empty: the same as the inner
   *     one
   */
  record Chunked(int size, OptionalInt outerBits) implements SummationOrder {
    public Chunked {
      requirePositive(size, "chunk size");
      outerBits.ifPresent(dev.narrows.core.accumulator.Accumulator::requireWidth);
    }

    /** Chunk sums are added in the register of the chunks. */
    public Chunked(int size) {
      this(size, OptionalInt.empty());
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return outerBits.isPresent()
          ? register.partsInto(outerBits.getAsInt(), terms, size, preload)
          : register.parts(terms, size, preload, part -> part);
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      if (!forFloats()) {
        throw Summation.noFloatOrder(this);
      }
      return FloatSequence.chunks(terms, size);
    }

    /** Without an outer register: chunk results are added in the register's own format. */
    @Override
    public boolean forFloats() {
      return outerBits.isEmpty();
    }

    @Override
    public OptionalInt consecutive(int terms) {
      return OptionalInt.of(size);
    }

    @Override
    public String toString() {
      return "chunk(" + size + (outerBits.isPresent() ? ",int" + outerBits.getAsInt() : "") + ")";
    }
  }

  /** Sums of parts, in a register of floats each, are added in binary32, to nearest even. */
  sealed interface InBinary32 extends SummationOrder {
    @Override
    default boolean forFloats() {
      return true;
    }

    @Override
    default boolean forGroups() {
      return true;
    }

    @Override
    default boolean forIntegers() {
      return false;
    }

    @Override
    default boolean severalRegisters() {
      return true;
    }
  }

  /**
   * After every {@code size} terms the register is added to a sum in binary32, to nearest even, and
   * starts again from zero: a narrow register of floats inside a wide one.
   */
  record Promoted(int size) implements InBinary32 {
    public Promoted {
      requirePositive(size, "number of terms between promotions");
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      throw new IllegalArgumentException(
          "sums of integers are not promoted to binary32; expected chunk(%d,int32)"
              .formatted(size));
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      return FloatSequence.chunks(terms, size).promoted();
    }

    @Override
    public OptionalInt consecutive(int terms) {
      return OptionalInt.of(size);
    }

    @Override
    public String toString() {
      return "promote(" + size + ")";
    }
  }

  /**
   * Split-K: {@code parts} runs of ⌈K/parts⌉ consecutive terms, the last ones shorter or empty,
   * each in a register of its own from zero; then their sums by index in binary32, to nearest even.
   */
  record SplitK(int parts) implements InBinary32 {
    public SplitK {
      requirePositive(parts, "number of parts");
    }

    @Override
    public Promoted over(int terms) {
      return new Promoted(Math.max(1, Math.ceilDiv(terms, parts)));
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return over(terms.length).sum(register, terms, preload);
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      return over(terms).floatSequence(terms, magnitude);
    }

    @Override
    public OptionalInt consecutive(int terms) {
      return over(terms).consecutive(terms);
    }

    @Override
    public String toString() {
      return "splitk(" + parts + ")";
    }
  }

  /** By growing magnitude, ties by index: "small to large" (PQS, abstract). */
  record Ascending() implements SummationOrder {
    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      long[] ascending =
          Arrays.stream(terms)
              .boxed()
              .sorted(Comparator.comparingLong(Math::abs)) // stable: ties stay by index
              .mapToLong(Long::longValue)
              .toArray();
      return register.sequence(ascending, register.load(preload));
    }

    @Override
    public FloatSequence floatSequence(int terms, IntToDoubleFunction magnitude) {
      return FloatSequence.of(
          IntStream.range(0, terms)
              .boxed()
              .sorted(Comparator.comparingDouble(magnitude::applyAsDouble))
              .mapToInt(k -> k));
    }

    /** By the magnitude of the quantised product. */
    @Override
    public boolean forFloats() {
      return true;
    }

    @Override
    public String toString() {
      return "ascending";
    }
  }

  /**
   * PQS: drop zeros; positives descending, negatives most negative first; add them pairwise; append
   * the unpaired rest. Repeat, then accumulate what is left sequentially.
   *
   * @param rounds how often; empty: until one sign remains
   */
  record Sorted(OptionalInt rounds) implements SummationOrder {
    public Sorted {
      rounds.ifPresent(r -> requirePositive(r, "number of sorting rounds"));
    }

    /** Sorts until one sign remains. */
    public static Sorted all() {
      return new Sorted(OptionalInt.empty());
    }

    /** Sorts so many times, at least once. */
    public static Sorted rounds(int rounds) {
      return new Sorted(OptionalInt.of(rounds));
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return register.sequence(register.pairUp(terms, rounds), register.load(preload));
    }

    /** With all rounds; after one round the claim is false. */
    @Override
    public boolean neverTransientWhenTermsFit() {
      return rounds.isEmpty();
    }

    @Override
    public String toString() {
      return rounds.isPresent() ? "sorted(" + rounds.getAsInt() + ")" : "sorted";
    }
  }

  /** {@link Sorted} inside tiles of {@code size} consecutive terms; tile results sequentially. */
  record SortedTiles(int size, OptionalInt rounds) implements SummationOrder {
    public SortedTiles {
      requirePositive(size, "tile size");
      rounds.ifPresent(r -> requirePositive(r, "number of sorting rounds"));
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return register.parts(terms, size, preload, part -> register.pairUp(part, rounds));
    }

    @Override
    public String toString() {
      return "tiles(" + size + (rounds.isPresent() ? "," + rounds.getAsInt() : "") + ")";
    }
  }

  /**
   * Skip zeros; take the next term by index whose sign is opposite to the register's (0 counts as
   * positive), else the next of the other sign.
   */
  record SignDirected() implements SummationOrder {
    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      long held = register.load(preload);
      int positive = next(terms, 0, 1);
      int negative = next(terms, 0, -1);
      while (positive < terms.length || negative < terms.length) {
        boolean takeNegative = held >= 0 ? negative < terms.length : positive >= terms.length;
        if (takeNegative) {
          held = register.add(held, terms[negative]);
          negative = next(terms, negative + 1, -1);
        } else {
          held = register.add(held, terms[positive]);
          positive = next(terms, positive + 1, 1);
        }
      }
      return held;
    }

    private static int next(long[] terms, int from, int sign) {
      int k = from;
      while (k < terms.length && Long.signum(terms[k]) != sign) {
        k++;
      }
      return k;
    }

    @Override
    public boolean neverTransientWhenTermsFit() {
      return true;
    }

    @Override
    public String toString() {
      return "sign-directed";
    }
  }

  /**
   * Through the lanes of a SIMD kernel, whose registers have widths and policies of their own; what
   * they hand over is added in sequence in the register asked for, which holds the preload.
   *
   * @param reduction without operand types; a chain whose length it leaves open ends with the terms
   * @see "docs/lanes.md"
   */
  record Lanes(LaneReduction reduction) implements SummationOrder {
    /** Takes the operand types away, which play no part once products are made. */
    public Lanes {
      reduction = reduction.withoutOperands().endless();
      if (!reduction.levels().stream().allMatch(LaneLevel::startsAtZero)) {
        throw new IllegalArgumentException(
            "lanes of an order start at 0; a bias is loaded by bias(preload)");
      }
    }

    @Override
    public long sum(RegisterWrites register, long[] terms, long preload) {
      return register.lanes(reduction, terms, preload);
    }

    @Override
    public boolean severalRegisters() {
      return true;
    }

    @Override
    public int narrowest(int bits) {
      return Math.min(bits, reduction.narrowest());
    }

    @Override
    public Optional<LaneReduction> lanes() {
      return Optional.of(reduction);
    }

    @Override
    public String toString() {
      return "lanes(" + reduction.levelText() + ")";
    }
  }

  private static void requirePositive(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, got " + value);
    }
  }
}
