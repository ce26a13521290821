<#import "/sorting-network.ftl" as n>
<@n.sixteen "SortingNetwork" "int[]" "IntVector" "INTS" "COUNT"/>
