package dev.narrows.network.pass;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes registers that were chosen for a run part of the network: from then on its layers run in
 * them, whatever a run asks for.
 */
public final class PinRegisters {
  private PinRegisters() {}

  /**
   * The network with every layer pinned that {@code registers} names and does not leave exact.
   *
   * @throws IllegalArgumentException if a rule matches no layer, or names layers that hold no
   *     register: products of activations, and pooling
   */
  public static Network of(Network network, LayerRegisters registers) {
    Network pinned = network;
    List<String> unable = new ArrayList<>();
    for (LayerRegister register : registers.of(network)) {
      boolean asked = register.origin() == Origin.RULE || register.origin() == Origin.NAMED;
      if (!asked || register.accumulator() instanceof Exact) {
        continue;
      }
      int index = network.layers().indexOf(network.layer(register.layer()));
      if (network.layers().get(index) instanceof DotLayer dot) {
        pinned = pinned.withLayer(index, pinned(dot, register));
      } else {
        unable.add(register.layer());
      }
    }
    if (!unable.isEmpty()) {
      throw new IllegalArgumentException(
          "only dense and convolution layers hold a register, not " + String.join(", ", unable));
    }
    return pinned;
  }

  private static DotLayer pinned(DotLayer layer, LayerRegister register) {
    return layer.withOperands(
        switch (layer.operands()) {
          case IntegerOperands integers -> integers.pinnedTo(register.asked());
          case FloatOperands floats -> floats.pinnedTo(register.asked());
        });
  }
}
