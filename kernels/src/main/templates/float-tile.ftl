<#import "/quantizer.ftl" as q>
<#--
The method of a tile of one channel and as many vectors of columns: register = Q_sum(register + Q_product(q · x)) for
every term of a chunk, total = Q_sum(total + register) after it, or in binary32 where the register is promoted.

No loop-carried vector is ever the receiver of a call: its class is not known there, and the compiler puts it on the
heap, five times slower. That is why a register is added to zero before it is stored or joined.
-->
<#macro method vectors clamps>
  <#assign tile = 0..<vectors>
  static void tile(
      float[] weights, int from, FloatRegisterWalk walk, float[] x, int base, float[] out, int to) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    boolean promoted = walk.promoted();
    int i = base + walk.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    <#if clamps>
    <@q.constants ["sign", "productKeptMagnitude", "productBelow", "productMost"]/>
    <@q.constants ["sumKeptMagnitude", "sumBelow", "sumMost"]/>
    <#else>
    <@q.constants ["sign", "productKept", "productBelow", "sumKept", "sumKeptMagnitude"]/>
    <@q.constants ["sumBelow", "sumMost", "magnitude"]/>
    </#if>
    <#list tile as v>
    FloatVector t${v} = zero;
    </#list>
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      <#list tile as v>
      FloatVector r${v} = zero;
      </#list>
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        <#list tile as v>
        IntVector p${v} = FloatVector.fromArray(FLOATS, x, i + ${v} * COUNT).mul(q).reinterpretAsInts();
        <#if clamps>
        IntVector m${v} = p${v}.and(productKeptMagnitude);
        IntVector s${v} =
            ${q.clamped("product", "p${v}", "m${v}", q.survivors("product", "m${v}"))}
                .reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        IntVector n${v} = s${v}.and(sumKeptMagnitude);
        r${v} = ${q.clamped("sum", "s${v}", "n${v}", q.survivors("sum", "n${v}"))}.reinterpretAsFloats();
        <#else>
        IntVector s${v} =
            ${q.truncated("product", "p${v}", q.survivors("product", "p${v}.and(magnitude)"))}
                .reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        r${v} = ${q.truncated("sum", "s${v}", q.survivors("sum", "s${v}.and(magnitude)"))}.reinterpretAsFloats();
        </#if>
        </#list>
      }
      if (promoted) {
        <#list tile as v>
        t${v} = zero.add(r${v}).add(t${v});
        </#list>
      } else {
        <#list tile as v>
        IntVector j${v} = zero.add(r${v}).add(t${v}).reinterpretAsInts();
        IntVector h${v} = j${v}.and(sumKeptMagnitude);
        t${v} = ${q.clamped("sum", "j${v}", "h${v}", q.survivors("sum", "h${v}"))}.reinterpretAsFloats();
        </#list>
      }
    }
    <#list tile as v>
    zero.add(t${v}).intoArray(out, to + ${v} * COUNT);
    </#list>
  }
</#macro>
