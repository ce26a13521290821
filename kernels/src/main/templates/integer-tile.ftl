<#--
One channel's weights over a few vectors of columns. Of vector v of the tile:

  x  the place of the weight's inputs       r  the register, or in float lanes its bits
  q  the weight, in every lane              t  the inputs, or their products
                                            l, h  the smallest and the largest value of r so far
-->
<#-- Vectors of a tile. -->
<#assign wide = 0..<8>
<#assign narrow = 0..<4>

<#-- Where vector v begins. -->
<#function place from v>
  <#if v == 0><#return from></#if>
  <#return "${from} + ${(v == 1)?then('', v + ' * ')}COUNT">
</#function>

<#-- The same of short lanes, of which a vector has twice as many. -->
<#function shorts from v>
  <#if v == 0><#return from></#if>
  <#return "${from} + ${2 * v} * COUNT">
</#function>

<#function input type v>
  <#return "${type}Vector.fromArray(${type?upper_case}S, inputs, ${place('x', v)})">
</#function>

<#-- The fresh value is the receiver: the other way round the compiler's code is many times slower. -->
<#function sumInIntegerLanes v>
  <#return "${input('Int', v)}.mul(q).add(r${v})">
</#function>

<#-- Of inputs t: rounded once, so exact wherever the sum is representable. -->
<#function sumInFloatLanes v>
  <#return "t${v}.fma(q, r${v}.reinterpretAsFloats()).reinterpretAsInts()">
</#function>

<#-- The low bits of a value, sign-extended. -->
<#function low value>
  <#return "${value}.lanewise(VectorOperators.LSHL, unused).lanewise(VectorOperators.ASHR, unused)">
</#function>

<#function xor a b>
  <#return "${a}.lanewise(VectorOperators.XOR, ${b})">
</#function>

<#macro extremes v>
      l${v} = r${v}.min(l${v});
      h${v} = r${v}.max(h${v});
</#macro>

<#-- Reads the registers of each name from the array it stands for. -->
<#macro registers arrays vectors>
  <#list vectors as v><#list arrays as name, array>
    IntVector ${name}${v} = IntVector.fromArray(INTS, ${array}, ${place("at", v)});
  </#list></#list>
</#macro>

<#macro stores arrays vectors>
  <#list vectors as v><#list arrays as name, array>
    ${name}${v}.intoArray(${array}, ${place("at", v)});
  </#list></#list>
</#macro>

<#-- The loop over the terms; what is nested is a vector's step. -->
<#macro terms type vectors>
    for (int i = from; i < to; i++) {
      ${type}Vector q = ${type}Vector.broadcast(${type?upper_case}S, weights[i]);
      int x = base + row[i];
  <#list vectors as v>
      <#nested v>
  </#list>
    }
</#macro>

<#-- Where register v of channel c of a group begins. -->
<#function member c v>
  <#return place("at" + (c == 0)?then("", " + " + (c == 1)?then("", c + " * ") + "VectorLanes.PANEL"), v)>
</#function>

<#-- Reads the registers of some channels of each name from the array it stands for. -->
<#macro memberRegisters arrays channels vectors>
  <#list channels as c><#list vectors as v><#list arrays as name, array>
    IntVector ${name}${c}${v} = IntVector.fromArray(INTS, ${array}, ${member(c, v)});
  </#list></#list></#list>
</#macro>

<#macro memberStores arrays channels vectors>
  <#list channels as c><#list vectors as v><#list arrays as name, array>
    ${name}${c}${v}.intoArray(${array}, ${member(c, v)});
  </#list></#list></#list>
</#macro>

<#-- The loop over the terms of some channels of a group; what is nested is a step of a channel and a vector. -->
<#macro memberTerms channels vectors>
    for (int i = from, j = first; i < to; i++, j += ChannelGroups.CHANNELS) {
      int x = base + row[i];
  <#list vectors as v>
      FloatVector t${v} = ${input("Float", v)};
  </#list>
  <#list channels as c>
      FloatVector q${c} = FloatVector.broadcast(FLOATS, weights[j${(c == 0)?then('', ' + ' + c)}]);
    <#list vectors as v>
      <#nested c v>
    </#list>
  </#list>
    }
</#macro>

<#function memberSum c v>
  <#return "t${v}.fma(q${c}, r${c}${v}.reinterpretAsFloats()).reinterpretAsInts()">
</#function>
