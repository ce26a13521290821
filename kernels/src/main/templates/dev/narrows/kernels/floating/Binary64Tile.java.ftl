<#assign channels = 0..<8>
<#assign vectors = 0..<2>
package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in binary64 of eight channels and two vectors of columns, in the order of k. A product of
 * two binary32 numbers is exact in binary64, so a fused multiply-add rounds as core's addition.
 */
final class Binary64Tile {
  /** Channels of a tile. */
  static final int CHANNELS = 8;

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, VectorLanes.INTS.vectorShape());
  private static final int COUNT = DOUBLES.length();

  /** Columns of a tile. */
  static final int WIDTH = 2 * COUNT;

  private Binary64Tile() {}

  /**
   * @param w [K][{@link #CHANNELS}] from {@code from}
   * @param x [K][{@link #WIDTH}] from {@code at}
   * @param out [{@link #CHANNELS}][{@link #WIDTH}]; overwritten
   */
  static void tile(double[] w, int from, double[] x, int at, int terms, double[] out) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    <#list channels as c><#list vectors as v>
    DoubleVector r${c}${v} = zero;
    </#list></#list>
    for (int k = 0; k < terms; k++) {
      int i = at + k * WIDTH;
      int j = from + k * CHANNELS;
      <#list vectors as v>
      DoubleVector x${v} = DoubleVector.fromArray(DOUBLES, x, i + ${v} * COUNT);
      </#list>
      <#list channels as c>
      DoubleVector w${c} = DoubleVector.broadcast(DOUBLES, w[j + ${c}]);
      <#list vectors as v>
      r${c}${v} = x${v}.fma(w${c}, r${c}${v});
      </#list>
      </#list>
    }
    <#list channels as c><#list vectors as v>
    zero.add(r${c}${v}).intoArray(out, ${2 * c + v} * COUNT);
    </#list></#list>
  }
}
