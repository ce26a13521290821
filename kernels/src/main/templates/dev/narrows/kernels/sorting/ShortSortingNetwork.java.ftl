<#import "/sorting-network.ftl" as n>
<@n.network "ShortSortingNetwork" "short[]" "ShortVector" "SHORTS" "2 * COUNT" "Short.MAX_VALUE"/>
