package dev.narrows.repair.network;

import dev.narrows.network.Network;
import java.util.List;

/**
 * A network under a guarantee.
 *
 * @param network the same layers by name, those that were repaired with other operands, and perhaps
 *     layers that narrow inputs
 * @param layers that sum integers, in order
 * @param notes for the user, a line each
 */
public record RepairedNetwork(Network network, List<RepairedLayer> layers, List<String> notes) {
  /** Copies the lists. */
  public RepairedNetwork {
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
  }
}
