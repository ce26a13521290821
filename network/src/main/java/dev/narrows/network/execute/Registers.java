package dev.narrows.network.execute;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.AveragePool;
import dev.narrows.network.DotLayer;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which register each layer's sums are made in.
 *
 * <p>A layer runs in the first rule whose glob matches its name, else in {@code base}. Two kinds of
 * layers are left out of {@code base} and of globs with wildcards, and change only when a rule
 * gives their exact name: layers pinned to a register of their own, and pooling, which is exact.
 *
 * @param base what every other dense and convolution layer runs in
 * @param rules tried in order
 */
public record Registers(Summation base, List<Rule> rules) {
  /**
   * A register for the layers whose names match.
   *
   * @param glob * for any run of characters, ? for one
   */
  public record Rule(String glob, Summation summation) {
    boolean names(Layer layer) {
      return glob.equals(layer.name());
    }

    boolean matches(Layer layer) {
      StringBuilder pattern = new StringBuilder();
      for (char c : glob.toCharArray()) {
        pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(layer.name()).matches();
    }
  }

  public Registers {
    rules = List.copyOf(rules);
  }

  /** Exact sums everywhere. */
  public static Registers exact() {
    return of(Summation.exact());
  }

  /** One register for every layer that is not pinned; pooling is exact. */
  public static Registers of(Summation base) {
    return new Registers(base, List.of());
  }

  /** A base and rules in the map's order. */
  public static Registers of(Summation base, Map<String, Summation> rules) {
    List<Rule> list = new ArrayList<>();
    rules.forEach((glob, summation) -> list.add(new Rule(glob, summation)));
    return new Registers(base, list);
  }

  /**
   * The registers of a network's layers that sum, in order: dense, convolution and average pooling.
   *
   * @throws IllegalArgumentException naming a rule that matches none of them
   */
  public List<LayerRegister> of(Network network) {
    List<Layer> layers = network.layers().stream().filter(Registers::sums).toList();
    for (Rule rule : rules) {
      if (layers.stream().noneMatch(layer -> rule.names(layer) || rule.matches(layer))) {
        throw new IllegalArgumentException(
            "accumulator rule \"%s\" matches no layer; layers that sum are %s"
                .formatted(rule.glob(), layers.stream().map(Layer::name).toList()));
      }
    }
    return layers.stream().map(this::of).toList();
  }

  /**
   * The register of one layer.
   *
   * @throws IllegalArgumentException if the layer sums nothing
   */
  public LayerRegister of(Layer layer) {
    if (!sums(layer)) {
      throw new IllegalArgumentException(layer.kind() + " layers have no register");
    }
    Optional<Summation> named =
        rules.stream().filter(rule -> rule.names(layer)).map(Rule::summation).findFirst();
    if (named.isPresent()) {
      return complete(layer, named.get(), Origin.NAMED);
    }
    if (layer instanceof AveragePool) {
      return complete(layer, Summation.exact(), Origin.POOLING);
    }
    if (layer instanceof DotLayer dot && dot.operands().pinned().isPresent()) {
      return complete(layer, dot.operands().pinned().get(), Origin.PINNED);
    }
    return rules.stream()
        .filter(rule -> rule.matches(layer))
        .findFirst()
        .map(rule -> complete(layer, rule.summation(), Origin.RULE))
        .orElseGet(() -> complete(layer, base, Origin.BASE));
  }

  /** Whether a layer has sums, and so a register. */
  static boolean sums(Layer layer) {
    return layer instanceof DotLayer || layer instanceof AveragePool;
  }

  private static LayerRegister complete(Layer layer, Summation asked, Origin origin) {
    ZeroPointConvention zero =
        layer instanceof DotLayer dot ? dot.operands().zero() : ZeroPointConvention.OFFSET;
    BiasPlacement bias =
        layer instanceof DotLayer dot ? dot.operands().biasPlacement() : BiasPlacement.AFTER;
    return new LayerRegister(
        layer.name(),
        asked.accumulator(),
        asked.order(),
        asked.zero().orElse(zero),
        asked.bias().orElse(bias),
        asked,
        origin);
  }
}
