package dev.narrows.core.bound;

import dev.narrows.core.accumulator.Accumulator;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A claim about a network, that no input, order or tree overflows a register of {@code bits} bits,
 * nor the narrow registers that the network pins layers to, with what it takes to check it. It may
 * turn out that the claim does not hold; then {@link #breaches()} names the channels, and their
 * witnesses prove it.
 *
 * @param bits P, the width claimed to be safe
 * @param conventions what every run states: "zero" (raw, offset), "bias" (after, preload),
 *     "flattening"; a convention left out is each layer's own. "guarantee" says what is promised:
 *     sums (or nothing), or terms, see {@link Guarantee}; "taps" says "phase" where bounds of
 *     transposed convolutions are those of the taps that meet inputs together, see {@link
 *     TapPhases}; "pinned" says "replaced" where layers with narrow registers of their own are
 *     claimed to fit {@code bits} bits instead, and "plan" where each layer says which register a
 *     plan gives it
 * @see "docs/bounds.md, Certificates and witnesses"
 */
public record Certificate(
    int bits, Map<String, String> conventions, List<LayerCertificate> layers) {
  /** The order of a dot product's terms in weights and witnesses, as every report states it. */
  public static final String FLATTENING = "kernel row, kernel column, input channel";

  public Certificate {
    Accumulator.requireWidth(bits);
    conventions = Collections.unmodifiableMap(new TreeMap<>(conventions));
    layers = List.copyOf(layers);
  }

  /** A channel that needs more than the claimed width, or than its layer's own register has. */
  public record Breach(String layer, int channel, ChannelCertificate certificate) {}

  /** Whether every channel is safe in the claimed width, or in its layer's own register. */
  public boolean holds() {
    return breaches().isEmpty();
  }

  /** The channels that are not, in order. */
  public List<Breach> breaches() {
    return layers.stream()
        .flatMap(layer ->
            IntStream.range(0, layer.channels().size())
                .filter(c -> layer.channels().get(c).bits() > layer.own().orElse(bits))
                .mapToObj(c -> new Breach(layer.name(), c, layer.channels().get(c))))
        .toList();
  }
}
