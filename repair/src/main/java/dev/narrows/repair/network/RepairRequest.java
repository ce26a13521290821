package dev.narrows.repair.network;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.repair.channel.Levers;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a repair.
 *
 * @param registers that no input may overflow; layers in exact ones stay as they are
 * @param guarantee sums, or single terms only
 * @param pairs an instruction that adds products two by two before the registers
 * @param exclude layers that stay as they are: names, globs, {@code first}, {@code last}
 * @param levers what may be done to a channel
 * @param target whether weights are first fitted to the repaired network's inputs
 * @param activations whether inputs of layers may become narrower
 * @param perChannel whether layers with one scale for all channels may get one a channel
 * @param allowZero whether a channel may lose all its weights
 * @param columns dot products of a layer to look at, at most about so many
 */
public record RepairRequest(
    LayerRegisters registers,
    Guarantee guarantee,
    Optional<PairInstruction> pairs,
    List<String> exclude,
    Levers levers,
    boolean target,
    NarrowInputs activations,
    boolean perChannel,
    boolean allowZero,
    int columns) {
  /** Dot products of a layer that are looked at unless a request says otherwise. */
  public static final int COLUMNS = 20_000;

  /** Copies the list. */
  public RepairRequest {
    exclude = List.copyOf(exclude);
  }

  /** Sums in these registers by every lever, inputs as they are. */
  public static RepairRequest of(LayerRegisters registers) {
    return new RepairRequest(
        registers,
        Guarantee.SUMS,
        Optional.empty(),
        List.of(),
        Levers.all(),
        true,
        NarrowInputs.keep(),
        true,
        false,
        COLUMNS);
  }

  /** The same in other registers. */
  RepairRequest in(LayerRegisters others) {
    return new RepairRequest(
        others,
        guarantee,
        pairs,
        exclude,
        levers,
        target,
        activations,
        perChannel,
        allowZero,
        columns);
  }

  /** The same but for layers that stay as they are. */
  public RepairRequest without(List<String> names) {
    return new RepairRequest(
        registers,
        guarantee,
        pairs,
        names,
        levers,
        target,
        activations,
        perChannel,
        allowZero,
        columns);
  }

  /** The same with other activations. */
  public RepairRequest with(NarrowInputs inputs) {
    return new RepairRequest(
        registers,
        guarantee,
        pairs,
        exclude,
        levers,
        target,
        inputs,
        perChannel,
        allowZero,
        columns);
  }

  /** The same with other levers. */
  public RepairRequest with(Levers others, boolean fitted) {
    return new RepairRequest(
        registers,
        guarantee,
        pairs,
        exclude,
        others,
        fitted,
        activations,
        perChannel,
        allowZero,
        columns);
  }
}
