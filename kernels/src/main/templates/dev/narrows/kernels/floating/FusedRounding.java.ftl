<#import "/nearest-tile.ftl" as q>
<#macro method name steps>
  static void ${name}(
      ${steps},
      int leastExponent,
      float[] x,
      int from,
      int count,
      float[] first,
      float[] second,
      float[] values,
      short[] exponents,
      int to,
      int[] facts) {
    IntVector none = IntVector.zero(INTS);
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector ofZero = IntVector.broadcast(INTS, FusedSteps.OF_ZERO);
    IntVector beyond = IntVector.broadcast(INTS, NONE);
    IntVector below = IntVector.broadcast(INTS, -NONE);
    IntVector least = beyond;
    IntVector most = below;
    IntVector mantissas = none;
    <#nested/>
    for (int j = 0; j < count; j += COUNT) {
      IntVector s =
          FloatVector.fromArray(FLOATS, x, from + j)
              .mul(FloatVector.fromArray(FLOATS, first, j))
              .mul(FloatVector.fromArray(FLOATS, second, j))
              .reinterpretAsInts();
      <#if name == "nearest">
      <@q.rounded format="operand" of="s" to="a" o="A"/>
      <#else>
      IntVector a = s.and(cut);
      </#if>
      a.reinterpretAsFloats().intoArray(values, to + j);
      VectorMask<Integer> zero = a.and(magnitude).compare(VectorOperators.EQ, none);
      IntVector e =
          a.and(FusedSteps.INFINITE)
              .lanewise(VectorOperators.LSHR, 23)
              .sub(FusedSteps.BIAS)
              .max(leastExponent);
      ((ShortVector) e.blend(ofZero, zero).castShape(HALF_SHORTS, 0)).intoArray(exponents, to + j);
      least = e.blend(beyond, zero).min(least);
      most = e.blend(below, zero).max(most);
      mantissas = a.and(MANTISSA).or(MANTISSA + 1).blend(none, zero).or(mantissas);
    }
    facts[0] = Math.min(facts[0], beyond.min(least).reduceLanes(VectorOperators.MIN));
    facts[1] = Math.max(facts[1], below.max(most).reduceLanes(VectorOperators.MAX));
    facts[2] |= none.or(mantissas).reduceLanes(VectorOperators.OR);
  }
</#macro>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.HALF_SHORTS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Operands as the multipliers of matrix hardware take them, with their exponents. */
final class FusedRounding {
  /** Beyond every exponent. */
  static final int NONE = 1 << 20;

  private static final int MANTISSA = (1 << 23) - 1;

  private FusedRounding() {}

  /** The largest magnitudes of some columns of a panel, over all its rows. */
  static void largest(float[] x, int base, int rows, float[] largest, int to) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector most = zero;
    for (int k = 0; k < rows; k++) {
      most = FloatVector.fromArray(FLOATS, x, base + k * VectorLanes.PANEL).abs().max(most);
    }
    zero.max(most).intoArray(largest, to);
  }

  /**
   * To nearest even.
   *
   * @param count of values, a multiple of the lanes
   * @param first what each place is multiplied by, with {@code second}: powers of two
   * @param facts least and largest exponent of a value that is not zero, and all their significands,
   *     ORed; joined with what they were
   */
<@method name="nearest" steps="NearestSteps steps">
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector infinite = IntVector.broadcast(INTS, FusedSteps.INFINITE);
    IntVector notANumber = IntVector.broadcast(INTS, FusedSteps.NOT_A_NUMBER);
    <@q.constants "operand" "steps"/>
</@method>

  /** The same with bits dropped. */
<@method name="cut" steps="int kept">
    IntVector cut = IntVector.broadcast(INTS, kept);
</@method>
}
