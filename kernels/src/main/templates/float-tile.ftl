<#import "/quantizer.ftl" as q>
<#--
The method of a tile of one channel and as many vectors of columns: register = Q_sum(register + Q_product(q · x)) for
every term of a chunk, total = Q_sum(total + register) after it, or in binary32 where the register is promoted.

scaled: products and sums are 2 at least or underflow (ScaledWeights), which the first bit of the exponent tells; an
underflow is then a shift to the left and one back. Joins take sums as they are.

No loop-carried vector is ever the receiver of a call: its class is not known there, and the compiler puts it on the
heap, five times slower. That is why a register is added to zero before it is stored or joined.
-->
<#macro method vectors clamps scaled=false>
  <#assign tile = 0..<vectors>
  static void tile(
      <#if scaled>
      ScaledWeights scales, int from, FloatRegisterWalk walk, float[] x, int base, float[] out, int to) {
    float[] weights = scales.weights();
      <#else>
      float[] weights, int from, FloatRegisterWalk walk, float[] x, int base, float[] out, int to) {
      </#if>
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
    <#elseif scaled>
    <@q.constants ["sign", "productKept", "sumKept", "sumKeptMagnitude", "sumBelow", "sumMost"]/>
    FloatVector toSums = FloatVector.broadcast(FLOATS, scales.toSums());
    FloatVector back = FloatVector.broadcast(FLOATS, scales.back());
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
        <#elseif scaled>
        IntVector s${v} =
            ${q.truncated("product", "p${v}", q.first("p${v}"))}
                .reinterpretAsFloats().fma(toSums, r${v}).reinterpretAsInts();
        r${v} = ${q.truncated("sum", "s${v}", q.first("s${v}"))}.reinterpretAsFloats();
        <#else>
        IntVector s${v} =
            ${q.truncated("product", "p${v}", q.survivors("product", "p${v}.and(magnitude)"))}
                .reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        r${v} = ${q.truncated("sum", "s${v}", q.survivors("sum", "s${v}.and(magnitude)"))}.reinterpretAsFloats();
        </#if>
        </#list>
      }
      <#local sums = scaled?then("back.mul", "zero.add")>
      if (promoted) {
        <#list tile as v>
        t${v} = ${sums}(r${v}).add(t${v});
        </#list>
      } else {
        <#list tile as v>
        IntVector j${v} = ${sums}(r${v}).add(t${v}).reinterpretAsInts();
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
