<#import "/paired-rows.ftl" as p>
<@p.rows "PairedRows" "int" "Integer" "IntVector" "INTS" 32/>
