<#assign rows = 0..<4>
<#assign vectors = 0..<4>
package dev.narrows.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A float32 matrix product by fused multiply-adds, with nothing to simulate: the yardstick of the
 * other figures. Tiles of four rows and four vectors; K is one block.
 */
final class Binary32Product {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private final int rows;
  private final int terms;
  private final int columns;
  private final float[] left; // [rows / 4][K][4]
  private final float[] right; // [columns / (4 · lanes)][K][4 · lanes]

  /**
   * @param a [rows][K] row-major, rows a multiple of 4
   * @param b [K][columns] row-major, columns a multiple of 4 vectors
   */
  Binary32Product(int rows, int terms, int columns, int[] a, int[] b) {
    this.rows = rows;
    this.terms = terms;
    this.columns = columns;
    left = new float[rows * terms];
    right = new float[terms * columns];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < terms; k++) {
        left[i / 4 * 4 * terms + 4 * k + i % 4] = a[i * terms + k];
      }
    }
    int width = 4 * LANES;
    for (int k = 0; k < terms; k++) {
      for (int j = 0; j < columns; j++) {
        right[j / width * width * terms + k * width + j % width] = b[k * columns + j];
      }
    }
  }

  /** Writes [rows][columns]. */
  void multiply(float[] out) {
    for (int j = 0; j < columns; j += 4 * LANES) {
      for (int i = 0; i < rows; i += 4) {
        tile(left, i * terms, right, j * terms, terms, out, i * columns + j, columns);
      }
    }
  }

  private static void tile(
      float[] a, int at, float[] b, int from, int terms, float[] out, int to, int stride) {
    <#list rows as r><#list vectors as v>
    FloatVector r${r}${v} = FloatVector.zero(SPECIES);
    </#list></#list>
    for (int k = 0; k < terms; k++) {
      int p = from + k * 4 * LANES;
      <#list vectors as v>
      FloatVector b${v} = FloatVector.fromArray(SPECIES, b, p + ${v} * LANES);
      </#list>
      <#list rows as r>
      FloatVector a${r} = FloatVector.broadcast(SPECIES, a[at + 4 * k + ${r}]);
      <#list vectors as v>
      r${r}${v} = b${v}.fma(a${r}, r${r}${v});
      </#list>
      </#list>
    }
    <#list rows as r><#list vectors as v>
    r${r}${v}.intoArray(out, to + ${r} * stride + ${v} * LANES);
    </#list></#list>
  }
}
