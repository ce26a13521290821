<#import "/integer-tile.ftl" as t>
package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;
import static dev.narrows.kernels.lanes.VectorLanes.MAGIC;
import static dev.narrows.kernels.lanes.VectorLanes.MAGIC_BITS;
import static dev.narrows.kernels.lanes.VectorLanes.SHORTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The innermost loops over integer terms: a channel's weights [from, to) meet a few vectors of
 * columns, whose registers stay in vectors meanwhile and lie in arrays from {@code at} before and
 * after. Row {@code row[i]} of the panel at {@code base} is what weight i is multiplied with.
 *
 * <p>In float lanes a register r is the float {@link VectorLanes#MAGIC} + r, kept as its bits.
 */
final class IntegerTiles {
  /** Vectors of a tile: of registers that are one vector each, and need little besides. */
  static final int WIDE = ${t.wide?size};

  /** Vectors of a tile whose registers need several vectors each. */
  static final int NARROW = ${t.narrow?size};

  /** Vectors of a tile of several channels: as many as the registers of the shape hold. */
  private static final int GROUPED = COUNT >= 16 ? 4 : 2;

  private IntegerTiles() {}

  /** Exact sums of this segment alone, from {@link VectorLanes#MAGIC}, added to {@code sums} at the end. */
  static void exactInFloatLanes(
      float[] weights, int[] row, int from, int to, float[] inputs, int base, int[] sums, int at) {
    FloatVector start = FloatVector.broadcast(FLOATS, MAGIC);
    <#list t.wide as v>
    FloatVector r${v} = start;
    </#list>
<@t.terms "Float" t.wide; v>
      r${v} = ${t.input("Float", v)}.fma(q, r${v});
</@t.terms>
    IntVector zero = IntVector.broadcast(INTS, MAGIC_BITS);
    <#list t.wide as v>
    IntVector s${v} = IntVector.fromArray(INTS, sums, ${t.place("at", v)});
    </#list>
    <#list t.wide as v>
    r${v}.reinterpretAsInts().sub(zero).add(s${v}).intoArray(sums, ${t.place("at", v)});
    </#list>
  }

  /** Exact sums modulo 2^32. */
  static void exactInIntegerLanes(
      int[] weights, int[] row, int from, int to, int[] inputs, int base, int[] sums, int at) {
<@t.registers {"r": "sums"} t.wide/>
<@t.terms "Int" t.wide; v>
      r${v} = ${t.sumInIntegerLanes(v)};
</@t.terms>
<@t.stores {"r": "sums"} t.wide/>
  }

  /**
   * Registers that are clipped after every term.
   *
   * @param bits of MAGIC + register
   * @param low bits of MAGIC + the smallest value
   * @param high bits of MAGIC + the largest value
   */
  static void saturatingInFloatLanes(
      float[] weights,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] bits,
      int at,
      int low,
      int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
<@t.registers {"r": "bits"} t.wide/>
<@t.terms "Float" t.wide; v>
      FloatVector t${v} = ${t.input("Float", v)};
      r${v} = ${t.sumInFloatLanes(v)}.max(least).min(most);
</@t.terms>
<@t.stores {"r": "bits"} t.wide/>
  }

<#list {"saturating": "SADD", "wrapping": "ADD"} as policy, addition>
  /**
   * Registers in short lanes, ${(policy == "saturating")?then("whose ends are those of 16 bits or, above, {@code high}", "modulo 2^16")}.
   *
   * @param pairs each weight twice, in both halves of an int
   */
  static void ${policy}InShortLanes(
      int[] pairs,
      int[] row,
      int from,
      int to,
      short[] inputs,
      int base,
      short[] registers,
      int at<#if policy == "saturating">,
      short high</#if>) {
    <#if policy == "saturating">
    ShortVector most = ShortVector.broadcast(SHORTS, high);
    </#if>
    <#list t.narrow as v>
    ShortVector r${v} = ShortVector.fromArray(SHORTS, registers, ${t.shorts("at", v)});
    </#list>
    for (int i = from; i < to; i++) {
      ShortVector q = IntVector.broadcast(INTS, pairs[i]).reinterpretAsShorts();
      int x = base + row[i];
    <#list t.narrow as v>
      r${v} = ShortVector.fromArray(SHORTS, inputs, ${t.shorts("x", v)}).mul(q).lanewise(VectorOperators.${addition}, r${v})${(policy == "saturating")?then(".min(most)", "")};
    </#list>
    }
    <#list t.narrow as v>
    r${v}.intoArray(registers, ${t.shorts("at", v)});
    </#list>
  }

</#list>
  /**
   * Narrow registers that spill, and the negated number of their spills. A narrow value is one that
   * stays the same when all but its low bits are dropped; every subset sum must fit 32 bits.
   *
   * @param unused bits of an int beyond the narrow register
   */
  static void spillingInIntegerLanes(
      int[] weights,
      int[] row,
      int from,
      int to,
      int[] inputs,
      int base,
      int[] registers,
      int[] spills,
      int at,
      int unused) {
<@t.registers {"r": "registers", "n": "spills"} t.narrow/>
<@t.terms "Int" t.narrow; v>
      IntVector t${v} = ${t.input("Int", v)}.mul(q);
      IntVector s${v} = t${v}.add(r${v});
      VectorMask<Integer> left${v} = ${t.low("s" + v)}.compare(VectorOperators.NE, s${v});
      VectorMask<Integer> wide${v} = ${t.low("t" + v)}.compare(VectorOperators.NE, t${v});
      r${v} = s${v}.blend(t${v}.blend(r${v}, wide${v}), left${v});
      n${v} = n${v}.blend(n${v}.sub(1), left${v});
</@t.terms>
<@t.stores {"r": "registers", "n": "spills"} t.narrow/>
  }

  /**
   * Registers that are clipped after every term; products must fit 32 bits. A sum that leaves 32
   * bits has another sign than both summands, and is replaced by the end of the range it left by.
   */
  static void saturatingInIntegerLanes(
      int[] weights,
      int[] row,
      int from,
      int to,
      int[] inputs,
      int base,
      int[] registers,
      int at,
      int low,
      int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
    IntVector top = IntVector.broadcast(INTS, Integer.MAX_VALUE);
<@t.registers {"r": "registers"} t.narrow/>
<@t.terms "Int" t.narrow; v>
      IntVector t${v} = ${t.input("Int", v)}.mul(q);
      IntVector s${v} = t${v}.add(r${v});
      IntVector o${v} = ${t.xor("s${v}", "r${v}")}.and(${t.xor("s${v}", "t${v}")});
      IntVector e${v} = ${t.xor("r${v}.lanewise(VectorOperators.ASHR, 31)", "top")};
      r${v} = s${v}.blend(e${v}, o${v}.compare(VectorOperators.LT, 0)).max(least).min(most);
</@t.terms>
<@t.stores {"r": "registers"} t.narrow/>
  }

  /**
   * Exact sums, and the smallest and the largest value on the way.
   *
   * @param bits of MAGIC + register, and likewise {@code lows} and {@code highs}
   */
  static void pathsInFloatLanes(
      float[] weights,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] bits,
      int[] lows,
      int[] highs,
      int at) {
<@t.registers {"r": "bits", "l": "lows", "h": "highs"} t.wide/>
<@t.terms "Float" t.wide; v>
      FloatVector t${v} = ${t.input("Float", v)};
      r${v} = ${t.sumInFloatLanes(v)};
<@t.extremes v/>
</@t.terms>
<@t.stores {"r": "bits", "l": "lows", "h": "highs"} t.wide/>
  }

  /** Exact sums, and the smallest and the largest value on the way; none may leave 32 bits. */
  static void pathsInIntegerLanes(
      int[] weights,
      int[] row,
      int from,
      int to,
      int[] inputs,
      int base,
      int[] sums,
      int[] lows,
      int[] highs,
      int at) {
<@t.registers {"r": "sums", "l": "lows", "h": "highs"} t.narrow/>
<@t.terms "Int" t.narrow; v>
      r${v} = ${t.sumInIntegerLanes(v)};
<@t.extremes v/>
</@t.terms>
<@t.stores {"r": "sums", "l": "lows", "h": "highs"} t.narrow/>
  }

  /*
   * The same for several channels of a group at once: columns are read once for all of them. The
   * weights of term i of the sequence begin at {@code first}, CHANNELS further with each term; the
   * registers of a channel lie PANEL further than those of the one before it.
   */

