package dev.narrows.experiments.targets;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.targets.LayerProof;
import dev.narrows.network.targets.SumCheck;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.LayerOverflows.WidthCount;
import dev.narrows.report.TargetResult.SumsSeen;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the sums of some images do in a target's registers, each layer's inputs from exact
 * execution. Profiles that an analysis holds are used; another order is another pass.
 */
final class SumsOfData {
  private final Network network;
  private final NetworkInputs inputs;
  private final int threads;
  private final EvaluationListener listener;
  private final Map<String, LayerOverflows> known = new HashMap<>();
  private final Map<Summation, Map<String, OverflowProfile>> passes = new HashMap<>();

  SumsOfData(
      Network network,
      AnalysisResult analysis,
      NetworkInputs inputs,
      int threads,
      EvaluationListener listener) {
    this.network = network;
    this.inputs = inputs;
    this.threads = threads;
    this.listener = listener;
    analysis
        .layers()
        .forEach(layer -> layer.profile().ifPresent(of -> known.put(layer.name(), of)));
  }

  /** How many images there are. */
  int images() {
    return inputs.images();
  }

  /** A layer's dot products that fail some of its checks. */
  SumsSeen of(LayerProof proof) {
    long dots = 0;
    long most = 0;
    for (SumCheck check : proof.checks()) {
      SumsSeen seen = of(proof.layer().name(), check);
      dots = seen.sums();
      most = Math.max(most, seen.overflowing());
    }
    return new SumsSeen(dots, most);
  }

  private SumsSeen of(String layer, SumCheck check) {
    Optional<LayerOverflows> same =
        Optional.ofNullable(known.get(layer)).filter(profile -> looksAt(profile, check));
    if (same.isPresent()) {
      return new SumsSeen(same.get().dots(), missed(same.get(), check));
    }
    OverflowProfile profile =
        passes
            .computeIfAbsent(check.view(), this::profiles)
            .getOrDefault(layer, OverflowProfile.empty());
    return new SumsSeen(profile.dots(), check.missed(profile));
  }

  private static boolean looksAt(LayerOverflows profile, SumCheck check) {
    LayerRegister register = check.register();
    return profile.order().equals(register.order().toString())
        && profile.zero().equals(register.zero().toString())
        && profile.bias().equals(register.bias().toString());
  }

  /** Widths beyond the last one listed are enough for all. */
  private static long missed(LayerOverflows profile, SumCheck check) {
    return profile.widths().stream()
        .filter(width -> width.bits() == check.bits())
        .mapToLong((WidthCount w) -> w.persistent() + (check.atEnd() ? 0 : w.transientDots()))
        .sum();
  }

  private Map<String, OverflowProfile> profiles(Summation view) {
    Map<String, OverflowProfile> profiles = new HashMap<>();
    try (NetworkRunner executor = inputs.runner(network, LayerRegisters.exact(), threads)) {
      executor
          .run(
              inputs.source(),
              inputs
                  .options()
                  .withProfiles(new RunOptions.Profiling(view, false))
                  .withProgress(done ->
                      listener.progress("profiles in " + view.order() + " order", done, images())))
          .profiles()
          .forEach(profile -> profiles.put(profile.layer(), profile.total()));
    }
    return profiles;
  }

  /** Products and sums of floating-point registers that their formats cannot hold, by layer. */
  Map<String, SumsSeen> floats(List<LayerRegister> registers) {
    Map<String, Summation> asked = new LinkedHashMap<>();
    registers.forEach(register -> asked.put(register.layer(), register.asked()));
    Map<String, SumsSeen> seen = new HashMap<>();
    LayerRegisters narrow = LayerRegisters.of(Summation.exact(), asked);
    try (NetworkRunner executor = inputs.runner(network, narrow, threads)) {
      List<FloatStatistics> statistics =
          executor
              .run(
                  inputs.source(),
                  inputs
                      .options()
                      .withStatistics()
                      .withProgress(
                          done -> listener.progress("floating-point registers", done, images())))
              .statistics();
      for (FloatStatistics layer : statistics) {
        FloatEvents events = layer.events();
        seen.put(
            layer.layer(),
            new SumsSeen(
                events.products() + events.steps(),
                events.productOverflows() + events.sumOverflows()));
      }
    }
    return seen;
  }
}
