<#--
Loops of nothing but vector instructions on registers: what a processor issues at most. Of chain v

  r  the value that is carried from step to step      l, h  further ones, where a step needs three
  a, b, …  constants, read from arrays so that the compiler cannot see what they are

A chain begins its next step when its last one is done; there are so many chains that the instructions wait for a port,
not for each other. With 16 vector registers (vectors below 512 bits) there is room for fewer chains.
-->
<#assign
  lanes = {"Float": "FLOATS", "Double": "DOUBLES", "Int": "INTS", "Short": "SHORTS"}
  probes = [
    {"name": "fusedMultiplyAdd", "type": "Float", "constants": ["one", "none"], "chains": [12, 10],
     "about": "Multiply-adds of binary32"},
    {"name": "doubleFusedMultiplyAdd", "type": "Double", "constants": ["one", "none"], "chains": [12, 10],
     "about": "Multiply-adds of binary64"},
    {"name": "extremes", "type": "Int", "constants": ["least", "most"], "chains": [12, 10],
     "about": "A maximum and a minimum of ints"},
    {"name": "intAdd", "type": "Int", "constants": ["three", "five"], "chains": [12, 10],
     "about": "Two additions of ints"},
    {"name": "intMultiply", "type": "Int", "constants": ["three"], "chains": [12, 10],
     "about": "Multiplications of ints"},
    {"name": "shortMultiply", "type": "Short", "constants": ["three"], "chains": [12, 10],
     "about": "Multiplications of shorts"},
    {"name": "shortAddSaturating", "type": "Short", "constants": ["three", "five"], "chains": [12, 10],
     "about": "Two saturating additions of shorts"},
    {"name": "wrappingShorts", "type": "Short", "constants": ["three", "five"], "chains": [12, 10],
     "about": "A product and its addition, shorts"},
    {"name": "saturatingShorts", "type": "Short", "constants": ["three", "five"], "chains": [12, 10],
     "about": "A product and its saturating addition, shorts"},
    {"name": "clippedShorts", "type": "Short", "constants": ["three", "five", "most"], "chains": [12, 10],
     "about": "A product, its saturating addition and a minimum, shorts"},
    {"name": "clippedFloats", "type": "Int", "constants": ["least", "most"], "chains": [12, 10],
     "about": "A multiply-add whose bits are clipped as an int's"},
    {"name": "clippedInts", "type": "Int", "constants": ["three", "five", "least", "most", "top"], "chains": [10, 6],
     "about": "A product, its addition, a look for overflow, and a clip, ints"},
    {"name": "pathFloats", "type": "Int", "constants": [], "chains": [8, 4],
     "about": "A multiply-add, and the least and the largest of its bits so far"},
    {"name": "truncatedFloats", "type": "Float", "constants": ["one"], "chains": [8, 6],
     "about": "A product and a sum, both truncated, of at least 2 or none, in a format that is not left upwards"},
    {"name": "clampedFloats", "type": "Float", "constants": ["one"], "chains": [8, 4],
     "about": "A product and a sum, both truncated and clamped"},
    {"name": "countedFloats", "type": "Float", "constants": ["one"], "chains": [6, 4],
     "about": "As truncated floats; products kept, sums that underflow and steps that move are counted"}]
  values = {
    "one": "1", "none": "0", "three": "3", "five": "5", "least": "MAGIC_BITS - 100", "most": "MAGIC_BITS + 100",
    "top": "Integer.MAX_VALUE"}>
package dev.narrows.benchmarks;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops of vector instructions on registers, without memory: how many a processor issues. Each runs
 * some rounds and returns how many steps those were; a step is the instructions that a kernel needs
 * for one vector of multiply-accumulates.
 */
final class PortProbes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

  /** Bits of 1.5 · 2^23, around which kernels keep integers as floats. */
  private static final int MAGIC_BITS = Float.floatToRawIntBits(0x1.8p23f);

  /** Rows of the probes of comparators. */
  private static final int ROWS = 12;

  /** A vector of each constant, and of what chains start from. */
  private final int[] ints;
  private final short[] shorts;
  private final float[] floats;
  private final double[] doubles;
  private long sink;

  /** Probes with operands of their own. */
  PortProbes() {
    int count = SHORTS.length();
    ints = new int[256 * count];
    shorts = new short[256 * count];
    floats = new float[256 * count];
    doubles = new double[256 * count];
  }

  /** Rows of the arrays: a constant each. */
  private int row(int index, int value) {
    int count = SHORTS.length();
    for (int i = index * count; i < (index + 1) * count; i++) {
      ints[i] = value;
      shorts[i] = (short) value;
      floats[i] = value;
      doubles[i] = value;
    }
    return index * count;
  }

  /** What the loops left, so that none of them is idle. */
  long sink() {
    return sink;
  }

