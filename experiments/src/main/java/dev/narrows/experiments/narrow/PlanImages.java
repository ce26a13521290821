package dev.narrows.experiments.narrow;

import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.repair.plan.PairedCounts;
import java.util.Arrays;

/**
 * The images of a plan.
 *
 * @param inputs all of them, each with the class to be found
 * @param split into those of the search, of the confirmation, and others
 * @param agreement whether the classes are those that exact registers give, for want of labels
 * @param elements words of one image
 */
record PlanImages(NetworkInputs inputs, PlanSplit split, boolean agreement, int elements) {
  /**
   * Deals images out.
   *
   * @param needed whether the promise cannot do without classes
   * @throws BadInputException if they are a sequence, too few, or have no classes though needed
   */
  static PlanImages of(
      ModelFile model,
      PlanRequest request,
      NetworkInputs given,
      boolean needed,
      EvaluationListener listener) {
    if (given.sequence()) {
      throw new BadInputException(
          "--data: " + given.name() + " is a sequence, whose inputs are no independent images");
    }
    PlanSplit split = PlanSplit.of(given.images(), request.split());
    NetworkInputs inputs = given;
    if (given.labels().isEmpty()) {
      if (needed && !NetworkInputs.areClassScores(model.network())) {
        throw new BadInputException(
            "--data: %s has no labels, and the network's output is no score for each class; --promise confidence or always needs none"
                .formatted(given.name()));
      }
      Evaluator exact =
          new Evaluator(
              model.network(),
              given.labelled(new int[given.answers()]),
              request.threads(),
              listener);
      inputs = given.labelled(exact.exactPredictions());
    }
    return new PlanImages(inputs, split, given.labels().isEmpty(), model.network().inputElements());
  }

  NetworkInputs search() {
    return inputs.subset(elements, split.search());
  }

  NetworkInputs confirm() {
    return inputs.subset(elements, split.confirm());
  }

  NetworkInputs rest() {
    return inputs.subset(elements, split.rest());
  }

  /** Everything that a trial's result depends on. */
  String key(ModelFile model, PlanRequest request, PlannableLayers plannable) {
    return "network %s, data %s of %d, seed %d, %d images hash %08x, %s, budget %s, layers %08x"
        .formatted(
            model.id().sha256(),
            inputs.name(),
            inputs.images(),
            request.split().seed(),
            split.search().length,
            Arrays.hashCode(inputs.labels().orElseThrow()),
            request.way().way(),
            request.budget(),
            plannable.names().hashCode());
  }

  /**
   * Refuses a budget that the search's images could not show.
   *
   * @throws BadInputException then
   */
  void requireEnough(PlanRequest request) {
    int images = split.search().length;
    double least =
        new PairedCounts(images, 0, 0).upper(PairedCounts.quantile(request.confidence()));
    if (100 * least > request.budget()) {
      throw new BadInputException(
          "--budget: %d images cannot show a loss below %.3f points, whatever the registers; more images, a larger budget, or --promise confidence"
              .formatted(images, 100 * least));
    }
  }
}
