<#assign buckets = 8>
package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.SHORTS;

import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The terms of neighbouring dot products, summed by sign and by buckets of magnitude, in lanes of 16
 * bits that saturate.
 */
final class MagnitudeBuckets {
  /** How many buckets. */
  static final int BUCKETS = ${buckets};

  /** A sum that may have been larger. */
  static final short FULL = Short.MAX_VALUE;

  private MagnitudeBuckets() {}

  /**
   * Sums the terms of as many dot products as a vector of 16-bit lanes has.
   *
   * @param q weights; every product with an input is at most 2^15 − 1 in magnitude
   * @param rows where the inputs of each weight begin in {@code x}
   * @param terms how many of them, at {@code first} in {@code q} and at 0 in {@code rows}
   * @param place of the first dot product in each row
   * @param least magnitudes of the buckets from the second on, growing
   * @param sums receives, for each bucket, the sums of its positive terms and the negated sums of
   *     its negative ones, a vector each; {@link #FULL} if it may be larger
   */
  static void sum(
      int[] q, int first, int[] rows, int terms, short[] x, int place, short[] least, short[] sums) {
    ShortVector zero = ShortVector.zero(SHORTS);
<#list 0..<buckets as b>
    ShortVector positive${b} = zero;
    ShortVector negative${b} = zero;
</#list>
<#list 1..<buckets as b>
    short least${b} = least[${b} - 1];
</#list>
    for (int i = 0; i < terms; i++) {
      ShortVector term =
          ShortVector.fromArray(SHORTS, x, rows[i] + place).mul((short) q[first + i]);
      ShortVector plus = term.max(zero);
      ShortVector minus = zero.sub(term).max(zero);
      ShortVector magnitude = plus.or(minus);
<#list 1..<buckets as b>
      VectorMask<Short> from${b} = magnitude.compare(VectorOperators.GE, least${b});
</#list>
<#list 0..<buckets as b>
  <#if b == 0>
      VectorMask<Short> in0 = from1.not();
  <#elseif b == buckets - 1>
      VectorMask<Short> in${b} = from${b};
  <#else>
      VectorMask<Short> in${b} = from${b}.andNot(from${b + 1});
  </#if>
      positive${b} = positive${b}.lanewise(VectorOperators.SADD, plus, in${b});
      negative${b} = negative${b}.lanewise(VectorOperators.SADD, minus, in${b});
</#list>
    }
    int lanes = SHORTS.length();
<#list 0..<buckets as b>
    positive${b}.intoArray(sums, ${2 * b} * lanes);
    negative${b}.intoArray(sums, ${2 * b + 1} * lanes);
</#list>
  }
}
