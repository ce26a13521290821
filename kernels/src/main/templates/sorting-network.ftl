<#--
Sorting networks across lanes, for rows of one type of element.

  name     of the class; with 16 behind it, that of the part that never leaves the registers
  array    of rows               vector, species   of a row
  lanes    of a row              top               the largest element
-->
<#-- Comparators of each layer: pairs of rows of which the smaller goes first. -->
<#assign green = [
  [[0, 13], [1, 12], [2, 15], [3, 14], [4, 8], [5, 6], [7, 11], [9, 10]],
  [[0, 5], [1, 7], [2, 9], [3, 4], [6, 13], [8, 14], [10, 15], [11, 12]],
  [[0, 1], [2, 3], [4, 5], [6, 8], [7, 9], [10, 11], [12, 13], [14, 15]],
  [[0, 2], [1, 3], [4, 10], [5, 11], [6, 7], [8, 9], [12, 14], [13, 15]],
  [[1, 2], [3, 12], [4, 6], [5, 7], [8, 10], [9, 11], [13, 14]],
  [[1, 4], [2, 6], [5, 8], [7, 10], [9, 13], [11, 14]],
  [[2, 4], [3, 6], [9, 12], [11, 13]],
  [[3, 5], [6, 8], [7, 9], [10, 12]],
  [[3, 4], [5, 6], [7, 8], [9, 10], [11, 12]],
  [[6, 7], [8, 9]]]>

<#macro load vector species>
    <#list 0..<16 as row>
    ${vector} r${row} = ${vector}.fromArray(${species}, block, ${at(row)});
    </#list>
    ${vector} low;
</#macro>
<#macro store>
    <#list 0..<16 as row>
    r${row}.intoArray(block, ${at(row)});
    </#list>
</#macro>
<#macro comparator a b>
    low = r${a}.min(r${b});
    r${b} = r${a}.max(r${b});
    r${a} = low;
</#macro>
<#function at row>
  <#if row == 0><#return "at"></#if>
  <#if row == 1><#return "at + LANES"></#if>
  <#return "at + ${row} * LANES">
</#function>

<#-- Sixteen rows in as many vectors. -->
<#macro sixteen name array vector species lanes>
package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.${species};

import jdk.incubator.vector.${vector};

/**
 * Sixteen rows in as many vectors, column by column: the parts of a sorting network that never
 * leave the registers.
 */
final class ${name}16 {
  private static final int LANES = ${lanes};

  private ${name}16() {}

  /** Sorts: the shortest network known for sixteen, of 60 comparators (M. W. Green). */
  static void sort(${array} block, int at) {
    <@load vector species/>
    <#list green as layer>
    <#list layer as pair>
    <@comparator pair[0] pair[1]/>
    </#list>
    </#list>
    <@store/>
  }

  /** Sorts what is bitonic: half-cleaners of distance 8, 4, 2 and 1. */
  static void clean(${array} block, int at) {
    <@load vector species/>
    <#list [8, 4, 2, 1] as distance>
    <#list 0..<16 as row>
    <#if (row / distance)?floor % 2 == 0>
    <@comparator row row + distance/>
    </#if>
    </#list>
    </#list>
    <@store/>
  }
}
</#macro>

<#-- Any number of rows. -->
<#macro network name array vector species lanes top>
package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.${species};

import java.util.Arrays;
import jdk.incubator.vector.${vector};

/**
 * Sorts as many columns at once as a vector has lanes: row i of the block is one vector, and every
 * column ends in ascending order. Which rows meet does not depend on the data.
 *
 * <p>Bitonic, for any number of rows: runs of sixteen are sorted in registers, then merged two by
 * two. The first step of a merge compares row i with the row as far from the end of the other run
 * (so that all comparators point the same way and rows beyond the last can be thought of as
 * infinite), the next ones rows at half the distance each; two steps go through memory at a time,
 * the last four happen in registers.
 */
final class ${name} {
  /** Elements of a row. */
  static final int LANES = ${lanes};

  private static final int RUN = 16;

  private ${name}() {}

  /** The rows that a sort of {@code count} rows needs: whole runs. */
  static int padded(int count) {
    return (count + RUN - 1) & -RUN;
  }

