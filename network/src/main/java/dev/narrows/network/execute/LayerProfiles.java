package dev.narrows.network.execute;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.execute.Workspace.Profiled;
import dev.narrows.network.layer.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The profiles that a run gathers of every layer that sums integers, from all its threads. */
final class LayerProfiles {
  private final Optional<Profiling> how;
  private final Map<Integer, Convention> conventions = new LinkedHashMap<>(); // by tensor index
  private final Map<Integer, OverflowProfile.Builder[]> totals = new LinkedHashMap<>();

  /**
   * @param how profiles are gathered; empty: none are
   */
  LayerProfiles(Network network, Plan plan, Optional<Profiling> how) {
    this.how = how;
    how.ifPresent(profiling ->
        plan.dots()
            .forEach((index, step) -> {
              Layer layer = network.layers().get(index - 1);
              LayerRegisters named =
                  LayerRegisters.of(
                      profiling.summation(), Map.of(layer.name(), profiling.summation()));
              conventions.put(index, step.convention(named.of(layer)));
              totals.put(index, builders(profiling.channels() ? step.channels() : 1));
            }));
  }

  private static OverflowProfile.Builder[] builders(int count) {
    return Stream.generate(OverflowProfile::builder)
        .limit(count)
        .toArray(OverflowProfile.Builder[]::new);
  }

  private OverflowProfile.Builder[] totals(int index) {
    return totals.getOrDefault(index, new OverflowProfile.Builder[0]);
  }

  /** From now on the steps of a thread count. */
  void begin(Workspace workspace) {
    how.ifPresent(profiling ->
        conventions.forEach((index, convention) -> {
          OverflowProfile.Builder[] counts = builders(totals(index).length);
          workspace
              .profiled()
              .put(
                  index,
                  new Profiled(convention, profiling.narrowest(), counts, profiling.images()));
        }));
  }

  /** Takes what a thread has counted since {@link #begin}, and ends its counting. */
  synchronized void end(Workspace workspace) {
    workspace
        .profiled()
        .forEach((index, counted) -> {
          OverflowProfile.Builder[] into = totals(index);
          for (int i = 0; i < into.length; i++) {
            into[i].add(counted.builders()[i].build());
          }
        });
    workspace.profiled().clear();
  }

  /** All profiles, in the order of the layers. */
  List<LayerOverflowProfile> result() {
    boolean channels = how.map(Profiling::channels).orElse(false);
    List<LayerOverflowProfile> made = new ArrayList<>();
    conventions.forEach((index, as) -> {
      List<OverflowProfile> parts =
          Arrays.stream(totals(index)).map(OverflowProfile.Builder::build).toList();
      OverflowProfile total = parts.stream().reduce(OverflowProfile.empty(), OverflowProfile::plus);
      made.add(new LayerOverflowProfile(as.register(), total, channels ? parts : List.of()));
    });
    return made;
  }
}
