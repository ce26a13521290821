<#import "/fused-norm.ftl" as n>
<@n.loops class="FusedNormBfloat16" bf16=true/>
