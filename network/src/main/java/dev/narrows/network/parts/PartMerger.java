package dev.narrows.network.parts;

import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.CountingProbe;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.execute.WidthsOfImages;
import dev.narrows.network.parts.PartWidths.ImageBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a run together as they come in, in any order, to the bits of one run. Those who
 * are told of a run are told of each part when it is added.
 */
public final class PartMerger {
  private final RunOptions asked;
  private final Execution like; // of no image: what the parts have in common
  private final int images;
  private final int elements;
  private final int[] outputs;
  private final List<OverflowProfile.Builder[]> profiles = new ArrayList<>();
  private final Map<String, FloatEvents> events = new HashMap<>();
  private final Map<String, PartSignals> signals = new HashMap<>();
  private final TreeMap<Integer, Integer> added = new TreeMap<>(); // first image to count
  private Decisions decisions = Decisions.none();
  private int done;

  /**
   * Of a run of which no part is known.
   *
   * @param request made from the same options
   * @param images of all parts together
   * @param asked who is told
   */
  public PartMerger(Network network, PartRequest request, int images, RunOptions asked) {
    this.asked = asked;
    this.images = images;
    try (Executor executor = Executor.of(network, request.registers(), 1)) {
      this.like = executor.run(ImageSource.of(network, new int[0], 0), request.options());
    }
    this.elements = network.output().elements();
    this.outputs = new int[Math.toIntExact((long) images * elements)];
    for (LayerOverflowProfile layer : like.profiles()) {
      OverflowProfile.Builder[] builders =
          new OverflowProfile.Builder[Math.max(1, layer.channels().size())];
      Arrays.setAll(builders, _ -> OverflowProfile.builder());
      profiles.add(builders);
    }
    for (FloatStatistics layer : like.statistics()) {
      events.put(layer.layer(), FloatEvents.none());
      signals.put(layer.layer(), new PartSignals(new double[images], new double[images]));
    }
  }

  /**
   * Adds a part.
   *
   * @param first its first image among all
   * @throws IllegalStateException if an image of it has come in before, or is none of the run
   */
  public synchronized void add(int first, RunPart part) {
    requireNew(first, part.images());
    System.arraycopy(part.outputs(), 0, outputs, first * elements, part.outputs().length);
    for (int layer = 0; layer < part.profiles().size(); layer++) {
      List<OverflowProfile> of = part.profiles().get(layer);
      for (int c = 0; c < of.size(); c++) {
        profiles.get(layer)[c].add(of.get(c));
      }
    }
    part.events().forEach((layer, more) -> events.merge(layer, more, FloatEvents::plus));
    part.signals()
        .forEach((layer, more) -> {
          PartSignals all = known(signals.get(layer), layer);
          System.arraycopy(more.signal(), 0, all.signal(), first, part.images());
          System.arraycopy(more.noise(), 0, all.noise(), first, part.images());
        });
    decisions = decisions.plus(part.decisions());
    asked.spills().ifPresent(receiver -> part.spills().forEach(receiver::add));
    asked
        .profiling()
        .flatMap(Profiling::images)
        .ifPresent(
            receiver -> part.widths().forEach((layer, bits) -> tell(receiver, layer, first, bits)));
    part.counts()
        .forEach((layer, counts) -> {
          if (asked.probes().get(layer) instanceof CountingProbe probe) {
            probe.add(counts);
          }
        });
    done += part.images();
    asked.progress().accept(done);
  }

  private void requireNew(int first, int count) {
    Map.Entry<Integer, Integer> before = added.floorEntry(first);
    Optional<Integer> next = Optional.ofNullable(added.ceilingKey(first));
    if (first < 0
        || count > images - first
        || before != null && before.getKey() + before.getValue() > first
        || next.isPresent() && next.get() < first + count) {
      throw new IllegalStateException(
          "images %d to %d are none of the run, or came in before"
              .formatted(first, first + count - 1));
    }
    added.put(first, count);
  }

  private static void tell(WidthsOfImages receiver, String layer, int first, ImageBits bits) {
    for (int i = 0; i < bits.finals().length; i++) {
      if (bits.paths()[i] > 0) {
        receiver.note(layer, first + i, bits.finals()[i], bits.paths()[i]);
      }
    }
  }

  private static PartSignals known(@Nullable PartSignals all, String layer) {
    if (all == null) {
      throw new IllegalStateException("layer " + layer + " is none that is measured");
    }
    return all;
  }

  /**
   * The run.
   *
   * @throws IllegalStateException if a part is missing
   */
  public synchronized Execution result() {
    if (done != images) {
      throw new IllegalStateException("%d of %d images came in".formatted(done, images));
    }
    List<LayerOverflowProfile> merged = new ArrayList<>();
    for (int layer = 0; layer < profiles.size(); layer++) {
      LayerOverflowProfile of = like.profiles().get(layer);
      List<OverflowProfile> parts =
          Arrays.stream(profiles.get(layer)).map(OverflowProfile.Builder::build).toList();
      merged.add(
          new LayerOverflowProfile(
              of.register(),
              parts.stream().reduce(OverflowProfile.empty(), OverflowProfile::plus),
              of.channels().isEmpty() ? List.of() : parts));
    }
    List<FloatStatistics> statistics = new ArrayList<>();
    for (FloatStatistics layer : like.statistics()) {
      PartSignals all = known(signals.get(layer.layer()), layer.layer());
      asked
          .signals()
          .ifPresent(
              receiver -> receiver.take(layer.layer(), all.signal().clone(), all.noise().clone()));
      statistics.add(
          FloatStatistics.of(
              layer.register(),
              layer.terms(),
              events.getOrDefault(layer.layer(), FloatEvents.none()),
              all.signal(),
              all.noise()));
    }
    return new Execution(
        like.type(), images, outputs, like.registers(), merged, statistics, decisions);
  }
}
