<#import "/sorting-network.ftl" as n>
<@n.network "SortingNetwork" "int[]" "IntVector" "INTS" "COUNT" "Integer.MAX_VALUE"/>
