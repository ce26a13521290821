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
package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.IntVector;

/**
 * Sixteen rows in as many vectors, column by column: the parts of a sorting network that never
 * leave the registers.
 */
final class SortingNetwork16 {
  private SortingNetwork16() {}

  /** Sorts: the shortest network known for sixteen, of 60 comparators (M. W. Green). */
  static void sort(int[] block, int at) {
    <@load/>
    <#list green as layer>
    <#list layer as pair>
    <@comparator pair[0] pair[1]/>
    </#list>
    </#list>
    <@store/>
  }

  /** Sorts what is bitonic: half-cleaners of distance 8, 4, 2 and 1. */
  static void clean(int[] block, int at) {
    <@load/>
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
<#macro load>
    <#list 0..<16 as row>
    IntVector r${row} = IntVector.fromArray(INTS, block, ${at(row)});
    </#list>
    IntVector low;
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
  <#if row == 1><#return "at + COUNT"></#if>
  <#return "at + ${row} * COUNT">
</#function>
