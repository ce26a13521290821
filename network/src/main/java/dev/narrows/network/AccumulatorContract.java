package dev.narrows.network;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a file promises of one layer's register, beside the layer itself: how many bits its sums
 * need, under which conventions, and the proof's hash. Whoever reads the file can compute the proof
 * again from weights and ranges, so the promise is checked, not believed.
 *
 * @param bits the least width in which no sum overflows
 * @param guarantee what is promised of that width
 * @param zero what the register sums: codes less zero point, or stored codes
 * @param bias whether the register holds the bias
 * @param certificate SHA-256 of the layer's proof, 64 lower-case hexadecimal digits
 * @see "docs/onnx.md, The accumulator as a contract"
 */
public record AccumulatorContract(
    int bits,
    Guarantee guarantee,
    ZeroPointConvention zero,
    BiasPlacement bias,
    String certificate) {
  /** What the keys in a file begin with. */
  public static final String PREFIX = "narrows.accumulator.";

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern WIDTH = Pattern.compile("[1-9][0-9]?");
  private static final String HASH = "sha256:";

  public AccumulatorContract {
    if (bits < 1 || bits > 64 || !DIGITS.matcher(certificate).matches()) {
      throw new IllegalArgumentException(
          "a contract has 1 to 64 bits and a SHA-256, got %d and \"%s\""
              .formatted(bits, certificate));
    }
  }

  /** The entries of a node's properties. */
  public Map<String, String> properties() {
    return new TreeMap<>(
        Map.of(
            PREFIX + "bits", Integer.toString(bits),
            PREFIX + "guarantee", guarantee.toString(),
            PREFIX + "zero", zero.toString(),
            PREFIX + "bias", bias.toString(),
            PREFIX + "certificate", HASH + certificate));
  }

  /** One line: bits, guarantee, conventions and hash. */
  @Override
  public String toString() {
    return "%d %s %s %s %s%s".formatted(bits, guarantee, zero, bias, HASH, certificate);
  }

  /** The contract among a node's properties; empty if there is none, or none that can be read. */
  public static Optional<AccumulatorContract> of(Map<String, String> properties) {
    return of(
        properties.getOrDefault(PREFIX + "bits", ""),
        properties.getOrDefault(PREFIX + "guarantee", ""),
        properties.getOrDefault(PREFIX + "zero", ""),
        properties.getOrDefault(PREFIX + "bias", ""),
        properties.getOrDefault(PREFIX + "certificate", ""));
  }

  /** The contract of a line; empty if it cannot be read. */
  static Optional<AccumulatorContract> of(String line) {
    String[] words = line.split(" ", -1);
    return words.length == 5
        ? of(words[0], words[1], words[2], words[3], words[4])
        : Optional.empty();
  }

  private static Optional<AccumulatorContract> of(
      String bits, String guarantee, String zero, String bias, String certificate) {
    Optional<Guarantee> promised = named(Guarantee.values(), guarantee);
    Optional<ZeroPointConvention> zeros = named(ZeroPointConvention.values(), zero);
    Optional<BiasPlacement> placement = named(BiasPlacement.values(), bias);
    boolean readable =
        WIDTH.matcher(bits).matches()
            && Integer.parseInt(bits) <= 64
            && certificate.startsWith(HASH)
            && DIGITS.matcher(certificate.substring(HASH.length())).matches()
            && promised.isPresent()
            && zeros.isPresent()
            && placement.isPresent();
    return readable
        ? Optional.of(
            new AccumulatorContract(
                Integer.parseInt(bits),
                promised.orElseThrow(),
                zeros.orElseThrow(),
                placement.orElseThrow(),
                certificate.substring(HASH.length())))
        : Optional.empty();
  }

  private static <E extends Enum<E>> Optional<E> named(E[] values, String word) {
    return Arrays.stream(values).filter(value -> value.toString().equals(word)).findFirst();
  }
}
