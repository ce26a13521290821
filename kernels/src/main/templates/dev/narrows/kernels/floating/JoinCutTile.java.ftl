<#import "/event-tile.ftl" as tile>
<#import "/gradient-tile.ftl" as gradient>
<#import "/quantizer.ftl" as q>
<@gradient.head/>

/** Up to which chunk a tile's gradients are cut because a join was clamped. */
final class JoinCutTile {
  private JoinCutTile() {}

  /** Adds the chunks' sums to totals; overwrites {@link CutNotes#chunks}. */
  static void join(FloatRegisterWalk walk, CutNotes notes) {
    QuantizerBits steps = walk.steps();
    float[] sums = notes.sums();
    <@q.constants ["sign", "magnitude", "sumKept", "sumBelow", "sumMost"]/>
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    int count = walk.chunks();
<@tile.registers "t"/>
    <#list tile.channels as c><#list tile.vectors as v>
    IntVector f${c}${v} = none;
    </#list></#list>
    for (int chunk = 0; chunk < count; chunk++) {
      int at = chunk * CHANNELS * VECTORS * COUNT;
      IntVector next = IntVector.broadcast(INTS, chunk + 1);
      <#list tile.channels as c>
      <#list tile.vectors as v>
      <#assign o = "${c}${v}">
      IntVector s${o} =
          FloatVector.fromArray(FLOATS, sums, at + ${2 * c + v} * COUNT).add(t${o}).reinterpretAsInts();
      IntVector n${o} = s${o}.and(magnitude);
      t${o} =
          ${q.clamped("sum", "s${o}", "n${o}", q.survivors("sum", "n${o}") + ".and(sumKept)")}
              .reinterpretAsFloats();
      f${o} = next.blend(f${o}, n${o}.compare(VectorOperators.LE, sumMost));
      </#list>
      </#list>
    }
    <#list tile.channels as c><#list tile.vectors as v>
    none.add(f${c}${v}).intoArray(notes.chunks(), ${2 * c + v} * COUNT);
    </#list></#list>
  }
}
