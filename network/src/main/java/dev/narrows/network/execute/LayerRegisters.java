package dev.narrows.network.execute;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which register each layer's sums are made in.
 *
 * <p>A layer runs in the first rule whose glob matches its name, else in {@code base}. Two kinds of
 * layers are left out of {@code base} and of globs with wildcards, and change only when a rule
 * gives their exact name: layers pinned to a register of their own, and pooling, which is exact.
 * Conventions that a register leaves out are the layer's own: those that its pinned register
 * states, else those of its file. In a network of integers and real numbers {@code base} is for the
 * layers whose operands it takes; the others are exact.
 *
 * @param base what every other dense and convolution layer runs in
 * @param rules tried in order
 * @param factors what sums are multiplied by in binary32 as they leave the register, by layer;
 *     others by 1. Only language models take them.
 */
public record LayerRegisters(Summation base, List<Rule> rules, Map<String, Float> factors) {
  /**
   * A register for the layers whose names match.
   *
   * @param glob * for any run of characters, ? for one
   */
  public record Rule(String glob, Summation summation) {
    boolean names(String layer) {
      return glob.equals(layer);
    }

    /** Whether the layer's name matches the glob. */
    public boolean matches(String layer) {
      StringBuilder pattern = new StringBuilder();
      for (char c : glob.toCharArray()) {
        pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(layer).matches();
    }
  }

  /** Copies the list and the map. */
  public LayerRegisters {
    rules = List.copyOf(rules);
    factors = Map.copyOf(factors);
  }

  /** Sums that are taken as they are. */
  public LayerRegisters(Summation base, List<Rule> rules) {
    this(base, rules, Map.of());
  }

  /** Exact sums everywhere. */
  public static LayerRegisters exact() {
    return of(Summation.exact());
  }

  /** One register for every layer that is not pinned; pooling is exact. */
  public static LayerRegisters of(Summation base) {
    return new LayerRegisters(base, List.of());
  }

  /** A base and rules in the map's order. */
  public static LayerRegisters of(Summation base, Map<String, Summation> rules) {
    List<Rule> list = new ArrayList<>();
    rules.forEach((glob, summation) -> list.add(new Rule(glob, summation)));
    return new LayerRegisters(base, list);
  }

  /**
   * The registers of a network's layers that sum, in order: dense, convolution, products of
   * activations, and average pooling of codes.
   *
   * @throws IllegalArgumentException naming a rule that matches none of them
   * @throws OperandException naming the first layer whose register is for operands of the other
   *     kind, by a rule or because {@code base} is for no layer
   */
  public List<LayerRegister> of(Network network) {
    List<Layer> layers = network.layers().stream().filter(SummingLayer.class::isInstance).toList();
    for (Rule rule : rules) {
      if (layers.stream().noneMatch(layer -> rule.matches(layer.name()))) {
        throw new IllegalArgumentException(
            "accumulator rule \"%s\" matches no layer; layers that sum are %s"
                .formatted(rule.glob(), layers.stream().map(Layer::name).toList()));
      }
    }
    List<LayerRegister> registers = layers.stream().map(this::of).toList();
    boolean used = registers.stream().anyMatch(one -> one.origin() == Origin.BASE);
    for (int i = 0; i < registers.size() && !used; i++) {
      if (registers.get(i).origin() == Origin.OTHER_OPERANDS) {
        requireFitting(layers.get(i), base);
      }
    }
    return registers;
  }

  /** Says which layers {@code base} is not for, in a line; empty if there are none. */
  public Optional<String> leftOut(Network network) {
    List<String> others =
        of(network).stream()
            .filter(one -> one.origin() == Origin.OTHER_OPERANDS)
            .map(LayerRegister::layer)
            .toList();
    boolean floats = base.accumulator().takesFloats();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s is a register for %s: %s, which sum %s, keep exact ones (--accumulators names others)"
                .formatted(
                    base,
                    floats ? "real numbers" : "integers",
                    others.size() == 1
                        ? "layer " + others.getFirst()
                        : others.size() + " layers such as " + others.getFirst(),
                    floats ? "integers" : "real numbers"));
  }

