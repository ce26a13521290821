package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** How a language model is taken apart: what is put into a register at a time. */
public enum LanguageParts {
  /** Everything of a kind: all products with the matrix {@code feed.down}, all scores. */
  KINDS(name -> name.replaceFirst("^layer\\d+\\.", "*.")),
  /** Everything in a layer; the classifier is one of its own. */
  LAYERS(name -> name.replaceFirst("^(layer\\d+)\\..*", "$1.*")),
  /** Every product by itself. */
  PRODUCTS(name -> name);

  private final Function<String, String> glob;

  LanguageParts(Function<String, String> glob) {
    this.glob = glob;
  }

  /**
   * The parts of a word.
   *
   * @throws BadInputException if it is none of theirs
   */
  public static LanguageParts parse(String option, String word) {
    for (LanguageParts one : values()) {
      if (one.toString().equals(word)) {
        return one;
      }
    }
    throw new BadInputException(
        "%s: expected kinds, layers or products, found \"%s\"".formatted(option, word));
  }

  /**
   * The parts that are not exact in these registers, each by the glob that names it.
   *
   * @param sums a network of the layers that sum
   * @return each part in its registers and everything else exact, in the order of execution
   */
  public Map<String, LayerRegisters> of(LayerRegisters registers, Network sums) {
    Map<String, List<LayerRegisters.Rule>> rules = new LinkedHashMap<>();
    for (LayerRegister layer : registers.of(sums)) {
      if (!(layer.accumulator() instanceof Exact)) {
        rules
            .computeIfAbsent(glob.apply(layer.layer()), _ -> new ArrayList<>())
            .add(new LayerRegisters.Rule(layer.layer(), layer.asked()));
      }
    }
    Map<String, LayerRegisters> parts = new LinkedHashMap<>();
    rules.forEach((part, of) -> {
      Map<String, Float> factors = new HashMap<>(registers.factors());
      factors.keySet().retainAll(of.stream().map(LayerRegisters.Rule::glob).toList());
      parts.put(part, new LayerRegisters(Summation.exact(), of, factors));
    });
    return parts;
  }

  /** The word of an option. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
