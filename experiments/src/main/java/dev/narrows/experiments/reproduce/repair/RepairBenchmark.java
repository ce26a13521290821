package dev.narrows.experiments.reproduce.repair;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.experiments.recipe.Distillation;
import dev.narrows.experiments.reproduce.a2q.A2qTrials;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.repair.RepairOutcomes.RepairOutcome;
import dev.narrows.experiments.reproduce.repair.RepairOutcomes.TrainedOutcome;
import dev.narrows.experiments.reproduce.repair.RepairPlan.Extent;
import dev.narrows.experiments.reproduce.repair.RepairPlan.LeverSet;
import dev.narrows.experiments.reproduce.repair.RepairPlan.RepairTrial;
import dev.narrows.experiments.reproduce.repair.RepairPlan.TrainedTrial;
import dev.narrows.experiments.reproduce.repair.RepairPlan.TrainingStart;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.repair.channel.Levers;
import dev.narrows.repair.network.NarrowInputs;
import dev.narrows.repair.network.NetworkRepair;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Guaranteed widths without training, lever by lever, beside training and beside what others do to
 * the same float weights; trainings go on from repaired networks, too.
 */
public final class RepairBenchmark implements Figure {
  private static final Distillation TEACHER = new Distillation(4, 0.9);

  /** Images a step, fewer than usual: one epoch has to do. */
  private static final int BATCH = 64;

  /** Learning rate from a repaired network, of 0.002 to 0.05 the best by validation, seed 1. */
  private static final double FROM_REPAIRED = 0.005;

  /** The register below which a repaired network has lost so much that it must move far. */
  private static final int HEAVY_LOSS = 11;

  @Override
  public String name() {
    return "repair";
  }

  @Override
  public String title() {
    return "Repair: a guaranteed width without training";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    return new Benchmark(workshop, RepairPlan.of(workshop.scale())).make(name(), title());
  }

  /** One making of it. */
  private static final class Benchmark {
    private final Workshop workshop;
    private final RepairPlan plan;
    private final TestBed bed;
    private final List<NetworkFile> networks = new ArrayList<>();

    Benchmark(Workshop workshop, RepairPlan plan) {
      this.workshop = workshop;
      this.plan = plan;
      this.bed = plan.bed();
    }

    ReproductionResult make(String name, String title) throws IOException {
      bed.prepare(workshop, 1);
      List<RepairOutcome> repairs = new ArrayList<>();
      for (RepairTrial trial : plan.repairs()) {
        repairs.add(repaired(trial));
      }
      List<TrainedOutcome> trainings = new ArrayList<>();
      for (TrainedTrial trial : plan.trainings()) {
        trainings.add(trained(trial));
      }
      ModelFile wide = quantized(8, 8);
      RepairOutcomes all =
          new RepairOutcomes(
              accuracy(bed.floatNetwork(workshop, 1)), accuracy(wide), repairs, trainings);
      PublishedBaselines baselines = PublishedBaselines.stored();
      return new ReproductionResult(
          name,
          workshop.scale().word(),
          title,
          RepairPage.about(plan, all),
          RepairPage.claims(all, baselines, workshop.scale()),
          RepairPage.grids(all, baselines, workshop.scale()),
          RepairPage.charts(all, baselines, workshop.scale()),
          RepairPage.notes(workshop.scale(), all),
          networks);
    }

    private double accuracy(ModelFile model) throws IOException {
      return workshop.exactAccuracy(model, bed.set(), Split.TEST);
    }

    /** Quantised without training. */
    private ModelFile quantized(int weights, int activations) throws IOException {
      return workshop.trained(
          bed.fromFloat("quantized-w%da%d".formatted(weights, activations), 1)
              .bits(weights, activations)
              .recipe());
    }

    private RepairOutcome repaired(RepairTrial trial) throws IOException {
      ModelFile model = kept(trial);
      networks.add(model.id());
      return new RepairOutcome(
          trial,
          accuracy(model),
          needed(model, trial.bits(), trial.extent() == Extent.WHOLE),
          activations(model),
          Double.parseDouble(Files.readString(seconds(trial)).strip()));
    }

