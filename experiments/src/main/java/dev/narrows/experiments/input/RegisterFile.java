package dev.narrows.experiments.input;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A register for each layer, as users and {@code narrow} write it: a glob for names, then the text,
 * the first that matches counts; a plan has the same under {@code registers}, beside what it is for
 * and why.
 *
 * <pre>
 * network: 0f3a…          # SHA-256 of the file that the plan is for
 * registers:
 *   "conv*": int17:saturate
 * reasons:
 *   "conv*": 16 bits would lose 2.1 points
 * </pre>
 *
 * @param file it was read from
 * @param rules in the file's order
 * @param network the SHA-256 of the network that they were chosen for; empty: any
 */
public record RegisterFile(Path file, List<LayerRegisters.Rule> rules, Optional<String> network) {
  /** What a plan may say. */
  private static final Set<String> KEYS =
      Set.of("name", "network", "promise", "registers", "reasons", "everywhere");

  /** Copies the list. */
  public RegisterFile {
    rules = List.copyOf(rules);
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException naming the file, the place and what was expected there
   */
  public static RegisterFile read(Path file) {
    YamlMap map = YamlFile.read(file);
    boolean plan = map.get("registers").filter(v -> v instanceof YamlValue.Mapping).isPresent();
    if (!plan) {
      return new RegisterFile(file, rules(map), Optional.empty());
    }
    map.only(KEYS.toArray(String[]::new));
    return new RegisterFile(
        file, rules(map.require("registers").map()), map.get("network").map(YamlValue::text));
  }

  /** The registers that a map gives. */
  public static List<LayerRegisters.Rule> rules(YamlMap map) {
    return map.keys().stream()
        .map(glob -> new LayerRegisters.Rule(glob, map.require(glob).parsed(Summation::parse)))
        .toList();
  }

  /**
   * Refuses a plan that was made for another network.
   *
   * @param sha256 of the network's file
   * @throws BadInputException then
   */
  public void requireFor(String sha256) {
    network
        .filter(own -> !own.equalsIgnoreCase(sha256))
        .ifPresent(own -> {
          throw BadInputException.in(
              file,
              "is a plan for another network: for the file with SHA-256 %s…, and this one has %s…; take \"network\" out to use it all the same"
                  .formatted(start(own), start(sha256)));
        });
  }

  private static String start(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }
}
