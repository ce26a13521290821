<#import "/paired-rows.ftl" as p>
<@p.rows "ShortPairedRows" "short" "Short" "ShortVector" "SHORTS" 16/>
