<#import "/sorting-network.ftl" as n>
<@n.sixteen "ShortSortingNetwork" "short[]" "ShortVector" "SHORTS" "2 * COUNT"/>