  /**
   * The register of one layer.
   *
   * @throws IllegalArgumentException if the layer sums nothing
   * @throws OperandException if its register is for float operands
   */
  public LayerRegister of(Layer layer) {
    if (!(layer instanceof SummingLayer sums)) {
      throw new IllegalArgumentException(layer.kind() + " layers have no register");
    }
    Optional<Summation> named = named(layer.name());
    if (named.isPresent()) {
      return complete(sums, named.get(), Origin.NAMED);
    }
    if (layer instanceof AveragePool) {
      return complete(sums, Summation.exact(), Origin.POOLING);
    }
    if (sums.pinned().isPresent()) {
      return complete(sums, sums.pinned().get(), Origin.PINNED);
    }
    Optional<Summation> matched = matched(layer.name());
    if (matched.isPresent()) {
      return complete(sums, matched.get(), Origin.RULE);
    }
    return fits(layer, base)
        ? complete(sums, base, Origin.BASE)
        : complete(sums, Summation.exact(), Origin.OTHER_OPERANDS);
  }

  /**
   * What a dense or convolution layer of this name is asked to sum in.
   *
   * @param pinned whether the layer has a register of its own, which only a rule with its exact
   *     name replaces
   * @return empty where the layer's own register stays
   */
  public Optional<Summation> ofDot(String layer, boolean pinned) {
    return pinned ? named(layer) : Optional.of(matched(layer).orElse(base));
  }

  /** What a layer's sums are multiplied by as they leave the register. */
  public float factor(String layer) {
    return factors.getOrDefault(layer, 1f);
  }

  /** What a user should know of the registers asked for, a line each; empty as a rule. */
  public List<String> warnings() {
    return Stream.concat(Stream.of(base), rules.stream().map(Rule::summation))
        .map(Summation::accumulator)
        .flatMap(accumulator ->
            accumulator instanceof FloatingAccumulator floating
                ? floating.warning().stream()
                : Stream.empty())
        .distinct()
        .toList();
  }

  /** The same for a network that is a part of a larger one: without what is for no layer of it. */
  public LayerRegisters within(Network part) {
    boolean used = part.layers().stream().anyMatch(l -> l instanceof SummingLayer && fits(l, base));
    return new LayerRegisters(
        used ? base : Summation.exact(),
        rules.stream()
            .filter(rule ->
                part.layers().stream()
                    .anyMatch(layer -> layer instanceof SummingLayer && rule.matches(layer.name())))
            .toList(),
        factors);
  }

  /** The same rules with every register changed. */
  public LayerRegisters each(UnaryOperator<Summation> change) {
    return new LayerRegisters(
        change.apply(base),
        rules.stream().map(r -> new Rule(r.glob(), change.apply(r.summation()))).toList(),
        factors);
  }

  private Optional<Summation> named(String layer) {
    return rules.stream().filter(rule -> rule.names(layer)).map(Rule::summation).findFirst();
  }

  private Optional<Summation> matched(String layer) {
    Optional<Summation> named = named(layer);
    return named.isPresent()
        ? named
        : rules.stream().filter(rule -> rule.matches(layer)).map(Rule::summation).findFirst();
  }

  /**
   * K, the terms of each sum of a layer that has a register.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static int terms(Network network, Layer layer) {
    if (!(layer instanceof SummingLayer sums)) {
      throw new IllegalArgumentException(layer.kind() + " layers have no register");
    }
    return sums.terms(network.first(layer));
  }

  private static LayerRegister complete(SummingLayer layer, Summation asked, Origin origin) {
    requireFitting(layer, asked);
    return new LayerRegister(
        layer.name(),
        asked.accumulator(),
        asked.order(),
        asked.zero().orElse(layer.registerZero()),
        // without a bias, and with another number of terms at each edge, nothing can be preloaded
        layer instanceof AveragePool pool && pool.inside()
            ? BiasPlacement.AFTER
            : asked.bias().orElse(layer.registerBias()),
        asked,
        origin);
  }

  private static boolean fits(Layer layer, Summation asked) {
    boolean conventions = asked.zero().isPresent() || asked.bias().isPresent();
    return layer.output().isFloat()
        ? asked.accumulator().takesFloats() && !conventions
        : asked.accumulator().takesIntegers();
  }

  private static void requireFitting(Layer layer, Summation asked) {
    String what = "layer " + layer.name();
    boolean real = layer.output().isFloat();
    boolean conventions = asked.zero().isPresent() || asked.bias().isPresent();
    if (!real && !asked.accumulator().takesIntegers()) {
      throw OperandException.needsFloats(what, asked.accumulator());
    }
    if (real && (!asked.accumulator().takesFloats() || conventions)) {
      throw OperandException.needsIntegers(what, asked.toString());
    }
  }
}
