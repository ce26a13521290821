<#--
One round of pairing across lanes, for rows of one type of element.

  name     of the class
  array    of rows               element, box      its type
  vector, species   of a row     bits              of an element
-->
<#macro rows name element box vector species bits>
<#assign zero = (element == "short")?then("(short) 0", "0")>
package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.${species};

import jdk.incubator.vector.${vector};
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Rows of sorted terms, one dot product a lane, that are added in pairs of unlike sign. */
final class ${name} {
  private static final int LANES = ${species}.length();

  private ${name}() {}

  /**
   * One round of pairing, in place: in rows sorted ascending the i-th most negative term meets the
   * i-th largest; row i is their sum in a register of [low, high], or what is left when one of both
   * is missing. The folds of the sums are ORed into {@code folds}.
   *
   * @return whether any pair was found
   */
  static boolean pair(
      ${element}[] block, int from, int count, ${element} low, ${element} high, ${element}[] folds) {
    ${vector} zero = ${vector}.zero(${species});
    ${vector} writes = ${vector}.fromArray(${species}, folds, 0);
    VectorMask<${box}> any = ${species}.maskAll(false);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      ${vector} a = ${vector}.fromArray(${species}, block, (from + i) * LANES);
      ${vector} b = ${vector}.fromArray(${species}, block, (from + j) * LANES);
      VectorMask<${box}> both = a.lt(${zero}).and(b.compare(VectorOperators.GT, ${zero}));
      ${vector} sum = a.min(zero).add(b.max(zero));
      ${vector} held = sum.blend(sum.max(low).min(high), both);
      held.intoArray(block, (from + i) * LANES);
      b.min(zero).add(a.max(zero)).intoArray(block, (from + j) * LANES);
      ${vector} fold =
          sum.lanewise(VectorOperators.XOR, sum.lanewise(VectorOperators.ASHR, ${bits - 1}));
      writes = writes.or(zero.blend(fold, both));
      any = any.or(both);
    }
    writes.intoArray(folds, 0);
    return any.anyTrue();
  }

  /** The number of rows without the all-zero ones at the end. */
  static int trim(${element}[] block, int from, int count) {
    int left = count;
    while (left > 0
        && ${vector}.fromArray(${species}, block, (from + left - 1) * LANES)
            .compare(VectorOperators.EQ, ${zero})
            .allTrue()) {
      left--;
    }
    return left;
  }
}
</#macro>
