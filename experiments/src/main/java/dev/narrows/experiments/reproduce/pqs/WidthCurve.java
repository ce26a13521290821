package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.reproduce.a2q.A2qTrials;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The other half of {@link PqsFigure5}: accuracy at equal width, of PQS as published (networks that
 * were not trained for a register, terms sorted), of the same with one scale a tensor, of clipping,
 * of A2Q and A2Q+, and of networks trained through the sorted register (ours).
 */
final class WidthCurve {
  static final String SORTED = "PQS: sorted";
  static final String PER_TENSOR = "PQS: sorted, a scale a tensor";
  static final String CLIPPING = "clipping";
  static final String THROUGH = "trained through the sorted register (ours)";

  /** What every network is trained for in all: as long as pruning and quantising take. */
  private static final int EPOCHS = 2;

  /**
   * A network in a register.
   *
   * @param operands its bits of weights and of activations
   * @param validation accuracy on validation images, which networks are chosen by, in percent
   * @param accuracy on test images, in percent
   */
  record PointOfWidth(String method, int operands, int bits, double validation, double accuracy) {}

  private final Workshop workshop;
  private final PqsFigure5Plan plan;
  private final List<PointOfWidth> points = new ArrayList<>();
  private final List<NetworkFile> networks = new ArrayList<>();

  WidthCurve(Workshop workshop, PqsFigure5Plan plan) {
    this.workshop = workshop;
    this.plan = plan;
  }

  /** Everything that the figure shows, at every width. */
  WidthCurve measured() throws IOException {
    for (int operands : plan.curveOperands()) {
      ModelFile published = workshop.trained(plan.pruned(operands, operands).recipe());
      ModelFile coarse =
          workshop.derived(
              "per-tensor-w%da%d".formatted(operands, operands), PerTensor.of(published.network()));
      networks.add(coarse.id());
      for (int bits : plan.curve()) {
        add(SORTED, published, published, operands, bits, register("saturate:sorted", bits));
        add(PER_TENSOR, coarse, published, operands, bits, register("saturate:sorted", bits));
        add(CLIPPING, published, published, operands, bits, register("saturate", bits));
        through(operands, bits);
        limited(LimitMethod.A2Q, operands, bits);
        limited(LimitMethod.A2Q_PLUS, operands, bits);
      }
    }
    return this;
  }

  private static String register(String way, int bits) {
    return Summation.parseWay(way, bits).toString();
  }

  private void through(int operands, int bits) throws IOException {
    String register = register("saturate:sorted", bits);
    ModelFile model = workshop.trained(plan.through(operands, bits, register).recipe());
    networks.add(model.id());
    add(THROUGH, model, model, operands, bits, register);
  }

  private void limited(LimitMethod method, int operands, int bits) throws IOException {
    TestBed.Run run =
        A2qTrials.limited(
            plan.bed(), method, operands, operands, bits, "ep", EPOCHS, PqsFigure5Plan.SEED);
    ModelFile model = workshop.trained(run.recipe());
    networks.add(model.id());
    // nothing overflows: exact sums are those of the register
    add(method.toString(), model, model, operands, bits, "exact");
  }

  /**
   * @param model a network
   * @param run whose validation images were not trained on
   */
  private void add(
      String method, ModelFile model, ModelFile run, int operands, int bits, String accumulator)
      throws IOException {
    points.add(
        new PointOfWidth(
            method,
            operands,
            bits,
            accuracy(model, run, Split.VALIDATION, accumulator),
            accuracy(model, run, Split.TEST, accumulator)));
  }

  private double accuracy(ModelFile model, ModelFile run, Split split, String accumulator)
      throws IOException {
    NetworkInputs inputs = workshop.inputs(run, plan.bed().set(), split, OptionalInt.empty());
    return workshop.evaluated(model, inputs, List.of(accumulator)).results().getFirst().accuracy();
  }

  /** Of every method and width the pair of operand widths that is best on validation images. */
  List<PointOfWidth> best() {
    List<PointOfWidth> best = new ArrayList<>();
    for (String method : methods()) {
      for (int bits : plan.curve()) {
        points.stream()
            .filter(point -> point.method().equals(method) && point.bits() == bits)
            .max(Comparator.comparingDouble(PointOfWidth::validation))
            .ifPresent(best::add);
      }
    }
    return best;
  }

  /** In the order in which they were measured. */
  List<String> methods() {
    return points.stream().map(PointOfWidth::method).distinct().toList();
  }

  List<NetworkFile> networks() {
    return List.copyOf(networks);
  }
}
