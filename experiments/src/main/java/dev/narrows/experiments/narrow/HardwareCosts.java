package dev.narrows.experiments.narrow;

import dev.narrows.hardware.cost.MemoryLevel;
import dev.narrows.hardware.cost.NetworkUnits;
import dev.narrows.hardware.cost.PartialSums;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.SummingLayer;

/** What one more bit of a layer's register costs in hardware; {@code cost} prints the whole. */
final class HardwareCosts {
  /** An adder and its register take a LUT a bit where a layer is no matrix-vector unit. */
  private static final double BARE_ADDER = 1;

  private static final int TILE = 64;

  private HardwareCosts() {}

  static double luts(Network network, SummingLayer layer) {
    return NetworkUnits.of(network, layer).map(unit -> unit.lutsOfABit()).orElse(BARE_ADDER);
  }

  /** Of an image, with partial sums in a memory of 32 KiB after every {@value #TILE} terms. */
  static double picojoules(Network network, SummingLayer layer) {
    int terms = LayerRegisters.terms(network, layer);
    long outputs = layer.output().elements();
    double additions = (double) outputs * terms * MemoryLevel.addition(32) / 32;
    long moved = new PartialSums(outputs, terms, TILE).moves();
    return additions + MemoryLevel.SRAM32K.picojoules(moved);
  }
}
