<#import "/gradient-tile.ftl" as gradient>
<@gradient.head/>

/** Which gradients of a tile are cut, by any masks together. */
final class MixedCutTile {
  private MixedCutTile() {}

  /** As {@link RecursiveCutTile#walk}; overwrites all but {@link CutNotes#chunks}. */
<@gradient.walk name="walk" products=true moves=true overflows=true/>
}
