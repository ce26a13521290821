<#import "/quantizer.ftl" as q>
<#--
Chunks of the registers of four channels and two vectors of columns, and what happens in them. A step:

  p  the product q · x                          s  register + Q_product(p)
  m  its magnitude                              n  its magnitude
  v  -1 where it does not underflow             b  the gap to the least magnitude of a sum
                                                z  the register's next value, Q_sum(s)

Kept products are counted in lanes, by adding -1. FixedOrderSums that underflow and sums that moved are counted by the bits of a
comparison's mask, which leaves the vector units but one instruction for each. Of both the pure forms are slower.
-->
<#assign channels = 0..<4>
<#assign vectors = 0..<2>

<#-- One vector of each register, named name<channel><vector>. -->
<#macro registers name>
  <#list channels as c><#list vectors as v>
      FloatVector ${name}${c}${v} = zero;
  </#list></#list>
</#macro>

<#macro weights>
  <#list channels as c>
        FloatVector q${c} = FloatVector.broadcast(FLOATS, weights[from + ${c} * terms + k]);
  </#list>
</#macro>

<#macro inputs v>
        FloatVector x${v} = FloatVector.fromArray(FLOATS, x, i + ${v} * COUNT);
</#macro>

<#--
A chunk from term k on, counted.

clamps: products and sums are clamped where they are too large, and those that were are counted;
watched: no clamp is applied, but the largest sum is remembered.
-->
<#macro chunk clamps watched>
<@registers "r"/>
      IntVector kept = none;
      <#if clamps>
      IntVector product = none;
      </#if>
      <#if clamps || watched>
      IntVector sum = none;
      </#if>
      int underflows = 0;
      int moved = 0;
      for (; k < end; k++, i += step) {
        <#list vectors as v>
        <@inputs v/>
        </#list>
<@weights/>
        <#list vectors as v><#list channels as c>
        <@step c=c v=v clamps=clamps watched=watched/>
        </#list></#list>
      }
      <#list channels as c><#list vectors as v>
      zero.add(r${c}${v}).intoArray(sums, (to * 8 + ${2 * c + v}) * COUNT);
      </#list></#list>
      counts[to * COUNTS] = -none.add(kept).reduceLanes(VectorOperators.ADD);
      counts[to * COUNTS + 1] = underflows;
      counts[to * COUNTS + 2] = moved;
      <#if clamps>
      counts[to * COUNTS + 3] = -none.add(product).reduceLanes(VectorOperators.ADD);
      counts[to * COUNTS + 4] = -none.add(sum).reduceLanes(VectorOperators.ADD);
      <#elseif watched>
      counts[to * COUNTS + 3] =
          none.add(sum).reduceLanes(VectorOperators.MAX) > steps.sumMost() ? -1 : 0;
      counts[to * COUNTS + 4] = 0;
      <#else>
      counts[to * COUNTS + 3] = 0;
      counts[to * COUNTS + 4] = 0;
      </#if>
</#macro>

<#macro step c v clamps watched>
  <#local o = "${c}${v}">
        IntVector p${o} = x${v}.mul(q${c}).reinterpretAsInts();
        IntVector m${o} = p${o}.and(magnitude);
        IntVector v${o} = ${q.survivors("product", "m${o}")};
        <#if clamps>
        IntVector s${o} =
            ${q.clamped("product", "p${o}", "m${o}", "v${o}.and(productKept)")}
                .reinterpretAsFloats().add(r${o}).reinterpretAsInts();
        <#else>
        IntVector s${o} =
            ${q.truncated("product", "p${o}", "v${o}")}.reinterpretAsFloats().add(r${o}).reinterpretAsInts();
        </#if>
        IntVector n${o} = s${o}.and(magnitude);
        IntVector b${o} = ${q.gap("sum", "n${o}")};
        <#if clamps>
        IntVector z${o} = ${q.clamped("sum", "s${o}", "n${o}", q.spread("b${o}") + ".and(sumKept)")};
        <#else>
        IntVector z${o} = ${q.truncated("sum", "s${o}", q.spread("b${o}"))};
        </#if>
        kept = v${o}.add(kept);
        <#if clamps>
        product = ${q.overflows("product", "m${o}")}.add(product);
        sum = ${q.overflows("sum", "n${o}")}.add(sum);
        </#if>
        underflows += b${o}.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z${o}.compare(VectorOperators.NE, r${o}.reinterpretAsInts()).trueCount();
        r${o} = z${o}.reinterpretAsFloats();
        <#if watched>
        sum = n${o}.max(sum);
        </#if>
</#macro>

<#-- All chunks, each from a register of zero. -->
<#macro walk watched>
  static void walk(
      float[] weights, int from, FloatRegisterWalk walk, float[] x, int at, float[] sums, int[] counts) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    <@q.constants ["magnitude", "productKept", "productBelow", "sumKept", "sumBelow"]/>
    int i = at;
    int to = 0;
    for (int k = 0; k < terms; to++) {
      int end = Math.min(terms, k + chunk);
<@chunk clamps=false watched=watched/>
    }
  }
</#macro>
