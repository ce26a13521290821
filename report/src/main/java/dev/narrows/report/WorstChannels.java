package dev.narrows.report;

import java.util.List;

/**
 * The output channels that a register of {@code bits} bits hurts most, by name.
 *
 * @param bits the width of the register
 * @param channels most overflowing first, then widest sums first
 */
public record WorstChannels(int bits, List<WorstChannel> channels) {
  /** Copies the list. */
  public WorstChannels {
    channels = List.copyOf(channels);
  }

  /**
   * One output channel.
   *
   * @param layer its name
   * @param channel its number, from 0
   * @param seen the width that no dot product of these images exceeded, in the order looked at
   * @param safe the width that no input can overflow
   * @param dots dot products counted
   * @param overflowing those of them that are transient or persistent
   */
  public record WorstChannel(
      String layer, int channel, int seen, int safe, long dots, long overflowing) {}

  Table table() {
    Table table =
        new Table(
            "Worst channels in %d bits".formatted(bits),
            List.of("layer", "channel", "seen", "safe", "overflowing", "dots", "%"));
    for (WorstChannel one : channels) {
      table.row(
          one.layer(),
          one.channel(),
          one.seen(),
          one.safe(),
          one.overflowing(),
          one.dots(),
          Table.percent(one.dots() == 0 ? 0 : 100.0 * one.overflowing() / one.dots()));
    }
    return table;
  }
}