<#list {"Wide": 4, "Slim": 2} as shape, size>
<#assign vectors = 0..<size>
  /** Exact sums of this segment alone, of all channels of a group, added to {@code sums}. */
  private static void exactGroup${shape}(
      float[] weights,
      int first,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] sums,
      int at) {
    FloatVector start = FloatVector.broadcast(FLOATS, MAGIC);
    <#list 0..<4 as c><#list vectors as v>
    FloatVector r${c}${v} = start;
    </#list></#list>
<@t.memberTerms 0..<4 vectors; c, v>
      r${c}${v} = t${v}.fma(q${c}, r${c}${v});
</@t.memberTerms>
    IntVector zero = IntVector.broadcast(INTS, MAGIC_BITS);
    <#list 0..<4 as c><#list vectors as v>
    IntVector s${c}${v} = IntVector.fromArray(INTS, sums, ${t.member(c, v)});
    r${c}${v}.reinterpretAsInts().sub(zero).add(s${c}${v}).intoArray(sums, ${t.member(c, v)});
    </#list></#list>
  }

  /** Registers of all channels of a group, clipped after every term. */
  private static void saturatingGroup${shape}(
      float[] weights,
      int first,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] bits,
      int at,
      int low,
      int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
<@t.memberRegisters {"r": "bits"} 0..<4 vectors/>
<@t.memberTerms 0..<4 vectors; c, v>
      r${c}${v} = ${t.memberSum(c, v)}.max(least).min(most);
