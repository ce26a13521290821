package dev.narrows.network;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a file promises of its layers' registers, as it stands in the network's metadata.
 *
 * @param layers by layer name
 */
public record FileAccumulators(Map<String, AccumulatorContract> layers) {
  /** The key in a network's metadata. */
  public static final String KEY = "file.accumulators";

  /** The model's property in files whose nodes have none: a line a layer. */
  public static final String PROPERTY = "narrows.accumulators";

  private static final int WORDS = 5;

  public FileAccumulators {
    layers = Map.copyOf(layers);
  }

  /** What a network's file promises; empty if it promises nothing. */
  public static Optional<FileAccumulators> of(Network network) {
    return Optional.ofNullable(network.metadata().get(KEY)).map(FileAccumulators::of);
  }

  /** The promises of a text with a line a layer; lines that cannot be read say nothing. */
  public static FileAccumulators of(String text) {
    Map<String, AccumulatorContract> layers = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          String[] words = line.split(" ", WORDS + 1);
          if (words.length == WORDS + 1) {
            String contract = line.substring(0, line.length() - words[WORDS].length() - 1);
            AccumulatorContract.of(contract)
                .ifPresent(read -> layers.putIfAbsent(words[WORDS], read));
          }
        });
    return new FileAccumulators(layers);
  }

  /** A line a layer: bits, guarantee, conventions, hash, name. */
  public String text() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(layers)
        .forEach((layer, contract) -> text.append(contract).append(' ').append(layer).append('\n'));
    return text.toString();
  }

  /** The entry of a network's metadata. */
  public Map<String, String> metadata() {
    return layers.isEmpty() ? Map.of() : Map.of(KEY, text());
  }
}