<#macro constant type name row>
    ${type}Vector ${name} = ${type}Vector.fromArray(${lanes[type]}, ${type?lower_case}s, row(${row}, ${values[name]}));
</#macro>
<#macro bits name value>
    IntVector ${name} = IntVector.broadcast(INTS, ${value});
</#macro>
<#list probes as probe>
<#assign T = probe.type>
<#list ["Wide", "Slim"] as shape>
<#assign chains = 0..<probe.chains[shape?index]>
<#if shape == "Wide">
  /** ${probe.about}. */
  long ${probe.name}(int rounds) {
    return INTS.length() >= 16 ? ${probe.name}Wide(rounds) : ${probe.name}Slim(rounds);
  }

</#if>
  private long ${probe.name}${shape}(int rounds) {
<#list probe.constants as name>
<@constant T name name?index/>
</#list>
<#if T == "Int">
    FloatVector one = FloatVector.fromArray(FLOATS, floats, row(10, 1));
    FloatVector none = FloatVector.fromArray(FLOATS, floats, row(11, 0));
</#if>
<#if ["truncatedFloats", "clampedFloats", "countedFloats"]?seq_contains(probe.name)>
<#-- as of a format with seven bits of mantissa -->
<@bits "magnitude" "Integer.MAX_VALUE"/>
<@bits "sign" "Integer.MIN_VALUE"/>
<@bits "kept" "-1 << 16"/>
<@bits "keptMagnitude" "(-1 << 16) & Integer.MAX_VALUE"/>
<@bits "below" "0x38000000"/>
<@bits "most" "0x43ff0000"/>
</#if>
    int start = row(12, ${(T == "Int")?then("MAGIC_BITS", "1")});
<#list chains as v>
    ${T}Vector r${v} = ${T}Vector.fromArray(${lanes[T]}, ${T?lower_case}s, start);
<#if probe.name == "pathFloats">
    IntVector l${v} = r${v};
    IntVector h${v} = r${v};
</#if>
</#list>
<#if probe.name == "countedFloats">
    IntVector counted = IntVector.zero(INTS);
    int underflows = 0;
    int moved = 0;
</#if>
    for (int n = 0; n < rounds; n++) {
<#list chains as v>
<#switch probe.name>
<#case "fusedMultiplyAdd">
<#case "doubleFusedMultiplyAdd">
      r${v} = one.fma(none, r${v});
<#break>
<#case "extremes">
      r${v} = most.min(least.max(r${v}));
<#break>
<#case "intAdd">
      r${v} = three.add(five.add(r${v}));
<#break>
<#case "intMultiply">
<#case "shortMultiply">
      r${v} = three.mul(r${v});
<#break>
<#case "shortAddSaturating">
      r${v} = three.lanewise(VectorOperators.SADD, five.lanewise(VectorOperators.SADD, r${v}));
<#break>
<#case "wrappingShorts">
      r${v} = three.mul(r${v}).add(five);
<#break>
<#case "saturatingShorts">
      r${v} = three.mul(r${v}).lanewise(VectorOperators.SADD, five);
<#break>
<#case "clippedShorts">
      r${v} = three.mul(r${v}).lanewise(VectorOperators.SADD, five).min(most);
<#break>
<#case "clippedFloats">
      r${v} = one.fma(none, r${v}.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
<#break>
<#case "clippedInts">
      IntVector t${v} = three.mul(r${v});
      IntVector s${v} = t${v}.add(r${v});
      IntVector o${v} = s${v}.lanewise(VectorOperators.XOR, r${v}).and(s${v}.lanewise(VectorOperators.XOR, t${v}));
      IntVector e${v} = five.or(r${v}).lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.XOR, top);
      r${v} = s${v}.blend(e${v}, o${v}.compare(VectorOperators.LT, 0)).max(least).min(most);
<#break>
<#case "pathFloats">
      r${v} = one.fma(none, r${v}.reinterpretAsFloats()).reinterpretAsInts();
      l${v} = r${v}.min(l${v});
      h${v} = r${v}.max(h${v});
<#break>
<#case "truncatedFloats">
      IntVector p${v} = one.mul(r${v}).reinterpretAsInts();
      IntVector g${v} = p${v}.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.ASHR, 31);
      IntVector s${v} = g${v}.and(p${v}).and(kept).reinterpretAsFloats().fma(one, one).reinterpretAsInts();
      IntVector b${v} = s${v}.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.ASHR, 31);
      r${v} = b${v}.and(s${v}).and(kept).reinterpretAsFloats();
