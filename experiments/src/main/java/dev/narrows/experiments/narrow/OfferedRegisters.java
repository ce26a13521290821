package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.targets.Target;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The registers that a plan may give to a layer: one kind in several widths. A target may have wide
 * registers of another kind besides, which is all the same where nothing overflows them.
 *
 * @param widths ascending
 * @param way how they sum; its width does not matter
 * @param others registers of another kind, by their width; no input may overflow them
 */
public record OfferedRegisters(
    List<Integer> widths, Summation way, Map<Integer, Summation> others) {
  /**
   * Copies and sorts.
   *
   * @throws BadInputException if there is none
   */
  public OfferedRegisters {
    widths = widths.stream().distinct().sorted().toList();
    others = Map.copyOf(others);
    if (way.order().lanes().isPresent()
        || others.values().stream().anyMatch(other -> other.order().lanes().isPresent())) {
      throw new BadInputException(
          "--order, --registers: lanes of a SIMD kernel have widths of their own, and narrow chooses"
              + " one; certify --target proves them");
    }
    if (widths.isEmpty()) {
      throw new BadInputException("--registers: none is offered");
    }
  }

  /** One kind of register. */
  public static OfferedRegisters of(List<Integer> widths, Summation way) {
    return new OfferedRegisters(widths, way, Map.of());
  }

  /**
   * All registers that a target names, for whichever layers, offered to every layer.
   *
   * @throws BadInputException if a register is no integer one, products are added by twos first, or
   *     two kinds have the same width
   */
  public static OfferedRegisters of(Target target) {
    if (!target.pairs().isEmpty()) {
      throw new BadInputException(
          "--registers: target %s adds products by twos, which is no register of a layer; repair --pairs makes them safe"
              .formatted(target.name()));
    }
    List<Summation> registers =
        Stream.concat(
                Stream.of(target.registers().base()),
                target.registers().rules().stream().map(LayerRegisters.Rule::summation))
            .filter(register -> !register.equals(Summation.exact()))
            .distinct()
            .sorted(Comparator.comparingInt(register -> register.accumulator().bits()))
            .toList();
    if (registers.isEmpty() || registers.stream().anyMatch(r -> r.accumulator().takesFloats())) {
      throw new BadInputException(
          "--registers: target %s has other registers than of integers".formatted(target.name()));
    }
    Summation way = registers.getFirst();
    Map<Integer, Summation> others = new HashMap<>();
    for (Summation register : registers) {
      int bits = register.accumulator().bits();
      boolean twice =
          registers.stream().filter(other -> other.accumulator().bits() == bits).count() > 1;
      if (twice) {
        throw new BadInputException(
            "--registers: target %s has two kinds of %d-bit registers; narrow chooses by width"
                .formatted(target.name(), bits));
      }
      if (!register.equals(way.withBits(bits))) {
        others.put(bits, register);
      }
    }
    return new OfferedRegisters(
        registers.stream().map(register -> register.accumulator().bits()).toList(), way, others);
  }

  /** The register of a width. */
  Summation register(int bits) {
    return others.getOrDefault(bits, way.withBits(bits));
  }

  /**
   * Refuses registers of another kind that something might overflow.
   *
   * @param safe the width that no input overflows, in the layer that needs most
   * @throws BadInputException then
   */
  void requireOneKind(int safe) {
    others.forEach((bits, register) -> {
      if (bits < safe) {
        throw new BadInputException(
            "--registers: %s sums otherwise than %s, and some layer needs %d bits; narrow chooses among one kind"
                .formatted(register, way.withBits(widths.getFirst()), safe));
      }
    });
  }
}