</@t.memberTerms>
<@t.memberStores {"r": "bits"} 0..<4 vectors/>
  }

  /** Exact sums of two channels of a group, and the smallest and the largest value on the way. */
  private static void pathPair${shape}(
      float[] weights,
      int first,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] bits,
      int[] lows,
      int[] highs,
      int at) {
<@t.memberRegisters {"r": "bits", "l": "lows", "h": "highs"} 0..<2 vectors/>
<@t.memberTerms 0..<2 vectors; c, v>
      r${c}${v} = ${t.memberSum(c, v)};
      l${c}${v} = r${c}${v}.min(l${c}${v});
      h${c}${v} = r${c}${v}.max(h${c}${v});
</@t.memberTerms>
<@t.memberStores {"r": "bits", "l": "lows", "h": "highs"} 0..<2 vectors/>
  }

</#list>
<#list [
    {"name": "exactGroup", "type": "int[] sums", "in": "sums", "tail": ""},
    {"name": "saturatingGroup", "type": "int[] bits", "in": "bits", "tail": "low, high"},
    {"name": "pathPair", "type": "int[] bits, int[] lows, int[] highs", "in": "bits, lows, highs", "tail": ""}] as g>
  /** {@link #${g.name}Wide} over a whole panel, in tiles of the shape's size. */
  static void ${g.name}(
      float[] weights,
      int first,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      ${g.type},
      int at<#if g.tail != "">,
      int low,
      int high</#if>) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += GROUPED * COUNT) {
      int x = base + tile;
      int r = at + tile;
      if (GROUPED == 4) {
        ${g.name}Wide(weights, first, row, from, to, inputs, x, ${g.in}, r<#if g.tail != "">, ${g.tail}</#if>);
      } else {
        ${g.name}Slim(weights, first, row, from, to, inputs, x, ${g.in}, r<#if g.tail != "">, ${g.tail}</#if>);
      }
    }
  }

</#list>
}