<#break>
<#case "countedFloats">
      IntVector p${v} = one.mul(r${v}).reinterpretAsInts();
      IntVector g${v} = below.sub(p${v}.and(magnitude)).lanewise(VectorOperators.ASHR, 31);
      IntVector s${v} = g${v}.and(p${v}).and(kept).reinterpretAsFloats().add(one).reinterpretAsInts();
      IntVector b${v} = below.sub(s${v}.and(magnitude));
      IntVector z${v} = b${v}.lanewise(VectorOperators.ASHR, 31).and(s${v}).and(kept);
      counted = g${v}.add(counted);
      underflows += b${v}.compare(VectorOperators.ULT, below).trueCount();
      moved += z${v}.compare(VectorOperators.NE, r${v}.reinterpretAsInts()).trueCount();
      r${v} = z${v}.reinterpretAsFloats();
<#break>
<#case "clampedFloats">
      IntVector p${v} = one.mul(r${v}).reinterpretAsInts();
      IntVector m${v} = p${v}.and(keptMagnitude);
      IntVector s${v} =
          m${v}.min(most).or(p${v}.and(sign)).and(below.sub(m${v}).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats().add(one).reinterpretAsInts();
      IntVector n${v} = s${v}.and(keptMagnitude);
      r${v} =
          n${v}.min(most).or(s${v}.and(sign)).and(below.sub(n${v}).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
<#break>
</#switch>
</#list>
    }
<#-- a loop-carried vector may not be the receiver: the compiler would put it on the heap -->
    ${T}Vector all = ${T}Vector.zero(${lanes[T]});
<#list chains as v>
    all = all.add(r${v})<#if probe.name == "pathFloats">.add(l${v}).add(h${v})</#if>;
</#list>
<#if probe.name == "countedFloats">
    sink += underflows + moved + IntVector.zero(INTS).add(counted).reduceLanes(VectorOperators.ADD);
</#if>
    sink += (long) all.reduceLanes(VectorOperators.ADD);
    return (long) rounds * ${chains?size};
  }

</#list>
</#list>
<#list ["Int", "Short"] as T>
  /** Comparators of ${T?lower_case}s: a minimum and a maximum each, of twelve rows in turns. */
  long ${T?lower_case}Comparators(int rounds) {
<#list 0..<12 as v>
    ${T}Vector r${v} = ${T}Vector.fromArray(${lanes[T]}, ${T?lower_case}s, row(${v}, ${v} * 37 % 11));
</#list>
    ${T}Vector low;
    for (int n = 0; n < rounds; n++) {
<#list [6, 3, 1] as distance>
<#list 0..<12 as v>
<#if (v / distance)?floor % 2 == 0 && v + distance < 12>
      low = r${v}.min(r${v + distance});
      r${v + distance} = r${v}.max(r${v + distance});
      r${v} = low;
</#if>
</#list>
</#list>
    }
    ${T}Vector all = ${T}Vector.zero(${lanes[T]});
<#list 0..<12 as v>
    all = all.lanewise(VectorOperators.XOR, r${v});
</#list>
    sink += (long) all.reduceLanes(VectorOperators.ADD);
    return (long) rounds * 3 * ROWS / 2;
  }

</#list>
  /** Vectors read from the first-level cache, each with an and. */
  long loads(int rounds) {
    IntVector zero = IntVector.zero(INTS);
<#list 0..<8 as v>
    IntVector r${v} = zero;
</#list>
    for (int n = 0; n < rounds; n++) {
      int at = (n & 7) * 8 * INTS.length();
<#list 0..<8 as v>
      r${v} = IntVector.fromArray(INTS, ints, at + ${v} * INTS.length()).or(r${v});
</#list>
    }
    IntVector all = zero;
<#list 0..<8 as v>
    all = all.add(r${v});
</#list>
    sink += all.reduceLanes(VectorOperators.ADD);
    return (long) rounds * 8;
  }

  /** Steps of four cycles each on x86-64 and most others: a multiplication and an or, in a chain. */
  long clock(int rounds) {
    long x = sink | 1;
    for (int n = 0; n < rounds; n++) {
      x = (x * x) | 1;
    }
    sink += x;
    return rounds;
  }
}
