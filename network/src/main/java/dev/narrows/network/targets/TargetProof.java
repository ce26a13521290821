package dev.narrows.network.targets;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.Uncovered;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What bounds say of a network on a target: of every layer that sums integers in one of its
 * registers. Pairs of products are looked at elsewhere.
 *
 * @param layers in the network's order
 * @param floats layers that sum floats in a floating-point register: nothing is proved of them
 * @param leftOut layers that sum, but in no register of the target
 * @param chunks by layer in a register with a wide one behind it, the largest n whose chunks of n
 *     terms are all safe in it
 */
public record TargetProof(
    Target target,
    List<LayerProof> layers,
    List<LayerRegister> floats,
    List<LeftOut> leftOut,
    Map<String, Integer> chunks) {
  public TargetProof {
    layers = List.copyOf(layers);
    floats = List.copyOf(floats);
    leftOut = List.copyOf(leftOut);
    chunks = Collections.unmodifiableMap(new LinkedHashMap<>(chunks));
  }

  /**
   * A layer of which nothing is said.
   *
   * @param reason in words
   */
  public record LeftOut(Layer layer, String reason) {}

  /**
   * Looks at a network.
   *
   * @throws IllegalArgumentException naming a rule that matches no layer that sums
   * @throws LayerArithmeticException if sums of a layer can leave 64 bits
   */
  public static TargetProof of(Network network, Target target) {
    List<SummingLayer> summing =
        network.layers().stream()
            .filter(SummingLayer.class::isInstance)
            .map(SummingLayer.class::cast)
            .toList();
    requireMatches(target, summing);
    InputRanges ranges = InputRanges.of(network);
    List<LayerProof> layers = new ArrayList<>();
    List<LayerRegister> floats = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    Map<String, Integer> chunks = new LinkedHashMap<>();
    for (SummingLayer layer : summing) {
      Optional<Summation> asked = target.asked(layer).or(layer::pinned);
      Optional<String> why = leftOut(layer, asked);
      if (why.isPresent()) {
        leftOut.add(new LeftOut(layer, why.get()));
        continue;
      }
      LayerRegister register = Target.register(layer, asked.orElseThrow());
      if (layer.isFloat()) {
        floats.add(register);
      } else {
        layers.add(LayerProof.of(network, ranges, layer, register));
        if (register.order().outerBits().isPresent() && layer instanceof DotLayer) {
          chunks.put(layer.name(), CertifyParts.largestChunk(network, ranges, layer, register));
        }
      }
    }
    return new TargetProof(target, layers, floats, leftOut, chunks);
  }

  private static Optional<String> leftOut(SummingLayer layer, Optional<Summation> asked) {
    if (asked.isEmpty()) {
      return Optional.of(Uncovered.POOLING.reason());
    }
    boolean floats = layer.isFloat();
    Summation register = asked.get();
    if (register.accumulator() instanceof Exact) {
      return Optional.of(
          layer.pinned().isPresent() ? Uncovered.PINNED.reason() : "sums in an exact register");
    }
    if (floats != register.accumulator().takesFloats()) {
      return Optional.of(
          floats
              ? "sums floating-point numbers, for which the target has no register"
              : "sums integers, for which the target has no register");
    }
    return Optional.empty();
  }

  private static void requireMatches(Target target, List<SummingLayer> layers) {
    if (layers.isEmpty()) {
      return; // there is nothing to match
    }
    target.registers().rules().forEach(rule -> requireMatch(rule.glob(), layers, rule::matches));
    target.pairs().forEach(rule -> requireMatch(rule.glob(), layers, rule::matches));
  }

  private static void requireMatch(
      String glob, List<SummingLayer> layers, Predicate<String> matches) {
    if (layers.stream().noneMatch(layer -> matches.test(layer.name()))) {
      throw new IllegalArgumentException("\"" + glob + "\" matches no layer that sums");
    }
  }
}
