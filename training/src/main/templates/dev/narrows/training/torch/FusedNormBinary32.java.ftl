<#import "/fused-norm.ftl" as n>
<@n.loops class="FusedNormBinary32" bf16=false/>
