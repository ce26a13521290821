package dev.narrows.network.targets;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.SummingLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a piece of hardware sums in: a register for every layer, and instructions that add two
 * products in 16 bits before it.
 *
 * @param name what the user wrote, or the name that a file gives it
 * @param words the same for people
 * @param registers by layer
 * @param pairs which layers add products by twos first; the first rule that matches counts
 * @param everywhere whether layers pinned to registers of their own and pooling run in it too;
 *     otherwise they keep theirs, unless a rule gives their exact name
 */
public record Target(
    String name, String words, LayerRegisters registers, List<PairRule> pairs, boolean everywhere) {
  /** The targets that have names, beside plain widths. */
  public static final List<String> NAMES =
      List.of("16", "24", "32", "vpmaddubsw", "smlal", "fhe16");

  /** What holds the sums of pairs: 32 bits that wrap around, as on every processor. */
  private static final Summation WIDE =
      new Summation(new Wrapping(32), new SummationOrder.Sequential());

  /** Copies the rules. */
  public Target {
    pairs = List.copyOf(pairs);
  }

  /**
   * An instruction for the layers whose names match.
   *
   * @param glob * for any run of characters, ? for one
   */
  public record PairRule(String glob, PairInstruction instruction) {
    /** Whether a layer's name matches. */
    public boolean matches(String layer) {
      return new LayerRegisters.Rule(glob, WIDE).matches(layer);
    }
  }

  /** One register for every layer that has none of its own. */
  public static Target of(String name, String words, Summation register) {
    return new Target(name, words, LayerRegisters.of(register), List.of(), false);
  }

  /** An instruction for pairs in every layer, and 32 bits behind it. */
  public static Target of(PairInstruction instruction, String name) {
    return new Target(
        name,
        "pairs of products in 16 bits by " + instruction.instruction() + ", then 32 bits",
        LayerRegisters.of(WIDE),
        List.of(new PairRule("*", instruction)),
        false);
  }

  /**
   * Registers of P bits, of which nothing else is known. No running sum may leave them, which is
   * enough whether they saturate or wrap around; so they are looked at as saturating ones.
   *
   * @param bits P, 2 to 62
   */
  public static Target ofBits(int bits) {
    return of(
        String.valueOf(bits),
        bits + "-bit registers",
        new Summation(new Saturating(bits), new SummationOrder.Sequential()));
  }

  /**
   * The target of a name: a plain width, {@code vpmaddubsw}, {@code smlal} or {@code fhe16}; empty
   * if it has none.
   *
   * @throws IllegalArgumentException if it is a width that no register has
   */
  public static Optional<Target> named(String name) {
    if (name.matches("\\d{1,9}")) {
      return Optional.of(ofBits(Integer.parseInt(name)));
    }
    return name.equals("fhe16")
        ? Optional.of(homomorphic(name, 16))
        : PairInstruction.named(name).map(instruction -> of(instruction, name));
  }

  /**
   * Table lookups of fully homomorphic encryption: sums wrap around on the way, and must fit, bias
   * included, where they are looked up. There is no other register, for no layer.
   */
  private static Target homomorphic(String name, int bits) {
    Summation register =
        new Summation(
            new Wrapping(bits),
            new SummationOrder.Sequential(),
            Optional.empty(),
            Optional.of(BiasPlacement.PRELOAD));
    return new Target(
        name,
        "table lookups of %d bits in homomorphic encryption".formatted(bits),
        LayerRegisters.of(register),
        List.of(),
        true);
  }

  /** The register behind pairs where a file names none. */
  public static Summation wide() {
    return WIDE;
  }

  /** The instruction that adds a layer's products by twos, if one does. */
  public Optional<PairInstruction> pairsOf(String layer) {
    return pairs.stream()
        .filter(rule -> rule.matches(layer))
        .map(PairRule::instruction)
        .findFirst();
  }

  /** What a layer is asked to sum in; empty where its own register stays. */
  Optional<Summation> asked(SummingLayer layer) {
    boolean own = layer.pinned().isPresent() || layer instanceof AveragePool;
    return registers.ofDot(layer.name(), own && !everywhere);
  }

  /** A layer's register with every convention decided. */
  static LayerRegister register(SummingLayer layer, Summation asked) {
    return LayerRegisters.of(Summation.exact(), Map.of(layer.name(), asked)).of(layer);
  }

  /** Whether it asks for floating-point registers somewhere, of which nothing is proved. */
  public boolean takesFloats() {
    return !registers.base().accumulator().takesIntegers()
        || registers.rules().stream()
            .anyMatch(rule -> !rule.summation().accumulator().takesIntegers());
  }
}
