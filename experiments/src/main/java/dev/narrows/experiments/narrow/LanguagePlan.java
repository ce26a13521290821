package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A register for each part of a language model.
 *
 * @param parts those that are narrow, in the order in which they were taken; all else is exact
 * @param above how far perplexity is above that of exact sums on the text of the search, in percent
 * @param share of all multiplications that are summed in a narrow register, in percent
 */
public record LanguagePlan(List<NarrowPart> parts, double above, double share) {
  /** Copies the list. */
  public LanguagePlan {
    parts = List.copyOf(parts);
  }

  /**
   * A part in a register.
   *
   * @param glob that names its layers
   * @param alone what it costs with all else exact, in percent of perplexity
   */
  public record NarrowPart(String glob, Summation register, double alone) {}

  /** The registers. */
  public LayerRegisters registers() {
    List<LayerRegisters.Rule> rules = new ArrayList<>();
    for (NarrowPart part : parts) {
      rules.add(new LayerRegisters.Rule(part.glob(), part.register()));
    }
    return new LayerRegisters(Summation.exact(), rules);
  }

  /**
   * A file for {@code --accumulators}.
   *
   * @param network the SHA-256 of the model's file
   * @param text that the search looked at
   */
  public String yaml(String network, String text) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("network: ").append(network).append('\n');
    yaml.append("registers:\n");
    for (NarrowPart part : parts) {
      yaml.append("  \"%s\": \"%s\"\n".formatted(part.glob(), part.register()));
    }
    yaml.append("  \"*\": exact\n");
    yaml.append("reasons:\n");
    for (NarrowPart part : parts) {
      yaml.append(
          String.format(
              Locale.ROOT,
              "  \"%s\": alone %+.3f %% of perplexity on %s\n",
              part.glob(),
              part.alone(),
              text));
    }
    yaml.append("  \"*\": what is left\n");
    return yaml.toString();
  }
}
