<#--
The method of a tile of some channels ("rows") and some vectors of columns in registers of matrix hardware; v counts
vectors of sums, row by row. For every group of products:

  m  the largest exponent of the group and of the register     u  2^(m - F)
  s  2^(F - m), exact as a float                               a  the integer sum of s · (q · x), each cut toward zero
  l  m, but never so small that s would not be a float         r  the register, e its exponent

Products of two operands that have 24 significant bits together are exact in binary32, and so is scaling by a power of
two: FusedSums sees to it that nothing leaves the normal numbers. Converting to an integer cuts toward zero. The largest
exponent is found in shorts, two vectors at once.

short: products are of few bits (FusedOperands.few). A conversion is then dear, as Java's wants the values beyond int
looked for. Less than half, and enough for every fraction of such a product, is taken off toward zero; what is left is
rounded to nearest by an addition of 1.5·2^23, where the bits of floats count as integers do.

wide: a sum may need 33 bits. It is then kept in two halves, a and b; g is its sign, h its magnitude without what lies
below its 24 leading bits.

half: the register is binary16, rounded to nearest even; a bit that stands for all that was cut decides ties. An
infinite register stays.

counts: what happens is added to "events", as FusedEvents names it.

No loop-carried vector is ever the receiver of a call. The larger a tile, the fewer vectors and rows it has: beyond some
size the first compiler gives up ("out of virtual registers"), and the second is never asked.
-->
<#macro method wide half counts rows=1 vectors=4 short=false>
  <#assign cells = 0..<(rows * vectors)>
  <#assign columns = 0..<vectors>
  <#assign pairs = 0..<(vectors / 2)>
  static void tile(
      FusedSteps steps,
      float[] weights,
      short[] exponents,
      int from,
      float[] x,
      short[] ofInputs,
      int base,
      float[] out,
      int to,
      short[] scratch<#if counts>,
      long[] events</#if>) {
    int terms = steps.terms();
    int group = steps.group();
    int chunk = steps.chunk();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    IntVector ofZero = IntVector.broadcast(INTS, FusedSteps.OF_ZERO);
    ShortVector nothing = ShortVector.zero(SHORTS);
    ShortVector least = ShortVector.broadcast(SHORTS, FusedSteps.OF_ZERO);
    IntVector lowest = IntVector.broadcast(INTS, steps.lowest());
    IntVector up = IntVector.broadcast(INTS, FusedSteps.BIAS + steps.fraction());
    IntVector down = IntVector.broadcast(INTS, FusedSteps.BIAS - steps.fraction());
    <#if short>
    IntVector negative = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector cut = IntVector.broadcast(INTS, steps.cut());
    FloatVector magic = FloatVector.broadcast(FLOATS, VectorLanes.MAGIC);
    </#if>
    <#if wide>
    IntVector leading = IntVector.broadcast(INTS, FusedSteps.LEADING);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    </#if>
    <#if half>
    IntVector infinite = IntVector.broadcast(INTS, FusedSteps.INFINITE);
    IntVector notANumber = IntVector.broadcast(INTS, FusedSteps.NOT_A_NUMBER);
    FloatVector subnormal = FloatVector.broadcast(FLOATS, FusedSteps.SUBNORMAL);
    </#if>
    <#if counts>
    int cuts = 0;
    int swamps = 0;
    int sumCuts = 0;
    int underflows = 0;
    int overflows = 0;
    </#if>
    <#list cells as v>
    FloatVector t${v} = zero;
    </#list>
    for (int k = 0; k < terms; ) {
      int last = Math.min(terms, k + chunk);
      <#list cells as v>
      FloatVector r${v} = zero;
      IntVector e${v} = ofZero;
      </#list>
      while (k < last) {
        int end = Math.min(last, k + group);
        <#list 0..<rows as row>
        <#list pairs as pair>
        ShortVector y${row}x${pair} = least;
        </#list>
        </#list>
        for (int i = k, j = base + k * VectorLanes.PANEL; i < end; i++, j += VectorLanes.PANEL) {
          <#list 0..<rows as row>
          ShortVector q${row} = ShortVector.broadcast(SHORTS, exponents[from + ${row} * terms + i]);
          </#list>
          <#list pairs as pair>
          ShortVector x${pair} = ShortVector.fromArray(SHORTS, ofInputs, j + ${pair} * SHORTS.length());
          <#list 0..<rows as row>
          y${row}x${pair} = x${pair}.add(q${row}).max(y${row}x${pair});
          </#list>
          </#list>
        }
        <#list 0..<rows as row>
        <#list pairs as pair>
        nothing.add(y${row}x${pair}).intoArray(scratch, (${row} * ${vectors} + 2 * ${pair}) * COUNT);
        </#list>
        </#list>
        <#list cells as v>
        IntVector m${v} =
            ((IntVector) ShortVector.fromArray(HALF_SHORTS, scratch, ${v} * COUNT).castShape(INTS, 0)).max(e${v});
        IntVector l${v} = lowest.max(m${v});
        FloatVector s${v} = up.sub(l${v}).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector u${v} = l${v}.add(down).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        IntVector a${v} = (IntVector) s${v}.mul(r${v}).convert(VectorOperators.F2I, 0);
        <#if short>
        a${v} = a${v}.sub(VectorLanes.MAGIC_BITS * (end - k));
        </#if>
        </#list>
        <#if wide>
        int middle = k + (end - k + 1) / 2;
        <@sum "a" "k" "middle" counts rows vectors short/>
        <#list cells as v>
        IntVector b${v} = none;
        </#list>
        <@sum "b" "middle" "end" counts rows vectors short/>
        <#else>
        <@sum "a" "k" "end" counts rows vectors short/>
        </#if>
        k = end;
        <#list cells as v>
        <#if wide>
        <@magnitude v half counts/>
        <#else>
        IntVector f${v} =
            ((FloatVector) none.add(a${v}).convert(VectorOperators.I2F, 0)).mul(u${v}).reinterpretAsInts();
        </#if>
        <#if half>
        <@binary16 v counts/>
        <#else>
        IntVector z${v} = f${v}.and(steps.kept());
        <#if counts>
        sumCuts +=
            z${v}.compare(VectorOperators.NE, f${v}).or(h${v}.compare(VectorOperators.NE, n${v})).trueCount();
        </#if>
        r${v} = z${v}.reinterpretAsFloats();
        e${v} =
            z${v}.and(FusedSteps.INFINITE).lanewise(VectorOperators.LSHR, 23).sub(FusedSteps.BIAS).max(ofZero);
        </#if>
        </#list>
      }
      <#list cells as v>
      <#if counts>
      <@join v/>
      <#else>
      t${v} = zero.add(r${v}).add(t${v});
      </#if>
      </#list>
    }
    <#if counts>
    events[FusedEvents.CUTS] += cuts;
    events[FusedEvents.SWAMPS] += swamps;
    events[FusedEvents.SUM_CUTS] += sumCuts;
    events[FusedEvents.UNDERFLOWS] += underflows;
    events[FusedEvents.OVERFLOWS] += overflows;
    </#if>
    <#list cells as v>
    <#local place = "to + " + (v / vectors)?int + " * VectorLanes.PANEL + " + (v % vectors) + " * COUNT">
    <#if half>
    IntVector o${v} = zero.add(t${v}).reinterpretAsInts();
    o${v}
        .blend(notANumber, o${v}.and(Integer.MAX_VALUE).compare(VectorOperators.GT, infinite))
        .reinterpretAsFloats()
        .intoArray(out, ${place});
    <#else>
    zero.add(t${v}).intoArray(out, ${place});
    </#if>
    </#list>
  }
