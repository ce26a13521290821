package dev.narrows.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A float32 matrix product by fused multiply-adds, with nothing to simulate: the yardstick of the
 * other figures. Tiles of four rows and four vectors; K is one block.
 */
final class FloatProduct {
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
  FloatProduct(int rows, int terms, int columns, int[] a, int[] b) {
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
    FloatVector r00 = FloatVector.zero(SPECIES);
    FloatVector r01 = FloatVector.zero(SPECIES);
    FloatVector r02 = FloatVector.zero(SPECIES);
    FloatVector r03 = FloatVector.zero(SPECIES);
    FloatVector r10 = FloatVector.zero(SPECIES);
    FloatVector r11 = FloatVector.zero(SPECIES);
    FloatVector r12 = FloatVector.zero(SPECIES);
    FloatVector r13 = FloatVector.zero(SPECIES);
    FloatVector r20 = FloatVector.zero(SPECIES);
    FloatVector r21 = FloatVector.zero(SPECIES);
    FloatVector r22 = FloatVector.zero(SPECIES);
    FloatVector r23 = FloatVector.zero(SPECIES);
    FloatVector r30 = FloatVector.zero(SPECIES);
    FloatVector r31 = FloatVector.zero(SPECIES);
    FloatVector r32 = FloatVector.zero(SPECIES);
    FloatVector r33 = FloatVector.zero(SPECIES);
    for (int k = 0; k < terms; k++) {
      int p = from + k * 4 * LANES;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, p + 0 * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, p + 1 * LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, p + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, p + 3 * LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at + 4 * k + 0]);
      r00 = b0.fma(a0, r00);
      r01 = b1.fma(a0, r01);
      r02 = b2.fma(a0, r02);
      r03 = b3.fma(a0, r03);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 4 * k + 1]);
      r10 = b0.fma(a1, r10);
      r11 = b1.fma(a1, r11);
      r12 = b2.fma(a1, r12);
      r13 = b3.fma(a1, r13);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 4 * k + 2]);
      r20 = b0.fma(a2, r20);
      r21 = b1.fma(a2, r21);
      r22 = b2.fma(a2, r22);
      r23 = b3.fma(a2, r23);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 4 * k + 3]);
      r30 = b0.fma(a3, r30);
      r31 = b1.fma(a3, r31);
      r32 = b2.fma(a3, r32);
      r33 = b3.fma(a3, r33);
    }
    r00.intoArray(out, to + 0 * stride + 0 * LANES);
    r01.intoArray(out, to + 0 * stride + 1 * LANES);
    r02.intoArray(out, to + 0 * stride + 2 * LANES);
    r03.intoArray(out, to + 0 * stride + 3 * LANES);
    r10.intoArray(out, to + 1 * stride + 0 * LANES);
    r11.intoArray(out, to + 1 * stride + 1 * LANES);
    r12.intoArray(out, to + 1 * stride + 2 * LANES);
    r13.intoArray(out, to + 1 * stride + 3 * LANES);
    r20.intoArray(out, to + 2 * stride + 0 * LANES);
    r21.intoArray(out, to + 2 * stride + 1 * LANES);
    r22.intoArray(out, to + 2 * stride + 2 * LANES);
    r23.intoArray(out, to + 2 * stride + 3 * LANES);
    r30.intoArray(out, to + 3 * stride + 0 * LANES);
    r31.intoArray(out, to + 3 * stride + 1 * LANES);
    r32.intoArray(out, to + 3 * stride + 2 * LANES);
    r33.intoArray(out, to + 3 * stride + 3 * LANES);
  }
}
