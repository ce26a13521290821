package dev.narrows.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/certificate/1}: what the sum of each channel can reach, and why fewer bits are not
 * enough. What may be absent is absent in certificates of older versions.
 *
 * @param network the file that it is about
 * @param bits P: the width asked for
 * @param conventions what holds for all layers, by name, such as {@code flattening}, {@code zero}
 *     and {@code bias}; a zero or bias that is left out is each layer's own
 * @param guarantee the word for what is promised: sums or terms
 * @param claim what is promised, in words
 * @param holds whether it is true
 * @param layers what it is promised of
 * @param skipped layers left out because they are pinned to exact registers, and pools
 * @param notCovered every layer of the network that nothing is promised of
 * @param outside what is done to the sums of covered layers that the promise does not cover
 */
public record CertificateResult(
    NetworkFile network,
    int bits,
    Map<String, String> conventions,
    Optional<String> guarantee,
    Optional<String> claim,
    Optional<Boolean> holds,
    List<CertifiedLayer> layers,
    List<String> skipped,
    Optional<List<UncoveredLayer>> notCovered,
    Optional<List<String>> outside)
    implements Result {
  /** Copies the collections. */
  public CertificateResult {
    layers = List.copyOf(layers);
    skipped = List.copyOf(skipped);
    notCovered = notCovered.map(List::copyOf);
    outside = outside.map(List::copyOf);
  }

  /** A certificate without what is said of it in words. */
  public CertificateResult(
      NetworkFile network,
      int bits,
      Map<String, String> conventions,
      List<CertifiedLayer> layers,
      List<String> skipped) {
    this(
        network,
        bits,
        conventions,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        layers,
        skipped,
        Optional.empty(),
        Optional.empty());
  }

  /** The same certificate of other layers. */
  public CertificateResult withLayers(List<CertifiedLayer> others) {
    return new CertificateResult(
        network, bits, conventions, guarantee, claim, holds, others, skipped, notCovered, outside);
  }

  /**
   * The certificate without witnesses, and its conventions say so: that widths are enough, not that
   * they are needed. A witness is as long as a channel has terms.
   */
  public CertificateResult withoutWitnesses() {
    Map<String, String> stated = new LinkedHashMap<>(conventions);
    stated.put("witnesses", "none");
    return new CertificateResult(
        network,
        bits,
        stated,
        guarantee,
        claim,
        holds,
        layers.stream()
            .map(layer ->
                layer.withChannels(
                    layer.channels().stream().map(CertifiedChannel::withoutWitness).toList()))
            .toList(),
        skipped,
        notCovered,
        outside);
  }

  /** The part of the certificate that is about some layers. */
  public CertificateResult ofLayers(List<String> names) {
    List<CertifiedLayer> some =
        layers.stream().filter(layer -> names.contains(layer.name())).toList();
    List<UncoveredLayer> others = new ArrayList<>(notCovered.orElse(List.of()));
    layers.stream()
        .filter(layer -> !names.contains(layer.name()))
        .forEach(layer ->
            others.add(
                new UncoveredLayer(
                    layer.name(), layer.kind().orElse(""), "left out of the certificate")));
    return new CertificateResult(
        network,
        bits,
        conventions,
        guarantee,
        claim,
        holds.map(_ -> some.stream().allMatch(layer -> layer.safe(bits))),
        some,
        skipped,
        notCovered.map(_ -> others),
        outside);
  }

  /**
   * One layer of dot products.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param zero the zero-point convention of its register
   * @param bias the bias placement of its register; "none" where there is no bias
   * @param register the narrow register that the network pins it to, if it is held to that
   * @param registerBits the width of that register
   * @param channels one after the other
   */
  public record CertifiedLayer(
      String name,
      Optional<String> kind,
      Optional<String> zero,
      Optional<String> bias,
      Optional<String> register,
      Optional<Integer> registerBits,
      List<CertifiedChannel> channels) {
    /** Copies the list. */
    public CertifiedLayer {
      channels = List.copyOf(channels);
    }

    /** A layer of which its channels are known. */
    public CertifiedLayer(String name, List<CertifiedChannel> channels) {
      this(
          name,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          channels);
    }

    /** The same layer with other channels. */
    public CertifiedLayer withChannels(List<CertifiedChannel> others) {
      return new CertifiedLayer(name, kind, zero, bias, register, registerBits, others);
    }

    /** The widest channel's width in bits. */
    public int bits() {
      return channels.stream().mapToInt(CertifiedChannel::bits).max().orElse(1);
    }

    /**
     * Whether every channel is safe in the layer's own register, or else in one of {@code asked}
     * bits.
     */
    public boolean safe(int asked) {
      return bits() <= registerBits.orElse(asked);
    }
  }

  /**
   * One output channel.
   *
   * @param inputRange [a, b]: the least and the greatest input that is multiplied
   * @param rightRange [c, d]: the same of the second factor, where that is an input too
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
      Optional<CertifiedWitness> witness) {
    /** Copies the ranges. */
    public CertifiedChannel {
      inputRange = List.copyOf(inputRange);
      rightRange = rightRange.map(List::copyOf);
    }

    /** Of a channel with weights. */
    public CertifiedChannel(
        List<Long> inputRange, long lo, long hi, int bits, Optional<CertifiedWitness> witness) {
      this(inputRange, Optional.empty(), lo, hi, bits, witness);
    }

    /** The same channel without its witness. */
    CertifiedChannel withoutWitness() {
      return new CertifiedChannel(inputRange, rightRange, lo, hi, bits, Optional.empty());
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
  public record CertifiedWitness(
      List<Long> input,
      Optional<List<Long>> right,
      List<Integer> order,
      long start,
      long write,
      int bits) {
    /** Copies the lists. */
    public CertifiedWitness {
      input = List.copyOf(input);
      right = right.map(List::copyOf);
      order = List.copyOf(order);
    }

    /** Of a channel with weights. */
    public CertifiedWitness(
        List<Long> input, List<Integer> order, long start, long write, int bits) {
      this(input, Optional.empty(), order, start, write, bits);
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.CERTIFICATE;
  }

  /** The layers that need more bits than were asked for, or than their own register has. */
  public List<CertifiedLayer> wider() {
    return layers.stream().filter(layer -> !layer.safe(bits)).toList();
  }

  /** Whether it proves that single terms fit, not sums. */
  public boolean ofTerms() {
    return "terms".equals(conventions.get("guarantee"));
  }

  /** What the table says before its rows: that the proof fails comes first. */
  private String title() {
    if (layers.isEmpty() && notCovered.isPresent()) {
      return "Certificate for %d-bit registers: nothing to prove, no layer sums in one"
          .formatted(bits);
    }
    String stated =
        claim
            .map(words -> " (guarantee %s): %s".formatted(guarantee.orElse("sums"), words))
            .orElse("");
    String proof =
        (ofTerms()
                ? "Certificate that every term fits %d-bit registers%s"
                : "Certificate for %d-bit registers%s")
            .formatted(bits, stated);
    String uncovered =
        skipped.isEmpty() || notCovered.isPresent()
            ? ""
            : "; not covered: " + String.join(" ", skipped);
    return wider().isEmpty()
        ? proof + uncovered
        : "DOES NOT HOLD, %d of %d layers need more bits: %s%s"
            .formatted(wider().size(), layers.size(), proof, uncovered);
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            title(),
            List.of(
                "layer",
                "channels",
                "lo",
                "hi",
                "bits",
                "holds",
                "register",
                "zero point",
                "bias"));
    for (CertifiedLayer layer : layers) {
      table.row(
          layer.name(),
          layer.channels().size(),
          layer.channels().stream().mapToLong(CertifiedChannel::lo).min().orElse(0),
          layer.channels().stream().mapToLong(CertifiedChannel::hi).max().orElse(0),
          layer.bits(),
          layer.safe(bits) ? "yes" : "no",
          layer.register().orElse(bits + " bits"),
          layer.zero().orElse(""),
          layer.bias().orElse(""));
    }
    List<Table> tables = new ArrayList<>(List.of(table));
    notCovered.ifPresent(
        uncovered -> tables.add(UncoveredLayer.table(uncovered, outside.orElse(List.of()))));
    return tables;
  }
}
