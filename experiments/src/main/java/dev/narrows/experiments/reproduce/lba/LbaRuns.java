package dev.narrows.experiments.reproduce.lba;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Networks fine-tuned through floating-point registers, for the figures that compare them. */
final class LbaRuns {
  /**
   * How one network is trained.
   *
   * @param numbers {@code float}, or the format of weights and activations
   * @param gradient as in a recipe
   * @param first epochs without underflow
   * @param epochs with it
   * @param rate the learning rate of both
   */
  record Way(String numbers, String gradient, int first, int epochs, double rate) {
    private String word() {
      return "%s-%s-%d-%d-%s"
          .formatted(numbers, gradient.replaceAll("[^a-z]+", "-"), first, epochs, rate);
    }
  }

  /**
   * One trained network on the test images, and on the validation images that networks are chosen
   * by.
   *
   * @param format a word for the register, once a figure
   * @param accuracy in the register it was trained for, in percent
   * @param exact in exact sums
   * @param before of the float network it came from, in exact sums
   * @param untrained of that network in the register
   * @param validation on validation images, in the register it was trained for
   * @param validationBefore on the same images, of the float network it came from, in exact sums
   */
  record RegisterTrial(
      String format,
      String register,
      Way way,
      long seed,
      double accuracy,
      double exact,
      double before,
      double untrained,
      double validation,
      double validationBefore) {}

  private final Workshop workshop;
  private final TestBed bed;
  private final List<NetworkFile> networks = new ArrayList<>();

  LbaRuns(Workshop workshop, TestBed bed) {
    this.workshop = workshop;
    this.bed = bed;
  }

  /** The float network that trials start from. */
  ModelFile floatNetwork(long seed) throws IOException {
    return bed.floatNetwork(workshop, seed);
  }

  /**
   * Trains through a register.
   *
   * @param format a word for it, that run folders are named by
   */
  RegisterTrial trial(String format, String register, Way way, long seed) throws IOException {
    bed.prepare(workshop, seed);
    String name = "%s-%s-%s".formatted(bed.model(), format.toLowerCase(Locale.ROOT), way.word());
    TestBed.Run run =
        bed.fromFloat(name, seed)
            .floats(way.numbers())
            .floatRegister(register, way.gradient(), way.first(), way.epochs(), way.rate());
    ModelFile model = workshop.trained(run.recipe());
    networks.add(model.id());
    List<AccumulatorResult> after = rows(model, register);
    List<AccumulatorResult> before = rows(floatNetwork(seed), register);
    NetworkInputs validation =
        workshop.inputs(model, bed.set(), Split.VALIDATION, OptionalInt.empty());
    return new RegisterTrial(
        format,
        register,
        way,
        seed,
        after.get(0).accuracy(),
        after.get(1).accuracy(),
        before.get(1).accuracy(),
        before.get(0).accuracy(),
        accuracy(model, validation, register),
        accuracy(floatNetwork(seed), validation, "exact"));
  }

  /**
   * Accuracy on the test images of the float network after as much more training in exact sums, in
   * percent: what training itself gains or costs.
   */
  double twin(int epochs, double rate, long seed) throws IOException {
    bed.prepare(workshop, seed);
    ModelFile twin =
        workshop.trained(
            bed.fromFloat("%s-twin-%d-%s".formatted(bed.model(), epochs, rate), seed)
                .floats("float")
                .exactSums(epochs, rate)
                .recipe());
    networks.add(twin.id());
    return rows(twin, List.of("exact")).getFirst().accuracy();
  }

  private double accuracy(ModelFile model, NetworkInputs inputs, String register)
      throws IOException {
    return workshop.evaluated(model, inputs, List.of(register)).results().getFirst().accuracy();
  }

  /** On the test images: in the register, and exact. */
  private List<AccumulatorResult> rows(ModelFile model, String register) throws IOException {
    return rows(model, List.of(register, "exact"));
  }

  private List<AccumulatorResult> rows(ModelFile model, List<String> accumulators)
      throws IOException {
    return workshop
        .evaluated(
            model, workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.empty()), accumulators)
        .results();
  }

  /** All networks trained so far. */
  List<NetworkFile> networks() {
    return List.copyOf(networks);
  }
}
