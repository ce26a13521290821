<#--
Rounding to the nearest value of a format, on the bits of binary32 of a whole vector; written out here and nowhere
else. "format" is product or sum; the constants that it names are declared by <@constants>.

  m  the magnitude of v, as bits              n  m rounded to the mantissa, ties to even
  l  m rounded to multiples of the smallest value, by adding a float where floats are so far apart
  h  n, or l below the normal numbers; and what the format has for all that is beyond its largest value

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