    /** The repaired network, made once. */
    private ModelFile kept(RepairTrial trial) throws IOException {
      Optional<ModelFile> made = workshop.derived(trial.name());
      if (made.isPresent() && Files.isRegularFile(seconds(trial))) {
        return made.get();
      }
      ModelFile model = quantized(8, trial.activations());
      NetworkInputs calibration =
          workshop.inputs(model, bed.set(), Split.TRAIN, OptionalInt.of(plan.calibration()));
      long began = System.nanoTime();
      Network network =
          NetworkRepair.of(
                  model.network(),
                  Optional.empty(),
                  calibration.source(),
                  request(model.network(), trial),
                  workshop.threads(),
                  (layer, done, all) -> workshop.evaluation().progress(trial.name(), done, all))
              .network();
      double taken = (System.nanoTime() - began) / 1e9;
      Files.createDirectories(seconds(trial).resolveSibling(""));
      AtomicFile.write(seconds(trial), String.format(Locale.ROOT, "%.1f%n", taken));
      return workshop.derived(trial.name(), network);
    }

    private Path seconds(RepairTrial trial) {
      return workshop.folder().resolve("networks").resolve(trial.name() + ".seconds");
    }

    private static RepairRequest request(Network network, RepairTrial trial) {
      Summation register =
          new Summation(new Saturating(trial.bits()), new SummationOrder.Sequential());
      Map<String, Summation> named = new LinkedHashMap<>();
      if (trial.extent() == Extent.WHOLE) { // those on exact registers of their own, too
        dots(network).forEach(dot -> named.put(dot.name(), register));
      }
      LeverSet levers = trial.levers();
      return new RepairRequest(
          LayerRegisters.of(register, named),
          Guarantee.SUMS,
          Optional.empty(),
          List.of(),
          new Levers(
              levers != LeverSet.THRESHOLD,
              levers != LeverSet.GROWTH,
              levers == LeverSet.ALL,
              true),
          levers == LeverSet.ALL,
          trial.narrowed() ? NarrowInputs.best() : NarrowInputs.keep(),
          true,
          true,
          RepairRequest.COLUMNS);
    }

    private static Stream<DotLayer> dots(Network network) {
      return network.layers().stream().filter(DotLayer.class::isInstance).map(DotLayer.class::cast);
    }

    /** The fewest and the most bits that hold the inputs of layers without a register of theirs. */
    private static String activations(ModelFile model) {
      IntSummaryStatistics bits =
          dots(model.network())
              .filter(dot -> dot.pinned().isEmpty())
              .mapToInt(dot -> model.network().tensor(dot.input()).quantization().format().bits())
              .summaryStatistics();
      return bits.getMin() == bits.getMax()
          ? String.valueOf(bits.getMin())
          : bits.getMin() + " to " + bits.getMax();
    }

    /** The width that no input can leave in any dot layer that was limited. */
    private static int needed(ModelFile model, int bits, boolean all) {
      return Certification.of(model, bits, all, Guarantee.SUMS).layers().stream()
          .filter(layer -> model.network().layer(layer.name()) instanceof DotLayer)
          .flatMap(layer -> layer.channels().stream())
          .mapToInt(CertificateResult.CertifiedChannel::bits)
          .max()
          .orElse(0);
    }

    private static double rate(TrainedTrial trial) {
      if (!trial.signSum()) {
        return A2qTrials.NORM_TUNING;
      }
      boolean near = trial.start() == TrainingStart.REPAIRED && trial.bits() >= HEAVY_LOSS;
      return near ? FROM_REPAIRED : TestBed.Run.FINE_TUNING;
    }

    private TrainedOutcome trained(TrainedTrial trial) throws IOException {
      Constraint limit =
          Constraint.of(trial.signSum() ? NormMethod.SIGN_SUM : NormMethod.A2Q_PLUS, trial.bits());
      TestBed.Run run =
          bed.fromFloat(trial.name(), trial.seed())
              .constrained(trial.weights(), trial.activations(), limit);
      if (trial.start() == TrainingStart.REPAIRED) {
        RepairTrial before =
            new RepairTrial(LeverSet.ALL, trial.activations(), false, trial.bits(), Extent.INNER);
        run = run.startedFrom("networks/" + kept(before).path().getFileName());
      }
      run = run.quantize(1, rate(trial)).batched(BATCH);
      ModelFile model =
          workshop.trained((bed.init().isPresent() ? run.taught(TEACHER) : run).recipe());
      networks.add(model.id());
      return new TrainedOutcome(trial, accuracy(model), needed(model, trial.bits(), false));
    }
  }
}
