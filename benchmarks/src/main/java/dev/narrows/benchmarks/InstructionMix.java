package dev.narrows.benchmarks;

import java.util.List;

/**
 * Instructions that a kernel needs for a vector of multiply-accumulates, and the loop that measures
 * how fast this processor issues them. They follow the templates of {@code kernels}; weights come
 * as broadcasts and columns as loads, which issue beside them.
 *
 * @see "docs/kernels.md, The machine's own limit"
 */
enum InstructionMix {
  FUSED_MULTIPLY_ADD(PortProbes::fusedMultiplyAdd, 32, "fma"),
  DOUBLE_FUSED_MULTIPLY_ADD(PortProbes::doubleFusedMultiplyAdd, 64, "fma of binary64"),
  EXTREMES(PortProbes::extremes, 32, "max", "min"),
  INT_ADD(PortProbes::intAdd, 32, "add", "add"),
  INT_MULTIPLY(PortProbes::intMultiply, 32, "multiply of ints"),
  SHORT_MULTIPLY(PortProbes::shortMultiply, 16, "multiply of shorts"),
  SHORT_ADD_SATURATING(
      PortProbes::shortAddSaturating, 16, "saturating add of shorts", "saturating add of shorts"),
  LOADS(PortProbes::loads, 32, "load"),
  WRAPPING_SHORTS(PortProbes::wrappingShorts, 16, "multiply", "add"),
  SATURATING_SHORTS(PortProbes::saturatingShorts, 16, "multiply", "saturating add"),
  CLIPPED_SHORTS(PortProbes::clippedShorts, 16, "multiply", "saturating add", "min"),
  CLIPPED_FLOATS(PortProbes::clippedFloats, 32, "fma", "max", "min"),
  CLIPPED_INTS(
      PortProbes::clippedInts,
      32,
      "multiply",
      "add",
      "xor",
      "xor",
      "and",
      "shift",
      "xor",
      "compare",
      "blend",
      "max",
      "min"),
  PATH_FLOATS(PortProbes::pathFloats, 32, "fma", "min", "max"),
  TRUNCATED_FLOATS(
      PortProbes::truncatedFloats,
      32,
      "multiply",
      "shift",
      "shift",
      "and",
      "and",
      "fma",
      "shift",
      "shift",
      "and",
      "and"),
  CLAMPED_FLOATS(
      PortProbes::clampedFloats,
      32,
      "multiply",
      "and",
      "min",
      "and",
      "or",
      "subtract",
      "shift",
      "and",
      "add",
      "and",
      "min",
      "and",
      "or",
      "subtract",
      "shift",
      "and"),
  COUNTED_FLOATS(
      PortProbes::countedFloats,
      32,
      "multiply",
      "and",
      "subtract",
      "shift",
      "and",
      "and",
      "add",
      "and",
      "subtract",
      "shift",
      "and",
      "and",
      "add",
      "compare",
      "compare"),
  INT_COMPARATORS(PortProbes::intComparators, 32, "min", "max"),
  SHORT_COMPARATORS(PortProbes::shortComparators, 16, "min", "max");

  /** One instruction each, of which a table tells how many a cycle issues. */
  static final List<InstructionMix> SINGLE =
      List.of(
          FUSED_MULTIPLY_ADD,
          DOUBLE_FUSED_MULTIPLY_ADD,
          EXTREMES,
          INT_ADD,
          INT_MULTIPLY,
          SHORT_MULTIPLY,
          SHORT_ADD_SATURATING,
          LOADS);

  private final ProbeLoop loop;
  private final int laneBits;
  private final List<String> instructions;

  InstructionMix(ProbeLoop loop, int laneBits, String... instructions) {
    this.loop = loop;
    this.laneBits = laneBits;
    this.instructions = List.of(instructions);
  }

  /** Runs some rounds; returns the steps that were made. */
  @FunctionalInterface
  interface ProbeLoop {
    long run(PortProbes probes, int rounds);
  }

  long run(PortProbes probes, int rounds) {
    return loop.run(probes, rounds);
  }

  /** Lanes of a step: multiply-accumulates, or elements that are compared. */
  int lanes() {
    return PortProbes.INTS.vectorBitSize() / laneBits;
  }

  /** Of one step. */
  List<String> instructions() {
    return instructions;
  }
}
