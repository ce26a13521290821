package dev.narrows.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/certificate/1}: per channel, what its sum can reach and why fewer bits are not
 * enough.
 *
 * @param bits P: the width asked for
 * @param conventions flattening, zero, bias; one that is left out is each layer's own
 * @param skipped layers left out because they are pinned to exact registers
 */
public record CertificateResult(
    NetworkFile network,
    int bits,
    Map<String, String> conventions,
    List<CertifiedLayer> layers,
    List<String> skipped)
    implements Result {
  /** Copies the collections. */
  public CertificateResult {
    layers = List.copyOf(layers);
    skipped = List.copyOf(skipped);
  }

  /** One layer of dot products. */
  public record CertifiedLayer(String name, List<CertifiedChannel> channels) {
    /** Copies the list. */
    public CertifiedLayer {
      channels = List.copyOf(channels);
    }

    /** The widest channel's width in bits. */
    public int bits() {
      return channels.stream().mapToInt(CertifiedChannel::bits).max().orElse(1);
    }
  }

  /**
   * One output channel.
   *
   * @param inputRange [a, b]
   * @param rightRange [c, d], where the second factor is an input too
   * @param lo the least value any write can reach; of the guarantee "terms": any single term
   * @param hi the greatest
   * @param bits the narrowest register that no input, order or tree overflows, or that every term
   *     fits
   * @param witness why one bit less is not enough; absent where no narrower register exists
   */
  public record CertifiedChannel(
      List<Long> inputRange,
      Optional<List<Long>> rightRange,
      long lo,
      long hi,
      int bits,
      Optional<Witness> witness) {
    /** Copies the ranges. */
    public CertifiedChannel {
      inputRange = List.copyOf(inputRange);
      rightRange = rightRange.map(List::copyOf);
    }

    /** Of a channel with weights. */
    public CertifiedChannel(
        List<Long> inputRange, long lo, long hi, int bits, Optional<Witness> witness) {
      this(inputRange, Optional.empty(), lo, hi, bits, witness);
    }
  }

  /**
   * An input of this dot product alone, not claimed to be reachable from the network's input.
   *
   * @param input K stored codes in flattening order
   * @param right K stored codes of the second factor, where that is an input too
   * @param order indices in the order they are summed
   * @param start what the register holds before the first term
   * @param write the value that does not fit
   * @param bits the width that {@code write} does not fit
   */
  public record Witness(
      List<Long> input,
      Optional<List<Long>> right,
      List<Integer> order,
      long start,
      long write,
      int bits) {
    /** Copies the lists. */
    public Witness {
      input = List.copyOf(input);
      right = right.map(List::copyOf);
      order = List.copyOf(order);
    }

    /** Of a channel with weights. */
    public Witness(List<Long> input, List<Integer> order, long start, long write, int bits) {
      this(input, Optional.empty(), order, start, write, bits);
    }
  }

  @Override
  public String schema() {
    return "narrows/certificate/1";
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "terms".equals(conventions.get("guarantee"))
                ? "Certificate that every term fits %d-bit registers".formatted(bits)
                : "Certificate for %d-bit registers".formatted(bits),
            List.of("layer", "channels", "lo", "hi", "bits", "holds"));
    for (CertifiedLayer layer : layers) {
      table.row(
          layer.name(),
          layer.channels().size(),
          layer.channels().stream().mapToLong(CertifiedChannel::lo).min().orElse(0),
          layer.channels().stream().mapToLong(CertifiedChannel::hi).max().orElse(0),
          layer.bits(),
          layer.bits() <= bits ? "yes" : "no");
    }
    return List.of(table);
  }
}
