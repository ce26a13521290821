<#--
The quantiser Q of a floating-point format, on the bits of binary32 of a whole vector; written out here and nowhere
else. Of a value v with the magnitude |v| (its bits without the sign):

  gap         (least - 1) - |v|, taken as integers, of the format's least magnitude: negative unless v underflows
  first       -1 where the first bit of v's exponent is set, as it is of every value of 2 at least, and 0 where not
  survivors   -1 where |v| is at least the least magnitude, 0 where v underflows: the gap's sign, spread over the lane
  truncated   v with the mantissa bits that the format keeps, zero where it underflows
  clamped     the same, and at most the format's largest magnitude: an integer minimum on |v|

These are Java expressions, not methods: a method that takes or returns vectors keeps them on the heap, ten times
slower. "format" is product or sum; the vectors that an expression names are declared by <@constants>.
-->

<#function gap format magnitude>
  <#return "${format}Below.sub(${magnitude})">
</#function>

<#function spread difference>
  <#return "${difference}.lanewise(VectorOperators.ASHR, 31)">
</#function>

<#function first bits>
  <#return spread("${bits}.lanewise(VectorOperators.LSHL, 1)")>
</#function>

<#function survivors format magnitude>
  <#return spread(gap(format, magnitude))>
</#function>

<#function truncated format bits survivors>
  <#return "${survivors}.and(${bits}).and(${format}Kept)">
</#function>

<#-- The magnitude, or the survivors, must be masked with the bits that the format keeps. -->
<#function clamped format bits magnitude survivors>
  <#return "${magnitude}.min(${format}Most).or(${bits}.and(sign)).and(${survivors})">
</#function>

<#-- -1 where a magnitude is above the format's largest, else 0. -->
<#function overflows format magnitude>
  <#return spread("${format}Most.sub(${magnitude})")>
</#function>

<#--
Declares vectors of constants, by name: of a format …Kept (the bits it keeps), …KeptMagnitude (the same without the
sign), …Below (its least magnitude - 1) and …Most (its largest); sign and magnitude, the bits of any float.
-->
<#macro constants names steps="steps">
  <#list names as name>
    IntVector ${name} = IntVector.broadcast(INTS, ${value(name, steps)});
  </#list>
</#macro>

<#function value name steps>
  <#if name == "sign"><#return "Integer.MIN_VALUE"></#if>
  <#if name == "magnitude"><#return "Integer.MAX_VALUE"></#if>
  <#if name?ends_with("KeptMagnitude")>
    <#return "${steps}.${name?remove_ending('Magnitude')}() & Integer.MAX_VALUE">
  </#if>
  <#return "${steps}.${name}()">
</#function>
