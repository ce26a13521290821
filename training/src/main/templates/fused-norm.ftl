<#--
The loops of FusedNormLoops over one format of memory. A block is two vectors of columns, named …0 and …1.

Of binary32 they are neighbours. Of bfloat16 a vector of ints holds two numbers a lane: the block's even columns are the
lower halves, its odd ones the upper halves, which are floats but for a mask. So nothing is moved across lanes; the
caller lays out what it has for each column in the same order (FusedNormLoops.column).
-->
<#macro columns name array at>
      FloatVector ${name}0 = FloatVector.fromArray(FLOATS, ${array}, ${at});
      FloatVector ${name}1 = FloatVector.fromArray(FLOATS, ${array}, ${at} + LANES);
</#macro>

<#macro load name memory at bf16>
<#if bf16>
        IntVector ${name}Pairs = IntVector.fromMemorySegment(INTS, ${memory}, 2L * (${at}), ORDER);
        FloatVector ${name}0 = ${name}Pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
        FloatVector ${name}1 = ${name}Pairs.and(UPPER).reinterpretAsFloats();
<#else>
        FloatVector ${name}0 = FloatVector.fromMemorySegment(FLOATS, ${memory}, 4L * (${at}), ORDER);
        FloatVector ${name}1 = FloatVector.fromMemorySegment(FLOATS, ${memory}, 4L * (${at} + LANES), ORDER);
</#if>
</#macro>

<#macro store name memory at bf16>
<#if bf16>
        IntVector ${name}Even = ${name}0.reinterpretAsInts();
        IntVector ${name}Odd = ${name}1.reinterpretAsInts();
        ${rounded(name + "Even")}
            .lanewise(VectorOperators.LSHR, 16)
            .or(${rounded(name + "Odd")}.and(UPPER))
            .intoMemorySegment(${memory}, 2L * (${at}), ORDER);
<#else>
        ${name}0.intoMemorySegment(${memory}, 4L * (${at}), ORDER);
        ${name}1.intoMemorySegment(${memory}, 4L * (${at} + LANES), ORDER);
</#if>
</#macro>

<#-- To nearest, half to even, in the upper half. -->
<#function rounded bits>
  <#return "${bits}.add(${bits}.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff)">
</#function>

<#-- g where low < t < high, else 0. -->
<#function inside g t>
  <#return "zero.blend(${g}, ${t}.compare(VectorOperators.GT, low).and(${t}.compare(VectorOperators.LT, high)))">
</#function>

<#function cut t>
  <#return "${t}.blend(low, ${t}.compare(VectorOperators.LT, low)).blend(high, ${t}.compare(VectorOperators.GT, high))">
</#function>

<#macro sums names>
      <#list names as name><#list 0..1 as v>
          FloatVector ${name}${v} = zero;
      </#list></#list>
</#macro>

<#macro spill name sums>
        ${name}0.intoArray(part, 0);
        ${name}1.intoArray(part, LANES);
        for (int i = 0; i < part.length; i++) {
          ${sums}[c + i] += part[i];
        }
</#macro>

<#macro loops class bf16>
package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
<#if bf16>
import jdk.incubator.vector.IntVector;
</#if>
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Memory of ${bf16?then("bfloat16", "binary32")}. */
final class ${class} implements FusedNormLoops {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  <#if bf16>
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int UPPER = 0xffff0000;
  </#if>
  private static final int LANES = FLOATS.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Rows whose sums are kept in binary32 before they go to binary64. */
  private static final int BLOCK = 64;

  @Override
  public int column(int place) {
    <#if bf16>
    int block = place / WIDTH * WIDTH;
    int inside = place % WIDTH;
    return block + (inside < LANES ? 2 * inside : 2 * (inside - LANES) + 1);
    <#else>
    return place;
    </#if>
  }