  /**
   * Sorts the rows [from, from + count) of {@code block}, {@link #LANES} elements each. The
   * rows after them, up to {@link #padded}, are overwritten.
   */
  static void sort(${array} block, int from, int count) {
    int rows = padded(count);
    int start = from * LANES;
    Arrays.fill(block, start + count * LANES, start + rows * LANES, ${top});
    for (int row = 0; row < rows; row += RUN) {
      ${name}16.sort(block, start + row * LANES);
    }
    for (int run = RUN; run < rows; run *= 2) {
      for (int row = 0; row + run < rows; row += 2 * run) {
        merge(block, start + row * LANES, run, Math.min(2 * run, rows - row));
      }
      for (int row = 0; row < rows; row += RUN) {
        ${name}16.clean(block, start + row * LANES);
      }
    }
  }

  /** All but the last four steps of merging two runs, of {@code rows} rows together. */
  private static void merge(${array} block, int at, int run, int rows) {
    int distance = run / 2;
    if (rows == 2 * run && distance >= RUN) {
      flipAndHalve(block, at, run);
      distance /= 2;
    } else {
      flip(block, at, run, rows);
    }
    while (distance >= RUN) {
      boolean twice = distance >= 2 * RUN;
      for (int row = 0; row < rows; row += 2 * distance) {
        int left = rows - row;
        if (twice && left >= 2 * distance) {
          halveTwice(block, at + row * LANES, distance);
        } else {
          halve(block, at + row * LANES, distance, left);
          for (int half = 0; twice && half < left; half += distance) {
            halve(block, at + (row + half) * LANES, distance / 2, left - half);
          }
        }
      }
      distance /= twice ? 4 : 2;
    }
  }

  /** Orders the rows i and 2 · run − 1 − i. */
  private static void flip(${array} block, int at, int run, int rows) {
    for (int j = run; j < Math.min(2 * run, rows); j++) {
      int low = at + (2 * run - 1 - j) * LANES;
      int high = at + j * LANES;
      ${vector} a = ${vector}.fromArray(${species}, block, low);
      ${vector} b = ${vector}.fromArray(${species}, block, high);
      a.min(b).intoArray(block, low);
      a.max(b).intoArray(block, high);
    }
  }

  /** Orders the rows i and i + distance. */
  private static void halve(${array} block, int at, int distance, int rows) {
    for (int j = distance; j < Math.min(2 * distance, rows); j++) {
      int low = at + (j - distance) * LANES;
      int high = at + j * LANES;
      ${vector} a = ${vector}.fromArray(${species}, block, low);
      ${vector} b = ${vector}.fromArray(${species}, block, high);
      a.min(b).intoArray(block, low);
      a.max(b).intoArray(block, high);
    }
  }

  /** {@link #flip}, then {@link #halve} at half a run, of two whole runs. */
  private static void flipAndHalve(${array} block, int at, int run) {
    int half = run / 2;
    for (int i = 0; i < half; i++) {
      int a = at + i * LANES;
      int b = a + half * LANES;
      int c = at + (2 * run - 1 - half - i) * LANES;
      int d = c + half * LANES;
      ${vector} p = ${vector}.fromArray(${species}, block, a);
      ${vector} q = ${vector}.fromArray(${species}, block, b);
      ${vector} r = ${vector}.fromArray(${species}, block, c);
      ${vector} s = ${vector}.fromArray(${species}, block, d);
      ${vector} low = p.min(s);
      ${vector} high = p.max(s);
      ${vector} lower = q.min(r);
      ${vector} higher = q.max(r);
      low.min(lower).intoArray(block, a);
      low.max(lower).intoArray(block, b);
      higher.min(high).intoArray(block, c);
      higher.max(high).intoArray(block, d);
    }
  }

  /** {@link #halve} at a distance, then at half of it, of two whole distances. */
  private static void halveTwice(${array} block, int at, int distance) {
    int half = distance / 2;
    for (int i = 0; i < half; i++) {
      int a = at + i * LANES;
      int b = a + half * LANES;
      int c = b + half * LANES;
      int d = c + half * LANES;
      ${vector} p = ${vector}.fromArray(${species}, block, a);
      ${vector} q = ${vector}.fromArray(${species}, block, b);
      ${vector} r = ${vector}.fromArray(${species}, block, c);
      ${vector} s = ${vector}.fromArray(${species}, block, d);
      ${vector} low = p.min(r);
      ${vector} high = p.max(r);
      ${vector} lower = q.min(s);
      ${vector} higher = q.max(s);
      low.min(lower).intoArray(block, a);
      low.max(lower).intoArray(block, b);
      high.min(higher).intoArray(block, c);
      high.max(higher).intoArray(block, d);
    }
  }
}
</#macro>
