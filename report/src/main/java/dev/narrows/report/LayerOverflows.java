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
 * @param order in text form, {@code sequential} included
 * @param zero raw or offset
 * @param bias after or preload
 * @param dots how many were counted; each row of {@code widths} adds up to it
 * @param channels the same per output channel, where asked for
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
   * One width's classes.
   *
   * @param bits P
   */
  public record WidthCount(
      int bits, long clean, @JsonProperty("transient") long transientDots, long persistent) {}

  /** One output channel's classes. */
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
