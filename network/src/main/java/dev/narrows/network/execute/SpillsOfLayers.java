package dev.narrows.network.execute;

import dev.narrows.core.dot.SpillCount;

/**
 * Is told how often the spilling registers of a layer spilled, block by block; counts add. Threads
 * call it at once.
 */
@FunctionalInterface
public interface SpillsOfLayers {
  /** More dot products of a layer. */
  void add(String layer, SpillCount spills);
}
