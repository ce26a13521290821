package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.dot.Summation;
import dev.narrows.hardware.cost.FinnUnit;
import dev.narrows.hardware.cost.NetworkUnits;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import java.util.ArrayList;
import java.util.List;

/**
 * LUTs of a network whose layers of dot products are matrix-vector units side by side, by FINN's
 * formula ({@link FinnUnit}), with registers of widths that can all be built.
 *
 * @param wide with registers of 32 bits
 * @param dataType with registers that the types alone prove to be enough, layer by layer
 * @param safe with registers that the weights prove to be enough, layer by layer: the least that
 *     can be had after training
 * @param guaranteed with the register that the network was made for where it was limited, and that
 *     of {@code safe} elsewhere
 */
record NetworkLuts(double wide, double dataType, double safe, double guaranteed) {
  /** A layer, its bounds, and whether its register was limited. */
  private record Unit(FinnUnit unit, LayerBounds bounds, boolean limited) {}

  /**
   * The LUTs of a network.
   *
   * @param bits P, of the layers that were limited to a register
   */
  static NetworkLuts of(Network network, int bits) {
    InputRanges ranges = InputRanges.of(network);
    NetworkUnits priced = NetworkUnits.of(network);
    List<Unit> units = new ArrayList<>();
    for (LayerRegister register : LayerRegisters.of(Summation.exact()).of(network)) {
      if (network.layer(register.layer()) instanceof DotLayer layer && !layer.isFloat()) {
        boolean exact =
            register.origin() == Origin.PINNED && register.accumulator() instanceof Exact;
        units.add(
            new Unit(
                priced.unit(layer.name()).orElseThrow(),
                LayerBounds.of(LayerChannels.of(network, ranges, layer, register).channels()),
                !exact));
      }
    }
    double wide = 0;
    double dataType = 0;
    double safe = 0;
    double guaranteed = 0;
    for (Unit one : units) {
      int needed = one.bounds().signSum();
      wide += one.unit().luts(NetworkUnits.WIDE_BITS);
      dataType += one.unit().luts(one.bounds().dataType());
      safe += one.unit().luts(needed);
      guaranteed += one.unit().luts(one.limited() ? bits : needed);
    }
    return new NetworkLuts(wide, dataType, safe, guaranteed);
  }
}
