package dev.narrows.experiments.reproduce.lba;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.ZeroShotPlan.ZeroShotRung;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@link LbaZeroShot} measures of one rung.
 *
 * @param accumulator the register: the rung's format with the biases that serve the network best
 * @param accuracy in it on test images, in percent
 * @param images how many test images
 */
record RungAccuracy(ZeroShotRung rung, String accumulator, double accuracy, int images) {
  /** A network on every rung. */
  static List<RungAccuracy> of(
      Workshop workshop, LbaFormats formats, ModelFile model, List<ZeroShotRung> rungs)
      throws IOException {
    List<String> chosen = new ArrayList<>();
    for (ZeroShotRung rung : rungs) {
      chosen.add(formats.best(model, rung.shape()));
    }
    NetworkInputs inputs = workshop.inputs(model, formats.set(), Split.TEST, OptionalInt.empty());
    List<AccumulatorResult> results = workshop.evaluated(model, inputs, chosen).results();
    List<RungAccuracy> measured = new ArrayList<>();
    for (int i = 0; i < rungs.size(); i++) {
      measured.add(
          new RungAccuracy(
              rungs.get(i), chosen.get(i), results.get(i).accuracy(), inputs.images()));
    }
    return measured;
  }

  /** Half the 95 % interval of a share of that many images. */
  double margin() {
    double share = accuracy / 100;
    return 196 * Math.sqrt(share * (1 - share) / images);
  }
}
