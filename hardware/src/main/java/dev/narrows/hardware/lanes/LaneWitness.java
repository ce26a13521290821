package dev.narrows.hardware.lanes;

import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.LaneWalk;
import dev.narrows.core.lane.LaneWalk.LaneOverflow;
import java.util.Arrays;

/**
 * Operands that make a register overflow, in memory order.
 *
 * @param reduction every length given
 * @param a stored codes of the first operand, [K]
 * @param b stored codes of the second operand, [K]
 * @param products of the operands, offsets added, [K]
 * @param starts what every lane of each level holds beforehand
 * @param channel that {@code b} is the weights of; 0 without weights
 * @param overflow the first one
 * @param exact the sum of everything, starts included, as lanes of any width would have it
 * @param ends what the reduction makes of it: the sum of what its last level hands over
 */
public record LaneWitness(
    LaneReduction reduction,
    long[] a,
    long[] b,
    long[] products,
    long[] starts,
    int channel,
    LaneOverflow overflow,
    long exact,
    long ends) {
  /**
   * Runs operands through the reference.
   *
   * @throws IllegalStateException if nothing overflows
   */
  static LaneWitness of(
      LaneReduction reduction, long[] a, long[] b, long[] products, long[] starts, int channel) {
    LaneWalk walk = LaneWalk.of(reduction, products, starts);
    return new LaneWitness(
        reduction,
        a,
        b,
        products,
        starts,
        channel,
        walk.overflow()
            .orElseThrow(
                () -> new IllegalStateException("the witness against " + reduction + " is none")),
        Arrays.stream(walk.exactSums()).sum(),
        Arrays.stream(reduction.sums(products, starts)).sum());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LaneWitness that
        && reduction.equals(that.reduction)
        && Arrays.equals(a, that.a)
        && Arrays.equals(b, that.b)
        && Arrays.equals(starts, that.starts)
        && overflow.equals(that.overflow);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(a) * 31 + Arrays.hashCode(b);
  }

  @Override
  public String toString() {
    return "LaneWitness[%s, K=%d, %s, exact=%d, ends=%d]"
        .formatted(reduction, a.length, overflow, exact, ends);
  }
}
