package dev.narrows.hardware.cost;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A network's layers of integer dot products as matrix-vector units side by side, one channel and
 * some terms a cycle each.
 *
 * @param units by the name of the layer, in the network's order
 */
public record NetworkUnits(Map<String, FinnUnit> units) {
  /** Terms that a unit takes at once unless somebody says otherwise. */
  public static final int SIMD = 4;

  /** What stands for a register that is exact: nobody builds 64 bits. */
  public static final int WIDE_BITS = 32;

  /** Keeps the order. */
  public NetworkUnits {
    units = new LinkedHashMap<>(units);
  }

  /** The units of a network, of one channel and {@link #SIMD} terms. */
  public static NetworkUnits of(Network network) {
    InputRanges ranges = InputRanges.of(network);
    Map<String, FinnUnit> units = new LinkedHashMap<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      unit(network, ranges, register).ifPresent(unit -> units.put(register.layer(), unit));
    }
    return new NetworkUnits(units);
  }

  /** The unit of one layer; empty if it is no layer of integer weights. */
  public static Optional<FinnUnit> of(Network network, SummingLayer layer) {
    return LayerRegisters.exact().of(network).stream()
        .filter(register -> register.layer().equals(layer.name()))
        .findFirst()
        .flatMap(register -> unit(network, InputRanges.of(network), register));
  }

  private static Optional<FinnUnit> unit(
      Network network, InputRanges ranges, LayerRegister register) {
    return network.layer(register.layer()) instanceof DotLayer layer && !layer.isFloat()
        ? Optional.of(LayerUnit.of(network, ranges, layer, register, 1, SIMD).unit())
        : Optional.empty();
  }

  /** Whether the formula covers a register: an order that depends on the terms needs more units. */
  private static boolean priced(LayerRegister register) {
    return !(register.accumulator() instanceof FloatAccumulator)
        && (register.order() instanceof SummationOrder.Sequential
            || register.accumulator().orderFree());
  }

  /** The unit of a layer, if it has one. */
  public Optional<FinnUnit> unit(String layer) {
    return Optional.ofNullable(units.get(layer));
  }

  /**
   * LUTs of all units with these registers, exact ones built with {@link #WIDE_BITS} bits.
   *
   * @return empty if there is no unit, or a layer sums in a floating-point register or in an order
   *     that its unit cannot keep
   */
  public OptionalDouble luts(List<LayerRegister> registers) {
    double luts = 0;
    if (units.isEmpty() || !registers.stream().allMatch(NetworkUnits::priced)) {
      return OptionalDouble.empty();
    }
    for (LayerRegister register : registers) {
      FinnUnit unit = units.get(register.layer());
      if (unit != null) {
        luts +=
            register.accumulator() instanceof Exact
                ? unit.luts(WIDE_BITS)
                : unit.luts(register.accumulator());
      }
    }
    return OptionalDouble.of(luts);
  }
}
