package dev.narrows.experiments.reproduce.lba;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.experiments.recipe.Schedule;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.Loss;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** The character encoder, trained in wide sums and then through floating-point registers. */
final class LbaText {
  /**
   * How the encoder is trained at a scale.
   *
   * @param set a known text
   * @param epochs in wide sums, at {@code rate}
   * @param tuning epochs through a register, at {@link #TUNING_RATE}
   * @param few windows on which every bias is tried
   * @param many windows on which the best of them are compared
   */
  record EncoderPlan(
      String set,
      int width,
      int batch,
      int epochs,
      double rate,
      int tuning,
      int few,
      int many,
      List<LbaFormats.Shape> shapes) {
    static EncoderPlan of(Scale scale) {
      LbaFormats.Shape twelve = new LbaFormats.Shape(7, 4);
      LbaFormats.Shape ten = new LbaFormats.Shape(5, 4);
      LbaFormats.Shape eight = new LbaFormats.Shape(4, 3);
      return switch (scale) {
        case SMOKE ->
            new EncoderPlan("shakespeare-small", 32, 32, 12, 0.01, 1, 20, 50, List.of(twelve, ten));
        case TWO_CORE ->
            new EncoderPlan(
                "tinyshakespeare", 64, 64, 10, 0.005, 1, 50, 200, List.of(twelve, ten, eight));
      };
    }
  }

  /**
   * One register.
   *
   * @param format a word for it, once a figure
   * @param bits what it is drawn at
   * @param untrained of the wide encoder in it
   * @param tuned of the encoder trained through it
   * @param exact of that encoder in exact sums
   */
  record EncoderRow(
      String format, int bits, String register, Loss untrained, Loss tuned, Loss exact) {
    /** How far the tuned loss is above another, in percent of that. */
    double above(Loss wide) {
      return 100 * (tuned.nats() / wide.nats() - 1);
    }
  }

  /**
   * The encoder under all registers.
   *
   * @param entropy of a character without context, in nats
   * @param wide loss in exact sums
   * @param twin the same, after as many more epochs in exact sums as the others had in registers
   * @param characters the losses are means over so many masked ones
   */
  record Losses(double entropy, Loss wide, Loss twin, int characters, List<EncoderRow> rows) {
    /** How far a loss is below the entropy, in percent of that. */
    double below(Loss loss) {
      return 100 * (1 - loss.nats() / entropy);
    }
  }

  private static final double TUNING_RATE = 0.001;
  private static final String WIDE = "char-encoder";
  private static final long SEED = 1;

  private final Workshop workshop;
  private final EncoderPlan plan;
  private final Set<NetworkFile> networks = new LinkedHashSet<>();

  LbaText(Workshop workshop, EncoderPlan plan) {
    this.workshop = workshop;
    this.plan = plan;
  }

  /** The encoder in wide sums; trained where it is not there already. */
  ModelFile wide() throws IOException {
    Phase warm = adam(plan.epochs(), plan.rate()).withSchedule(new Schedule.CosineRate(0.05));
    return trained(encoder(WIDE).withPhases(Phases.NONE.withFloating(warm)));
  }

  /** The same, trained in wide sums for as long as the others through their registers. */
  ModelFile twin() throws IOException {
    return trained(tuned("twin").withPhases(Phases.NONE.withFloating(tuning())));
  }

  /**
   * Trains the wide encoder through a register, where that is not done already, and measures it.
   *
   * @param format a word for the register, that run folders are named by
   * @param bits what the register is drawn at
   */
  EncoderRow through(ModelFile wide, String format, int bits, String register) throws IOException {
    RegisterPhase phase = RegisterPhase.of(tuning(), Summation.parse(register));
    ModelFile tuned =
        trained(tuned(format.toLowerCase(Locale.ROOT)).withPhases(Phases.NONE.withRegister(phase)));
    List<AccumulatorResult> after = tested(tuned, List.of(register, "exact")).results();
    Loss untrained = loss(tested(wide, List.of(register)).results().getFirst());
    return new EncoderRow(
        format, bits, register, untrained, loss(after.get(0)), loss(after.get(1)));
  }

  /** What was measured, beside the wide encoder and its twin. */
  Losses losses(ModelFile wide, ModelFile twin, List<EncoderRow> rows) throws IOException {
    EvaluationResult exact = tested(wide, List.of("exact"));
    return new Losses(
        exact.unigramNats().orElseThrow(),
        loss(exact.results().getFirst()),
        loss(tested(twin, List.of("exact")).results().getFirst()),
        exact.images(),
        rows);
  }

  private Phase tuning() {
    return adam(plan.tuning(), TUNING_RATE);
  }

  private Recipe tuned(String what) {
    return encoder(WIDE + "-" + what).withFrom(WIDE + "-" + SEED);
  }

  /** All networks trained so far. */
  List<NetworkFile> networks() {
    return List.copyOf(networks);
  }

  private EvaluationResult tested(ModelFile model, List<String> accumulators) throws IOException {
    return workshop.evaluated(
        model, workshop.inputs(model, plan.set(), Split.TEST, OptionalInt.empty()), accumulators);
  }

  private static Loss loss(AccumulatorResult result) {
    return result.loss().orElseThrow(); // texts have one
  }

  private static Phase adam(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.ADAM, rate).withWeightDecay(0);
  }

  private Recipe encoder(String name) {
    return Recipe.of(
            Model.CHAR_ENCODER,
            DataChoice.of(plan.set()),
            FloatNumbers.of(FloatNumbers.BINARY32, FloatNumbers.BINARY32))
        .withName(name)
        .withWidth(plan.width())
        .withSeed(SEED)
        .withThreads(2)
        .withBatch(plan.batch());
  }

  private ModelFile trained(Recipe recipe) throws IOException {
    ModelFile model = workshop.trained(recipe);
    networks.add(model.id());
    return model;
  }
}
