package dev.narrows.network.execute;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.kernels.Columns;
import java.util.HashMap;
import java.util.Map;

/** The buffers of one thread. */
final class Workspace {
  private static final int[] NONE = new int[0];

  private final Columns columns;
  private final Map<Integer, int[]> buffers = new HashMap<>();
  private int[] sums = NONE;
  private final FloatBlock floats = new FloatBlock();
  private float[] realSums = new float[0];
  private double[] registers = new double[0];
  private final Map<Integer, Profiled> profiled = new HashMap<>();

  /** A layer being profiled: under which convention, and what has been counted. */
  record Profiled(Convention convention, OverflowProfile.Builder[] builders) {}

  /**
   * @param columnValues the largest K · columns of a block, padding of its rows included
   */
  Workspace(int columnValues) {
    columns = new Columns(1, columnValues);
  }

  Columns columns() {
    return columns;
  }

  /** The column block of real numbers. */
  FloatBlock floats() {
    return floats;
  }

  /** A buffer for real sums; what an earlier call returned is not used any more. */
  float[] realSums(int size) {
    if (realSums.length < size) {
      realSums = new float[size];
    }
    return realSums;
  }

  /** A buffer for running sums; what an earlier call returned is not used any more. */
  double[] registers(int size) {
    if (registers.length < size) {
      registers = new double[size];
    }
    return registers;
  }

  /** A buffer for sums; what an earlier call returned is not used any more. */
  int[] sums(int size) {
    if (sums.length < size) {
      sums = new int[size];
    }
    return sums;
  }

  /** The buffer of a storage slot, grown when needed; contents are left over from earlier. */
  int[] slot(int slot, int size) {
    int[] have = buffers.getOrDefault(slot, NONE);
    if (have.length >= size) {
      return have;
    }
    int[] grown = new int[size];
    buffers.put(slot, grown);
    return grown;
  }

  Map<Integer, Profiled> profiled() {
    return profiled;
  }
}
