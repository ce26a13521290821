<#assign rows = 0..<4>
<#assign vectors = 0..<4>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;

/** Binary32 products with nothing to simulate, of four rows and four vectors: for gradients. */
final class Binary32Tile {
  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 4 * COUNT;

  private Binary32Tile() {}

  /**
   * Adds Σ_n a(r, n) · b(n, v) to out(r, v).
   *
   * @param at where a(0, 0) stands
   * @param aRow from a row to the next
   * @param aTerm from a term to the next
   * @param from where b(0, 0) stands
   * @param bTerm from a term to the next
   */
  static void add(
      float[] a,
      int at,
      int aRow,
      int aTerm,
      float[] b,
      int from,
      int bTerm,
      int terms,
      float[] out,
      int to,
      int stride) {
    FloatVector zero = FloatVector.zero(FLOATS);
    <#list rows as r><#list vectors as v>
    FloatVector r${r}${v} = zero;
    </#list></#list>
    for (int n = 0; n < terms; n++) {
      int i = at + n * aTerm;
      int j = from + n * bTerm;
      <#list vectors as v>
      FloatVector b${v} = FloatVector.fromArray(FLOATS, b, j + ${v} * COUNT);
      </#list>
      <#list rows as r>
      FloatVector a${r} = FloatVector.broadcast(FLOATS, a[i + ${r} * aRow]);
      <#list vectors as v>
      r${r}${v} = b${v}.fma(a${r}, r${r}${v});
      </#list>
      </#list>
    }
    <#list rows as r><#list vectors as v>
    FloatVector.fromArray(FLOATS, out, to + ${r} * stride + ${v} * COUNT)
        .add(r${r}${v})
        .intoArray(out, to + ${r} * stride + ${v} * COUNT);
    </#list></#list>
  }
}
