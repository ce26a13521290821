<#import "/gradient-tile.ftl" as gradient>
<@gradient.head/>

/**
 * Up to which term a tile's gradients are cut because a sum was clamped. Where a product was
 * clamped is cheaper to find out on the way back.
 */
final class RecursiveCutTile {
  private RecursiveCutTile() {}

  /**
   * Walks forward.
   *
   * @param weights [channels][K] in the sequence of the walk
   * @param from where the first of the channels begins
   * @param at where the tile's inputs of the first term begin
   * @param notes {@link CutNotes#sums} and {@link CutNotes#last} are overwritten
   */
<@gradient.walk name="walk" products=true/>

  /** {@link #walk} where no product can be clamped. */
<@gradient.walk name="walkSums" products=false/>
}
