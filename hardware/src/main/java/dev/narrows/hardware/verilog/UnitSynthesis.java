package dev.narrows.hardware.verilog;

import dev.narrows.hardware.tools.ToolTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Units of FINN's kind by yosys, each kind once. One with more than {@value #MOST_THRESHOLDS}
 * thresholds is not built: its thresholds alone are memories of thousands of bits a word, with
 * which yosys does not come to an end. What is behind the register grows by one comparator, one
 * word of memory and one addition with each threshold, so the unit is extended in a straight line
 * from two smaller ones.
 */
public final class UnitSynthesis {
  private static final int MOST_THRESHOLDS = 31;
  private static final int FEWER_THRESHOLDS = 15;

  private final int depth;
  private final Duration limit;
  private final Map<Unit, Optional<Synthesis>> known = new HashMap<>();

  /**
   * A unit with one channel at once.
   *
   * @param simd terms at once
   * @param bits of the register
   * @param thresholds 0 without
   */
  public record Unit(int weightBits, int inputBits, int simd, int bits, int thresholds) {
    /** Whether it is too large to be built, and extended from smaller ones instead. */
    public boolean extended() {
      return thresholds > MOST_THRESHOLDS;
    }

    private Unit with(int fewer) {
      return new Unit(weightBits, inputBits, simd, bits, fewer);
    }
  }

  /**
   * Nothing is run yet.
   *
   * @param depth channels that share a unit
   * @param limit of one run of yosys; a unit takes two, an extended one four
   */
  public UnitSynthesis(int depth, Duration limit) {
    this.depth = depth;
    this.limit = limit;
  }

  /**
   * What yosys makes of a unit; empty if it took longer than the limit.
   *
   * @throws dev.narrows.hardware.tools.HardwareToolException if yosys is missing or fails
   */
  public Optional<Synthesis> of(Unit unit) {
    if (!unit.extended()) {
      return built(unit);
    }
    Optional<Synthesis> few = built(unit.with(FEWER_THRESHOLDS));
    return few.isEmpty()
        ? few
        : built(unit.with(MOST_THRESHOLDS))
            .map(many -> extended(few.get(), many, unit.thresholds()));
  }

  private static Synthesis extended(Synthesis few, Synthesis many, int thresholds) {
    double steps =
        (double) (thresholds - MOST_THRESHOLDS) / (MOST_THRESHOLDS - FEWER_THRESHOLDS);
    return new Synthesis(
        many.luts() + Math.round(steps * (many.luts() - few.luts())),
        many.transistors() + Math.round(steps * (many.transistors() - few.transistors())));
  }

  private Optional<Synthesis> built(Unit unit) {
    Optional<Synthesis> made = known.get(unit);
    if (made == null) {
      try {
        made =
            Optional.of(
                Synthesis.of(
                    Synthesis.datapath(
                        unit.weightBits(),
                        unit.inputBits(),
                        unit.simd(),
                        unit.bits(),
                        unit.thresholds(),
                        depth),
                    "unit",
                    limit));
      } catch (ToolTimeException e) {
        made = Optional.empty();
      }
      known.put(unit, made);
    }
    return made;
  }
}
