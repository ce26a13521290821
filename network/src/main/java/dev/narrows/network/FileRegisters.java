package dev.narrows.network;

import dev.narrows.network.layer.Layer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registers that a file's own runtime sums integers in, as they stand in the network's
 * metadata: what a layer's widths are to be compared with.
 *
 * @param bits by layer name, of the layers whose register in the runtime's reference kernels does
 *     not have {@value #USUAL} bits
 * @param optimized by layer name, of the layers whose register in its optimised kernels has others
 */
public record FileRegisters(Map<String, Integer> bits, Map<String, Integer> optimized) {
  /** The key in a network's metadata; it is there for every network of such a file. */
  public static final String KEY = "file.registers";

  /** The key of the registers that optimised kernels have and the reference has not, if any. */
  public static final String OPTIMIZED = "file.registers.optimized";

  /** Bits of the register of every other layer. */
  public static final int USUAL = 32;

  /** Metadata may hold anything: other lines say nothing. */
  private static final Pattern LINE = Pattern.compile("([1-9]\\d?) (.*)");

  public FileRegisters {
    bits = Map.copyOf(bits);
    optimized = Map.copyOf(optimized);
  }

  /** What a network's file says of its runtime's registers; empty if it says nothing. */
  public static Optional<FileRegisters> of(Network network) {
    return Optional.ofNullable(network.metadata().get(KEY))
        .map(text ->
            new FileRegisters(parse(text), parse(network.metadata().getOrDefault(OPTIMIZED, ""))));
  }

  private static Map<String, Integer> parse(String text) {
    Map<String, Integer> bits = new HashMap<>();
    text.lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> bits.putIfAbsent(line.group(2), Integer.parseInt(line.group(1))));
    return bits;
  }

  /** The bits of the register that the runtime's reference kernels sum a layer in. */
  public int bits(Layer layer) {
    return bits.getOrDefault(layer.name(), USUAL);
  }

  /** The bits of the register that its optimised kernels sum a layer in. */
  public int optimized(Layer layer) {
    return optimized.getOrDefault(layer.name(), bits(layer));
  }

  /** The entries of a network's metadata. */
  public Map<String, String> metadata() {
    return optimized.isEmpty()
        ? Map.of(KEY, text(bits))
        : Map.of(KEY, text(bits), OPTIMIZED, text(optimized));
  }

  /** A line a layer: bits, name. */
  private static String text(Map<String, Integer> bits) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(bits)
        .forEach((layer, width) -> text.append(width).append(' ').append(layer).append('\n'));
    return text.toString();
  }
}
