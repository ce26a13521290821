<#import "/event-tile.ftl" as tile>
<#import "/quantizer.ftl" as q>
<#--
Forward walks of four channels and two vectors of columns that note which products' gradients are cut.

  p  the product q · x, m its magnitude          s  register + Q_product(p), n its magnitude
  z  the register's next value, Q_sum(s)         l  the number of terms up to the chunk's last clamped sum

What a step cuts at once is a word for each channel: a bit for each column, the second vector's above the first's. A word
costs a transfer from the vector unit, about as much as a fifth of the step; l costs next to nothing.

products: whether products can be clamped; moves: whether steps that hardly move the register are noted; overflows:
whether overflows of a step are; last: whether l is.
-->
<#macro word name c mask0 mask1>
        int ${name}${c} =
            (int) ${mask0}.toLong()
                | (int) ${mask1}.toLong() << COUNT;
</#macro>

<#function above vector limit>
  <#return "${vector}.compare(VectorOperators.GT, ${limit})">
</#function>

<#macro step c v products moves last>
  <#local o = "${c}${v}">
        IntVector p${o} = x${v}.mul(q${c}).reinterpretAsInts();
        IntVector m${o} = p${o}.and(magnitude);
        <#if products>
        IntVector s${o} =
            ${q.clamped("product", "p${o}", "m${o}", q.survivors("product", "m${o}") + ".and(productKept)")}
                .reinterpretAsFloats().add(r${o}).reinterpretAsInts();
        <#else>
        IntVector s${o} =
            ${q.truncated("product", "p${o}", q.survivors("product", "m${o}"))}
                .reinterpretAsFloats().add(r${o}).reinterpretAsInts();
        </#if>
        IntVector n${o} = s${o}.and(magnitude);
        <#if last>
        l${o} = next.blend(l${o}, n${o}.compare(VectorOperators.LE, sumMost));
        </#if>
        FloatVector z${o} =
            ${q.clamped("sum", "s${o}", "n${o}", q.survivors("sum", "n${o}") + ".and(sumKept)")}
                .reinterpretAsFloats();
        <#if moves>
        FloatVector d${o} = z${o}.sub(r${o}).reinterpretAsInts().and(magnitude).reinterpretAsFloats();
        FloatVector e${o} = m${o}.reinterpretAsFloats().mul(epsilon);
        </#if>
        r${o} = z${o};
</#macro>

<#macro walk name products moves=false overflows=false last=true>
  static void ${name}(
      float[] weights, int from, FloatRegisterWalk walk, float[] x, int at, GradientCuts cuts, CutNotes notes) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    float[] sums = notes.sums();
    FloatVector zero = FloatVector.zero(FLOATS);
    <#if products>
    <@q.constants ["productMost"]/>
    </#if>
    <@q.constants ["sign", "magnitude", "productKept", "productBelow", "sumKept", "sumBelow", "sumMost"]/>
    <#if moves>
    FloatVector epsilon = FloatVector.broadcast(FLOATS, cuts.epsilon());
    </#if>
    <#if moves || overflows>
    int[] now = notes.now();
    </#if>
    <#if overflows>
    int byProduct = cuts.byProduct();
    int bySum = cuts.bySum();
    int byMove = cuts.byMove();
    </#if>
    <#if last>
    int[] last = notes.last();
    IntVector none = IntVector.zero(INTS);
    </#if>
    int i = at;
    int to = 0;
    for (int k = 0; k < terms; to += CHANNELS * VECTORS * COUNT) {
      int end = Math.min(terms, k + chunk);
<@tile.registers "r"/>
      <#if last>
      <#list tile.channels as c><#list tile.vectors as v>
      IntVector l${c}${v} = none;
      </#list></#list>
      </#if>
      for (; k < end; k++, i += step) {
        <#if last>
        IntVector next = IntVector.broadcast(INTS, k + 1);
        </#if>
        <#list tile.vectors as v>
        <@tile.inputs v/>
        </#list>
<@tile.weights/>
        <#list tile.channels as c>
        <#list tile.vectors as v>
        <@step c=c v=v products=products moves=moves last=last/>
        </#list>
        <#if moves>
        <@word name="y" c=c mask0="d${c}0.compare(VectorOperators.LT, e${c}0)" mask1="d${c}1.compare(VectorOperators.LT, e${c}1)"/>
        </#if>
        <#if overflows>
        <@word name="o" c=c mask0=above("n${c}0", "sumMost") mask1=above("n${c}1", "sumMost")/>
        <@word name="f" c=c mask0=above("m${c}0", "productMost") mask1=above("m${c}1", "productMost")/>
        now[k * CHANNELS + ${c}] = y${c} & byMove | o${c} & bySum | f${c} & byProduct;
        <#elseif moves>
        now[k * CHANNELS + ${c}] = y${c};
        </#if>
        </#list>
      }
      <#list tile.channels as c><#list tile.vectors as v>
      zero.add(r${c}${v}).intoArray(sums, to + ${2 * c + v} * COUNT);
      <#if last>
      none.add(l${c}${v}).intoArray(last, to + ${2 * c + v} * COUNT);
      </#if>
      </#list></#list>
    }
  }
