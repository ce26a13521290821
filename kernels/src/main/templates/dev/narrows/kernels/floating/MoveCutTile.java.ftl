<#import "/gradient-tile.ftl" as gradient>
<@gradient.head/>

/** Which gradients of a tile are cut because their step moved the register by less than epsilon. */
final class MoveCutTile {
  private MoveCutTile() {}

  /** As {@link RecursiveCutTile#walk}; {@link CutNotes#sums} and {@link CutNotes#now}. */
<@gradient.walk name="walk" products=true moves=true last=false/>
}