</#macro>

<#-- Adds the products of some terms of the group, cut. -->
<#macro sum name first end counts rows vectors short>
        for (int i = ${first}, j = base + ${first} * VectorLanes.PANEL; i < ${end}; i++, j += VectorLanes.PANEL) {
          <#list 0..<rows as row>
          FloatVector q${row} = FloatVector.broadcast(FLOATS, weights[from + ${row} * terms + i]);
          </#list>
          <#list columns as column>
          FloatVector x${column} = FloatVector.fromArray(FLOATS, x, j + ${column} * COUNT);
          <#list 0..<rows as row>
          <#local v = row * vectors + column>
          FloatVector p${v} = x${column}.mul(q${row});
          <#if counts>
          FloatVector y${v} = p${v}.mul(s${v});
          IntVector i${v} = (IntVector) y${v}.convert(VectorOperators.F2I, 0);
          int none${v} = p${v}.compare(VectorOperators.EQ, 0f).trueCount();
          cuts +=
              ((FloatVector) i${v}.convert(VectorOperators.I2F, 0)).compare(VectorOperators.NE, y${v}).trueCount()
                  + y${v}.compare(VectorOperators.EQ, 0f).trueCount()
                  - none${v};
          swamps += i${v}.compare(VectorOperators.EQ, 0).trueCount() - none${v};
          ${name}${v} = i${v}.add(${name}${v});
          <#elseif short>
          ${name}${v} =
              p${v}.fma(
                      s${v},
                      p${v}.reinterpretAsInts()
                          .and(negative)
                          .lanewise(VectorOperators.XOR, cut)
                          .reinterpretAsFloats())
                  .add(magic)
                  .reinterpretAsInts()
                  .add(${name}${v});
          <#else>
          ${name}${v} = ((IntVector) p${v}.mul(s${v}).convert(VectorOperators.F2I, 0)).add(${name}${v});
          </#if>
          </#list>
          </#list>
        }
