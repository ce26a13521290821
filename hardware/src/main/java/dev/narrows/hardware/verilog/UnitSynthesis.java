package dev.narrows.hardware.verilog;

import dev.narrows.hardware.tools.ToolTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Units of FINN's kind by yosys, each kind once.
 *
 * <p>One with more than {@value #MOST_THRESHOLDS} thresholds is not built: its memory has thousands
 * of bits a word, and yosys, which makes flip-flops of it where it counts transistors, does not
 * come to an end. Behind the register each threshold adds a comparator, an addition and a column of
 * memory, so what is found for small units is extended in straight lines. With T thresholds and
 * channels D in turn,
 *
 * <pre>
 *   LUTs = a + b·T                   from T = 7 and 15 at the unit's own D
 *   transistors = a + b·T + c·T·D    from (T, D) = (3, 8), (7, 8) and (7, 16)
 * </pre>
 */
public final class UnitSynthesis {
  private static final int MOST_THRESHOLDS = 15;
  private static final int FEWER_THRESHOLDS = 7;
  private static final int LEAST_THRESHOLDS = 3;
  private static final int SHALLOW = 8;

  private final int depth;
  private final Duration limit;
  private final Map<SynthesisUnit, Optional<Synthesis>> known = new HashMap<>();
  private final Map<SynthesisUnit, Long> luts = new HashMap<>();

  /**
   * A unit with one channel at once.
   *
   * @param simd terms at once
   * @param bits of the register
   * @param thresholds 0 without
   */
  public record SynthesisUnit(int weightBits, int inputBits, int simd, int bits, int thresholds) {
    /** Whether it is too large to be built, and extended from smaller ones instead. */
    public boolean extended() {
      return thresholds > MOST_THRESHOLDS;
    }

    private SynthesisUnit with(int fewer) {
      return new SynthesisUnit(weightBits, inputBits, simd, bits, fewer);
    }

    private String verilog(int channels) {
      return Synthesis.datapath(weightBits, inputBits, simd, bits, thresholds, channels);
    }
  }

  /**
   * Nothing is run yet.
   *
   * @param depth channels that share a unit
   * @param limit of one run of yosys; a unit takes two, an extended one five
   */
  public UnitSynthesis(int depth, Duration limit) {
    this.depth = depth;
    this.limit = limit;
  }

  /**
   * What yosys makes of a unit; empty if a run took longer than the limit.
   *
   * @throws dev.narrows.hardware.tools.HardwareToolException if yosys is missing or fails
   */
  public Optional<Synthesis> of(SynthesisUnit unit) {
    Optional<Synthesis> made = known.get(unit);
    if (made == null) {
      try {
        made =
            Optional.of(
                unit.extended()
                    ? new Synthesis(extendedLuts(unit), extendedTransistors(unit))
                    : new Synthesis(luts(unit), transistors(unit, depth)));
      } catch (ToolTimeException e) {
        made = Optional.empty();
      }
      known.put(unit, made);
    }
    return made;
  }

  private long extendedLuts(SynthesisUnit unit) {
    long few = luts(unit.with(FEWER_THRESHOLDS));
    long many = luts(unit.with(MOST_THRESHOLDS));
    double each = (double) (many - few) / (MOST_THRESHOLDS - FEWER_THRESHOLDS);
    return many + Math.round(each * (unit.thresholds() - MOST_THRESHOLDS));
  }

  private long extendedTransistors(SynthesisUnit unit) {
    double least = transistors(unit.with(LEAST_THRESHOLDS), SHALLOW);
    double more = transistors(unit.with(FEWER_THRESHOLDS), SHALLOW);
    double deep = transistors(unit.with(FEWER_THRESHOLDS), 2 * SHALLOW);
    double bit = (deep - more) / (FEWER_THRESHOLDS * SHALLOW); // c
    double each = (more - least) / (FEWER_THRESHOLDS - LEAST_THRESHOLDS) - bit * SHALLOW; // b
    double rest = least - each * LEAST_THRESHOLDS - bit * LEAST_THRESHOLDS * SHALLOW; // a
    return Math.round(rest + each * unit.thresholds() + bit * unit.thresholds() * depth);
  }

  private long luts(SynthesisUnit unit) {
    return luts.computeIfAbsent(
        unit, small -> Synthesis.lutsOf(small.verilog(depth), "unit", limit));
  }

  private long transistors(SynthesisUnit unit, int channels) {
    return Synthesis.transistorsOf(unit.verilog(channels), "unit", limit);
  }
}