  @Override
  public float get(MemorySegment memory, long at) {
    <#if bf16>
    return Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, at) << 16);
    <#else>
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, at);
    </#if>
  }

  @Override
  public void put(MemorySegment memory, long at, float value) {
    <#if bf16>
    int bits = Float.floatToRawIntBits(value);
    memory.setAtIndex(
        ValueLayout.JAVA_SHORT, at, (short) ((bits + (bits >>> 16 & 1) + 0x7fff) >>> 16));
    <#else>
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, value);
    </#if>
  }

  @Override
  public void moments(
      MemorySegment x, int from, int to, float[] pivot, NormSums sums) {
    int width = pivot.length;
    FloatVector zero = FloatVector.zero(FLOATS);
    float[] part = new float[WIDTH];
    for (int c = 0; c < width; c += WIDTH) {
      <@columns name="middle" array="pivot" at="c"/>
      for (int block = from; block < to; block += BLOCK) {
        <@sums names=["first", "second"]/>
        int end = Math.min(to, block + BLOCK);
        for (int row = block; row < end; row++) {
          long at = (long) row * width + c;
          <@load name="x" memory="x" at="at" bf16=bf16/>
          <#list 0..1 as v>
          FloatVector d${v} = x${v}.sub(middle${v});
          first${v} = d${v}.add(first${v});
          second${v} = d${v}.fma(d${v}, second${v});
          </#list>
        }
        <@spill name="first" sums="sums.first()"/>
        <@spill name="second" sums="sums.second()"/>
      }
    }
  }

  <#list [false, true] as residual>
  @Override
  public void ${residual?then("forwardAdded", "forward")}(
      MemorySegment x,
      <#if residual>
      MemorySegment residual,
      </#if>
      MemorySegment y,
      int from,
      int to,
      CutMap map) {
    int width = map.slopes().length;
    float low = map.low();
    float high = map.high();
    for (int c = 0; c < width; c += WIDTH) {
      <@columns name="slope" array="map.slopes()" at="c"/>
      <@columns name="offset" array="map.offsets()" at="c"/>
      for (int row = from; row < to; row++) {
        long at = (long) row * width + c;
        <@load name="x" memory="x" at="at" bf16=bf16/>
        <#if residual>
        <@load name="r" memory="residual" at="at" bf16=bf16/>
        </#if>
        <#list 0..1 as v>
        FloatVector t${v} = x${v}.fma(slope${v}, offset${v})<#if residual>.add(r${v})</#if>;
        FloatVector y${v} = ${cut("t${v}")};
        </#list>
        <@store name="y" memory="y" at="at" bf16=bf16/>
      }
    }
  }

  </#list>
  <#list [false, true] as residual>
  @Override
  public void ${residual?then("gradientSumsAdded", "gradientSums")}(
      MemorySegment x,
      MemorySegment g,
      <#if residual>
      MemorySegment y,
      MemorySegment passed,
      </#if>
      int from,
      int to,
      CutMap map,
      float[] pivot,
      NormSums sums) {
    int width = pivot.length;
    float low = map.low();
    float high = map.high();
    FloatVector zero = FloatVector.zero(FLOATS);
    float[] part = new float[WIDTH];
    for (int c = 0; c < width; c += WIDTH) {
      <#if !residual>
      <@columns name="slope" array="map.slopes()" at="c"/>
      <@columns name="offset" array="map.offsets()" at="c"/>
      </#if>
      <@columns name="middle" array="pivot" at="c"/>
      for (int block = from; block < to; block += BLOCK) {
        <@sums names=["plain", "withX"]/>
        int end = Math.min(to, block + BLOCK);
        for (int row = block; row < end; row++) {
          long at = (long) row * width + c;
          <@load name="x" memory="x" at="at" bf16=bf16/>
          <@load name="g" memory="g" at="at" bf16=bf16/>
          <#if residual>
          <@load name="t" memory="y" at="at" bf16=bf16/>
          </#if>
          <#list 0..1 as v>
          <#if !residual>
          FloatVector t${v} = x${v}.fma(slope${v}, offset${v});
          </#if>
          FloatVector in${v} = ${inside("g${v}", "t${v}")};
          plain${v} = in${v}.add(plain${v});
          withX${v} = x${v}.sub(middle${v}).fma(in${v}, withX${v});
          </#list>
          <#if residual>
          <@store name="in" memory="passed" at="at" bf16=bf16/>
          </#if>
        }
        <@spill name="plain" sums="sums.first()"/>
        <@spill name="withX" sums="sums.second()"/>
      }
    }
  }

  </#list>
  @Override
  public void backward(
      MemorySegment x,
      MemorySegment g,
      MemorySegment out,
      int from,
      int to,
      CutMap map,
      float[][] factors) {
    int width = map.slopes().length;
    float low = map.low();
    float high = map.high();
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int c = 0; c < width; c += WIDTH) {
      <@columns name="slope" array="map.slopes()" at="c"/>
      <@columns name="offset" array="map.offsets()" at="c"/>
      <@columns name="direct" array="factors[0]" at="c"/>
      <@columns name="shift" array="factors[1]" at="c"/>
      <@columns name="follow" array="factors[2]" at="c"/>
      for (int row = from; row < to; row++) {
        long at = (long) row * width + c;
        <@load name="x" memory="x" at="at" bf16=bf16/>
        <@load name="g" memory="g" at="at" bf16=bf16/>
        <#list 0..1 as v>
        FloatVector t${v} = x${v}.fma(slope${v}, offset${v});
        FloatVector in${v} = ${inside("g${v}", "t${v}")};
        FloatVector d${v} = in${v}.fma(direct${v}, x${v}.fma(follow${v}, shift${v}));
        </#list>
        <@store name="d" memory="out" at="at" bf16=bf16/>
      }
    }
  }
}
</#macro>
