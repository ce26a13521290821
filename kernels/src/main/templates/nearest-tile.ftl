<#--
Rounding to the nearest value of a format, on the bits of binary32 of a whole vector; written out here and nowhere
else. "format" is product or sum; the constants that it names are declared by <@constants>.

  m  the magnitude of v, as bits              n  m rounded to the mantissa, ties to even
  l  m rounded to multiples of the smallest value, by adding a float where floats are so far apart
  h  n, or l below the normal numbers; and what the format has for all that is beyond its largest value

Where nothing can be beyond the largest value ("shifted"), adding and subtracting a float where floats are so far apart
rounds normal numbers, too (NearestSteps.shift):

  e  the bits of v's power of two             u  that float

-->
<#macro constants format steps>
    int ${format}Dropped = ${steps}.dropped();
    int ${format}Odd = ${steps}.odd();
    IntVector ${format}Half = IntVector.broadcast(INTS, ${steps}.half());
    IntVector ${format}Kept = IntVector.broadcast(INTS, ${steps}.kept());
    IntVector ${format}Normal = IntVector.broadcast(INTS, ${steps}.normal());
    IntVector ${format}Most = IntVector.broadcast(INTS, ${steps}.most());
    IntVector ${format}Beyond = IntVector.broadcast(INTS, ${steps}.beyond());
    FloatVector ${format}Apart = FloatVector.broadcast(FLOATS, ${steps}.apart());
</#macro>

<#-- Declares the vector "to" of the rounded bits of the vector of bits "of"; o makes names unlike others. -->
<#macro rounded format of to o>
        IntVector m${o} = ${of}.and(magnitude);
        IntVector n${o} =
            m${o}.lanewise(VectorOperators.LSHR, ${format}Dropped)
                .and(${format}Odd)
                .add(m${o})
                .add(${format}Half)
                .and(${format}Kept);
        IntVector l${o} =
            m${o}.reinterpretAsFloats().add(${format}Apart).sub(${format}Apart).reinterpretAsInts();
        IntVector g${o} = n${o}.blend(l${o}, m${o}.compare(VectorOperators.LT, ${format}Normal));
        IntVector h${o} = g${o}.blend(${format}Beyond, g${o}.compare(VectorOperators.GT, ${format}Most));
        IntVector ${to} =
            h${o}.or(${of}.and(sign))
                .blend(none, h${o}.compare(VectorOperators.EQ, none))
                .blend(notANumber, m${o}.compare(VectorOperators.GT, infinite));
</#macro>

<#macro shiftConstants format steps>
    IntVector ${format}Shift = IntVector.broadcast(INTS, ${steps}.shift());
    IntVector ${format}Least = IntVector.broadcast(INTS, ${steps}.normal());
    IntVector ${format}Below =
        IntVector.broadcast(INTS, Float.floatToRawIntBits(${steps}.subnormalShift()));
</#macro>

<#-- Declares the vector "to" of the rounded floats of the vector of floats "of", which nothing clamps. -->
<#macro shifted format of to o>
        IntVector e${o} = ${of}.reinterpretAsInts().and(infinite);
        FloatVector u${o} =
            e${o}.add(${format}Shift)
                .blend(${format}Below, e${o}.compare(VectorOperators.LT, ${format}Least))
                .reinterpretAsFloats();
        FloatVector ${to} = ${of}.add(u${o}).sub(u${o});
</#macro>

<#-- The method of a tile of one channel and some vectors of columns; without clamps where none can fire in a chunk. -->
<#macro method vectors clamps>
  <#assign tile = 0..<vectors>
  static void tile(
      float[] weights, int from, NearestWalk walk, float[] x, int base, float[] out, int to) {
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    boolean promoted = walk.promoted();
    int i = base + walk.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector infinite = IntVector.broadcast(INTS, FusedSteps.INFINITE);
    IntVector notANumber = IntVector.broadcast(INTS, FusedSteps.NOT_A_NUMBER);
    <#if !clamps>
    <@shiftConstants "product" "walk.product()"/>
    <@shiftConstants "term" "walk.sum()"/>
    <#else>
    <@constants "product" "walk.product()"/>
    </#if>
    <@constants "sum" "walk.sum()"/>
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
        FloatVector p${v} = FloatVector.fromArray(FLOATS, x, i + ${v} * COUNT).mul(q);
        <#if clamps>
        IntVector i${v} = p${v}.reinterpretAsInts();
        <@rounded format="product" of="i${v}" to="a${v}" o="P${v}"/>
        IntVector s${v} = a${v}.reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        <@rounded format="sum" of="s${v}" to="b${v}" o="S${v}"/>
        r${v} = b${v}.reinterpretAsFloats();
        <#else>
        <@shifted format="product" of="p${v}" to="a${v}" o="P${v}"/>
        FloatVector s${v} = a${v}.add(r${v});
        <@shifted format="term" of="s${v}" to="b${v}" o="S${v}"/>
        r${v} = b${v};
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
        <@rounded format="sum" of="j${v}" to="c${v}" o="J${v}"/>
        t${v} = c${v}.reinterpretAsFloats();
        </#list>
      }
    }
    <#list tile as v>
    IntVector o${v} = zero.add(t${v}).reinterpretAsInts();
    o${v}
        .blend(notANumber, o${v}.and(magnitude).compare(VectorOperators.GT, infinite))
        .reinterpretAsFloats()
        .intoArray(out, to + ${v} * COUNT);
    </#list>
  }
</#macro>
