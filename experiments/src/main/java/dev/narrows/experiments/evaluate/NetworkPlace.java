package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;

/** Where networks are run, if not in this process. What a run gives does not depend on it. */
@FunctionalInterface
public interface NetworkPlace {
  /**
   * What runs a network there.
   *
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   */
  NetworkRunner runner(Network network, LayerRegisters registers);
}