</#macro>

<#-- The bits of the sum's leading 24 bits times 2^(m - F): d is a + b modulo 2^32, g the sign of a + b, spread. -->
<#macro magnitude v half counts>
        IntVector d${v} = none.add(a${v}).add(b${v});
        IntVector g${v} =
            none.add(a${v})
                .lanewise(VectorOperators.XOR, b${v})
                .and(d${v})
                .or(none.add(a${v}).and(b${v}))
                .lanewise(VectorOperators.ASHR, 31);
        IntVector n${v} = d${v}.lanewise(VectorOperators.XOR, g${v}).sub(g${v});
        IntVector c${v} =
            leading.lanewise(
                VectorOperators.LSHR, n${v}.lanewise(VectorOperators.LEADING_ZEROS_COUNT));
        <#if half>
        IntVector h${v} =
            n${v}.and(c${v})
                .or(
                    none.blend(
                        c${v}.and(none.sub(c${v})),
                        n${v}.and(c${v}).compare(VectorOperators.NE, n${v})));
        <#else>
        IntVector h${v} = n${v}.and(c${v});
        </#if>
        IntVector f${v} =
            ((FloatVector) h${v}.lanewise(VectorOperators.LSHR, 16).convert(VectorOperators.I2F, 0))
                .mul(65536f)
                .add((FloatVector) h${v}.and(0xffff).convert(VectorOperators.I2F, 0))
                .mul(u${v})
                .reinterpretAsInts()
                .or(g${v}.and(sign));
</#macro>

<#-- The nearest value of binary16 to the float with the bits f: p its magnitude, w the result's. -->
<#macro binary16 v counts>
        IntVector p${v} = f${v}.and(Integer.MAX_VALUE);
        IntVector w${v} =
            p${v}.add(p${v}.lanewise(VectorOperators.LSHR, 13).and(1))
                .add(FusedSteps.BELOW_HALF)
                .and(FusedSteps.KEPT_OF_BINARY16)
                .blend(
                    p${v}.reinterpretAsFloats().add(subnormal).sub(subnormal).reinterpretAsInts(),
                    p${v}.compare(VectorOperators.LT, FusedSteps.NORMAL_OF_BINARY16));
        <#if counts>
        sumCuts += w${v}.compare(VectorOperators.NE, p${v}).trueCount();
        underflows +=
            w${v}.compare(VectorOperators.EQ, 0).trueCount()
                - p${v}.compare(VectorOperators.EQ, 0).trueCount();
        overflows += w${v}.compare(VectorOperators.GT, FusedSteps.MOST_OF_BINARY16).trueCount();
        </#if>
        IntVector y${v} =
            w${v}.blend(infinite, w${v}.compare(VectorOperators.GT, FusedSteps.MOST_OF_BINARY16));
        IntVector z${v} =
            y${v}.or(f${v}.and(Integer.MIN_VALUE))
                .blend(none, y${v}.compare(VectorOperators.EQ, 0));
        IntVector i${v} = zero.add(r${v}).reinterpretAsInts();
        IntVector k${v} =
            z${v}.blend(i${v}, i${v}.and(Integer.MAX_VALUE).compare(VectorOperators.EQ, infinite));
        r${v} = k${v}.reinterpretAsFloats();
        e${v} =
            k${v}.and(FusedSteps.INFINITE)
                .lanewise(VectorOperators.LSHR, 23)
                .sub(FusedSteps.BIAS)
                .max(FusedSteps.LEAST_OF_BINARY16)
                .blend(ofZero, k${v}.compare(VectorOperators.EQ, 0));
</#macro>

<#-- Adds the register to the sum in binary32; what rounding loses is Knuth's, exact in binary32. -->
<#macro join v>
      FloatVector n${v} = zero.add(r${v}).add(t${v});
      if (steps.promoted()) {
        FloatVector b${v} = n${v}.sub(t${v});
        sumCuts +=
            n${v}.sub(b${v}).sub(t${v}).sub(zero.add(r${v}).sub(b${v})).compare(VectorOperators.NE, 0f).trueCount();
        swamps +=
            n${v}.compare(VectorOperators.EQ, t${v}).trueCount()
                - zero.add(r${v}).compare(VectorOperators.EQ, 0f).trueCount();
      }
      t${v} = n${v};
</#macro>
