package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.experiments.reproduce.lba.LbaRuns.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link LbaGradients} measures of one network in registers of one shape.
 *
 * @param byWay trials by what a row says of their training, one a seed
 */
record GradientTrials(TestBed bed, LbaFormats.Shape shape, Map<String, List<RegisterTrial>> byWay) {
  static GradientTrials of(
      LbaRuns runs, LbaFormats formats, GradientsPlan plan, LbaFormats.Shape shape)
      throws IOException {
    Map<String, List<RegisterTrial>> byWay = new LinkedHashMap<>();
    for (long seed : plan.seeds()) {
      ModelFile network = runs.floatNetwork(seed);
      String register = formats.best(network, shape);
      for (Map.Entry<String, Way> way : plan.ways().entrySet()) {
        byWay
            .computeIfAbsent(way.getKey(), w -> new ArrayList<>())
            .add(runs.trial(shape.toString(), register, way.getValue(), seed));
      }
    }
    return new GradientTrials(plan.bed(), shape, byWay);
  }

  /** The trials of one way, one a seed. */
  List<RegisterTrial> of(String way) {
    return byWay.getOrDefault(way, List.of());
  }

  /** Mean accuracy on test images, in percent. */
  double accuracy(String way) {
    return Spread.of(of(way), RegisterTrial::accuracy).mean();
  }

  /** The same on validation images. */
  double validation(String way) {
    return Spread.of(of(way), RegisterTrial::validation).mean();
  }
}
