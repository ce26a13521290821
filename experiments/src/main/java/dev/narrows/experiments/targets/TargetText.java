package dev.narrows.experiments.targets;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.network.targets.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads what a user writes for a target: a name, a width, the text of a register, or the path of a
 * YAML file.
 *
 * <pre>
 * name: my-dsp
 * registers:        # by layer, as in --accumulators; what no glob matches sums exactly
 *   "conv*": int16:saturate
 *   "*": int32:wrap
 * reductions:       # by layer: instructions that add products by twos in 16 bits first
 *   "conv*": vpmaddubsw
 * everywhere: false # true: also layers with registers of their own, and pooling
 * </pre>
 */
public final class TargetText {
  private TargetText() {}

  /**
   * The target that a text names.
   *
   * @throws BadInputException in one line: no such target, or a wrong file with its place
   */
  public static Target parse(String text) {
    Path file = Path.of(text);
    if (text.endsWith(".yaml") || text.endsWith(".yml") || Files.isRegularFile(file)) {
      return read(file);
    }
    try {
      return Target.named(text).orElseGet(() -> register(text));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "--target: expected a width such as 16, %s, a register such as int12:saturate:sorted, or a YAML file: %s"
              .formatted(
                  String.join(", ", Target.NAMES.stream().filter(n -> !n.matches("\\d+")).toList()),
                  e.getMessage()),
          e);
    }
  }

  private static Target register(String text) {
    Summation register = Summation.parse(text);
    String words = register.accumulator().bits() + "-bit registers, " + register.wayInWords();
    return Target.of(text.strip(), words, register);
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException naming the file, the place and what was expected there
   */
  static Target read(Path file) {
    YamlMap map =
        YamlFile.read(file)
            .only(
                "name",
                "registers",
                "reductions",
                "everywhere",
                "network", // a plan is a target too
                "promise",
                "reasons");
    List<LayerRegisters.Rule> rules =
        map.get("registers").map(YamlValue::map).map(RegisterFile::rules).orElse(List.of());
    List<Target.PairRule> pairs =
        map.get("reductions").map(YamlValue::map).map(TargetText::pairs).orElse(List.of());
    if (rules.isEmpty() && pairs.isEmpty()) {
      throw map.place()
          .error("expected registers or reductions, each a glob and what it stands for");
    }
    Summation base = rules.isEmpty() ? Target.wide() : Summation.exact();
    String name = map.get("name").map(YamlValue::text).orElse(file.toString());
    return new Target(
        name,
        rules.isEmpty() ? "pairs of products in 16 bits, then 32 bits" : "registers by layer",
        new LayerRegisters(base, rules),
        pairs,
        map.get("everywhere").map(YamlValue::flag).orElse(false));
  }

  private static List<Target.PairRule> pairs(YamlMap map) {
    return map.keys().stream()
        .map(glob -> new Target.PairRule(glob, map.require(glob).parsed(TargetText::instruction)))
        .toList();
  }

  private static PairInstruction instruction(String name) {
    return PairInstruction.named(name)
        .orElseThrow(() ->
            new IllegalArgumentException("expected vpmaddubsw or smlal, found \"" + name + "\""));
  }
}
