package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;

/**
 * The registers of one panel's outputs: {@link VectorLanes#PANEL} of them for each channel, from
 * {@code at}. They live in memory between the segments of a dot product and in vectors within one.
 */
interface RegisterPanel {
  /** Lets the registers of a channel start from {@code value}. */
  void load(int at, int value);

  /**
   * Adds the terms of the weights [from, to) one after the other.
   *
   * @param base where the panel begins among the inputs
   */
  void add(int from, int to, int base, int at);

  /**
   * The share of weights that are not zero from which on {@link #addGroup} is faster; more than 1
   * where there is no such tile.
   */
  default double leastShare() {
    return 2;
  }

  /**
   * Adds a segment's terms of all channels of a group, whose registers follow each other.
   *
   * @param channel the group's first
   * @param base where the panel begins among the inputs
   * @param at where the registers of the first channel begin
   */
  default void addGroup(ChannelGroups groups, int channel, int segment, int base, int at) {
    throw new UnsupportedOperationException("no tile of several channels");
  }

  /** Copies what {@code width} registers hold. */
  void read(int at, int[] target, int targetAt, int width);

  /** Registers that remember the smallest and the largest value they have held. */
  interface Tracking extends RegisterPanel {
    /**
     * ORs the folds ({@link dev.narrows.core.format.Widths#fold}) of both extremes into {@code
     * folds}: its bit length is then that of the widest value held.
     */
    void path(int at, int[] folds, int width);

    /** Whether these registers were wide enough since they were loaded. */
    boolean faithful(int at, int width);
  }
}