</#macro>

<#--
Adds the gradients that pass.

words: what is cut at once is in words; products: it is where a product is clamped, which is computed anew.
-->
<#macro add name words=false products=false>
  static void ${name}(
      float[] weights,
      int from,
      FloatRegisterWalk walk,
      float[] x,
      int base,
      int column,
      int first,
      int end,
      CutNotes notes,
      float[] g,
      float[] inputGradients,
      float[] weightGradients) {
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    int i = column + walk.first() + first * step;
    int[] last = notes.last();
    int[] chunks = notes.chunks();
    <#if words>
    int[] now = notes.now();
    </#if>
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector all = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    <#if products>
    <@q.constants names=["magnitude", "productMost"] steps="walk.steps()"/>
    </#if>
    <#list tile.channels as c><#list tile.vectors as v>
    FloatVector g${c}${v} =
        FloatVector.fromArray(FLOATS, g, ${c} * VectorLanes.PANEL + column + ${v} * COUNT);
    </#list></#list>
    int to = 0;
    for (int k = first; k < end; ) {
      int c = k / chunk;
      int until = Math.min(end, (c + 1) * chunk);
      IntVector before = IntVector.broadcast(INTS, c);
      <#list tile.channels as c><#list tile.vectors as v>
      IntVector l${c}${v} =
          all.blend(
              IntVector.fromArray(INTS, last, (c * 8 + ${2 * c + v}) * COUNT),
              before.compare(VectorOperators.GE, IntVector.fromArray(INTS, chunks, ${2 * c + v} * COUNT)));
      </#list></#list>
      for (; k < until; k++, i += step) {
        IntVector at = IntVector.broadcast(INTS, k);
        <#list tile.vectors as v>
        FloatVector x${v} = FloatVector.fromArray(FLOATS, x, base + i + ${v} * COUNT);
        FloatVector a0${v} = FloatVector.fromArray(FLOATS, inputGradients, i + ${v} * COUNT);
        </#list>
        <#list tile.channels as c>
        FloatVector q${c} = FloatVector.broadcast(FLOATS, weights[from + ${c} * terms + k]);
        FloatVector s${c}0 = FloatVector.fromArray(FLOATS, weightGradients, to);
        <#if words>
        int p${c} = ~now[k * CHANNELS + ${c}];
        </#if>
        <#list tile.vectors as v>
        <#assign o = "${c}${v}">
        VectorMask<Integer> m${o} =
            at.compare(VectorOperators.GE, l${o})<#if words>
                .and(VectorMask.fromLong(INTS, <#if v == 0>p${c}<#else>p${c} >>> COUNT</#if>))</#if><#if products>
                .and(x${v}.mul(q${c}).reinterpretAsInts().and(magnitude).compare(VectorOperators.LE, productMost))</#if>;
        FloatVector y${o} = zero.blend(g${o}, m${o}.cast(FLOATS));
        FloatVector a${c + 1}${v} = y${o}.fma(q${c}, a${o});
        FloatVector s${c}${v + 1} = y${o}.fma(x${v}, s${o});
        </#list>
        s${c}2.intoArray(weightGradients, to);
        to += COUNT;
        </#list>
        <#list tile.vectors as v>
        a4${v}.intoArray(inputGradients, i + ${v} * COUNT);
        </#list>
      }
    }
  }
</#macro>

<#macro head>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.floating.MaskedGradientTile.CHANNELS;
import static dev.narrows.kernels.floating.MaskedGradientTile.VECTORS;
import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
</#macro>
