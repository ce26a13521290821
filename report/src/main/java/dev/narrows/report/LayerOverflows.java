package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a layer's dot products fare at every width, each layer's inputs taken from exact execution.
 *
 * @param order of the additions, in text form; {@code sequential} if nothing else was asked for
 * @param zero the zero-point convention, raw or offset
 * @param bias where the bias is added: after or preload
 * @param dots dot products counted; each row of {@code widths} adds up to them
 * @param widths how they fare in registers of each width, narrowest first
 * @param channels the same for each output channel, if asked for
 * @param channelWidths the width that the widest partial sum of each channel needed, in bits;
 *     absent in results of older versions
 */
public record LayerOverflows(
    String order,
    String zero,
    String bias,
    long dots,
    List<WidthCount> widths,
    Optional<List<ChannelProfile>> channels,
    Optional<List<Integer>> channelWidths) {
  /** Copies the lists. */
  public LayerOverflows {
    widths = List.copyOf(widths);
    channels = channels.map(List::copyOf);
    channelWidths = channelWidths.map(List::copyOf);
  }

  /** Nothing known of the width of each channel but what the channels' own counts say. */
  public LayerOverflows(
      String order,
      String zero,
      String bias,
      long dots,
      List<WidthCount> widths,
      Optional<List<ChannelProfile>> channels) {
    this(order, zero, bias, dots, widths, channels, Optional.empty());
  }

  /**
   * Dot products by what happens to them in a register of one width.
   *
   * @param bits P, the width of the register
   * @param clean dot products that never leave it
   * @param transientDots dot products that leave it on the way, though their final sum fits
   * @param persistent dot products whose final sum does not fit
   */
  public record WidthCount(
      int bits, long clean, @JsonProperty("transient") long transientDots, long persistent) {}

  /**
   * The dot products of one output channel.
   *
   * @param channel its number, from 0
   * @param dots dot products counted
   * @param widths as those of the layer
   */
  public record ChannelProfile(int channel, long dots, List<WidthCount> widths) {
    /** Copies the list. */
    public ChannelProfile {
      widths = List.copyOf(widths);
    }
  }

  /** The classes for P = 2 to {@code widest}. */
  public static List<WidthCount> widths(OverflowProfile profile, int widest) {
    List<WidthCount> rows = new ArrayList<>();
    for (int bits = 2; bits <= widest; bits++) {
      rows.add(
          new WidthCount(
              bits,
              profile.count(OverflowClass.CLEAN, bits),
              profile.count(OverflowClass.TRANSIENT, bits),
              profile.count(OverflowClass.PERSISTENT, bits)));
    }
    return rows;
  }

  /** The least width listed at which every dot product is clean, the widest one if none is. */
  public int widestSum() {
    return widths.stream()
        .filter(width -> width.clean() == dots)
        .mapToInt(WidthCount::bits)
        .min()
        .orElseGet(() -> widths.stream().mapToInt(WidthCount::bits).max().orElse(1));
  }

  Table table(String layer) {
    Table table =
        new Table(
            "%s: %,d dot products in %s order".formatted(layer, dots, order),
            List.of("layer", "bits", "clean", "transient", "persistent"));
    for (WidthCount width : widths) {
      table.row(layer, width.bits(), width.clean(), width.transientDots(), width.persistent());
    }
    return table;
  }
}
