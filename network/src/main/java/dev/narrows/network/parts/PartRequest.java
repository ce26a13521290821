package dev.narrows.network.parts;

import dev.narrows.core.dot.SpillCount;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.CountingProbe;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.execute.TermsProbe;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every part of a run is to find out, in a form that travels: registers by their text, of
 * {@link RunOptions} what is asked for, not who is told.
 */
public final class PartRequest implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String base;
  private final ArrayList<String> globs = new ArrayList<>();
  private final ArrayList<String> summations = new ArrayList<>();
  private final boolean profiled;
  private final String view;
  private final boolean channels;
  private final int narrowest;
  private final boolean widths;
  private final boolean statistics;
  private final boolean spills;
  private final boolean sequence;
  private final HashMap<String, CountingProbe> probes = new HashMap<>();

  private PartRequest(LayerRegisters registers, RunOptions options) {
    this.base = text(registers.base());
    for (LayerRegisters.Rule rule : registers.rules()) {
      globs.add(rule.glob());
      summations.add(text(rule.summation()));
    }
    this.profiled = options.profiling().isPresent();
    this.view = options.profiling().map(how -> text(how.summation())).orElse("");
    this.channels = options.profiling().map(Profiling::channels).orElse(false);
    this.narrowest = options.profiling().map(Profiling::narrowest).orElse(Profiling.ANY_WIDTH);
    this.widths = options.profiling().flatMap(Profiling::images).isPresent();
    this.statistics = options.statistics();
    this.spills = options.spills().isPresent();
    this.sequence = options.sequence();
    options.probes().forEach((layer, probe) -> probes.put(layer, counting(probe).fresh()));
  }

  /**
   * What a run with these options has to find out in each part.
   *
   * @throws IllegalArgumentException if it is more than counts: tensors, or probes that do not only
   *     count
   */
  public static PartRequest of(LayerRegisters registers, RunOptions options) {
    if (options.tensors().isPresent()) {
      throw new IllegalArgumentException("a run in parts does not bring its tensors back");
    }
    return new PartRequest(registers, options);
  }

  private static CountingProbe counting(TermsProbe probe) {
    if (probe instanceof CountingProbe counting) {
      return counting;
    }
    throw new IllegalArgumentException("a run in parts shows its terms to probes that count alone");
  }

  /** The canonical text, which is read back to an equal value. */
  private static String text(Summation summation) {
    String text = summation.toString();
    if (!Summation.parse(text).equals(summation)) {
      throw new IllegalStateException("register " + text + " is read back as another one");
    }
    return text;
  }

  /** Whether the images must be run one after the other, so that there can be one part only. */
  public boolean sequence() {
    return sequence;
  }

  /** The registers, each layer's or the base, in one text: equal texts, equal registers. */
  public String registersText() {
    return base + globs + summations;
  }

  /** The registers that parts are run in. */
  public LayerRegisters registers() {
    List<LayerRegisters.Rule> rules = new ArrayList<>();
    for (int i = 0; i < globs.size(); i++) {
      rules.add(new LayerRegisters.Rule(globs.get(i), Summation.parse(summations.get(i))));
    }
    return new LayerRegisters(Summation.parse(base), rules);
  }

  /** The options of every part, with nobody told yet. */
  RunOptions options() {
    RunOptions options = RunOptions.none().inSequence(sequence);
    if (profiled) {
      options = options.withProfiles(profiling());
    }
    return statistics ? options.withStatistics() : options;
  }

  private Profiling profiling() {
    return new Profiling(Summation.parse(view), channels, narrowest, Optional.empty());
  }

  /**
   * Runs a part.
   *
   * @param runner of the same network in {@link #registers()}
   * @param source the part's images alone
   */
  public RunPart run(NetworkRunner runner, ImageSource source) {
    RunOptions options = options();
    PartWidths seen = new PartWidths(source.images());
    if (widths) {
      options = options.withProfiles(profiling().telling(seen));
    }
    Map<String, PartSignals> signals = new LinkedHashMap<>();
    if (statistics) {
      options =
          options.withSignals(
              (layer, signal, noise) -> signals.put(layer, new PartSignals(signal, noise)));
    }
    Map<String, SpillCount> spilled = new HashMap<>();
    if (spills) {
      options =
          options.withSpills((layer, count) -> {
            synchronized (spilled) {
              spilled.merge(layer, count, SpillCount::plus);
            }
          });
    }
    Map<String, TermsProbe> looking = new HashMap<>();
    Map<String, CountingProbe> fresh = new HashMap<>();
    probes.forEach((layer, probe) -> {
      CountingProbe one = probe.fresh();
      looking.put(layer, one);
      fresh.put(layer, one);
    });
    Execution execution = runner.run(source, options.withProbes(looking));
    Map<String, long[]> counts = new HashMap<>();
    fresh.forEach((layer, probe) -> counts.put(layer, probe.counts()));
    return RunPart.of(execution, signals, spilled, seen.layers(), counts);
  }
}
