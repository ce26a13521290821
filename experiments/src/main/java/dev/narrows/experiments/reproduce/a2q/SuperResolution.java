package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.data.Targets.ImageTargets;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.upscale.Bicubic;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.reproduce.a2q.SuperResolutionPlan.OperandTarget;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.channel.Levers;
import dev.narrows.repair.network.NarrowInputs;
import dev.narrows.repair.network.NetworkRepair;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.GrayImage;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.WeightsResult.WeightTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A2Q's super-resolution: what a guaranteed width costs ESPCN, in decibels. */
public final class SuperResolution implements Figure {
  private static final Prose PROSE = Prose.of(SuperResolution.class, "a2q-super-resolution");

  /** The paper's differences, in decibels below its float network: ESPCN by 2, BSDS300. */
  private static final Map<OperandTarget, Map<NormMethod, String>> PAPER =
      Map.of(
          new OperandTarget(8, 16),
          Map.of(NormMethod.A2Q, "0.47", NormMethod.A2Q_PLUS, "−0.21"),
          new OperandTarget(4, 13),
          Map.of(NormMethod.A2Q, "0.79", NormMethod.A2Q_PLUS, "0.08"));

  private static final String SOURCE =
      "A2Q+ (arXiv 2401.10432) as Brevitas has it, ESPCN by 2 on BSDS300, below float 31.03 dB";

  /** Tiles that a repair looks at. */
  private static final int CALIBRATION = 256;

  private static final List<NormMethod> METHODS =
      List.of(NormMethod.SIGN_SUM, NormMethod.A2Q_PLUS, NormMethod.A2Q);

  @Override
  public String name() {
    return "a2q-super-resolution";
  }

  @Override
  public String title() {
    return "A2Q: super-resolution under a guaranteed width";
  }

  /**
   * A network and what it gives.
   *
   * @param trained in words
   * @param bits that no input can leave; empty of real numbers
   * @param decibels on each set
   */
  private record Measured(
      String trained,
      String operands,
      Optional<Integer> asked,
      Optional<Integer> bits,
      Optional<Double> sparsity,
      List<Double> decibels) {}

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.ENLARGING;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    SuperResolutionPlan plan = SuperResolutionPlan.of(workshop.scale(), workshop.asked());
    List<NetworkFile> networks = new ArrayList<>();
    List<Measured> rows = new ArrayList<>();
    List<Shown> shown = new ArrayList<>();
    if (plan.trainsFloats()) {
      workshop.trained(plan.floats());
    }
    ModelFile real =
        workshop.trained(
            plan.fromFloats(plan.model() + "-real", FloatNumbers.of("float", "float"))
                .withPhases(Phases.NONE));
    shown.add(new Shown("real numbers", real));
    rows.add(
        new Measured(
            "real numbers",
            "binary32",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            decibels(workshop, plan, real)));
    List<PaperClaim> claims = new ArrayList<>();
    for (OperandTarget target : plan.targets()) {
      IntegerNumbers free = IntegerNumbers.of(target.operands(), target.operands());
      ModelFile twin = workshop.trained(plan.fromFloats(plan.model() + "-exact-" + target, free));
      ModelFile repaired = repaired(workshop, plan, twin, target);
      Measured exact = measured(workshop, plan, twin, "without a limit", target, false);
      rows.add(exact);
      rows.add(measured(workshop, plan, repaired, "repaired, not trained", target, true));
      networks.add(twin.id());
      networks.add(repaired.id());
      shown.add(new Shown(text("W%dA%1$d without a limit", target.operands()), twin));
      for (NormMethod method : METHODS) {
        Constraint limit = Constraint.of(method, target.bits());
        String name =
            text(
                "%s-%s-%s",
                plan.model(), method.toString().replace("+", "-plus"), target.limited());
        ModelFile model =
            workshop.trained(
                method == NormMethod.SIGN_SUM
                    ? plan.fromFloats(
                        name,
                        free.withConstraint(limit)
                            .withStart("networks/" + repairedName(plan, target) + ".narrows"))
                    : plan.limited(name, free.withConstraint(limit)));
        networks.add(model.id());
        shown.add(
            new Shown(
                text("%s, W%dA%2$d at P = %d", method, target.operands(), target.bits()), model));
        Measured limited = measured(workshop, plan, model, method.toString(), target, true);
        rows.add(limited);
        claims.add(claim(plan, target, method, below(plan, exact, limited)));
      }
    }
    rows.addFirst(bicubic(workshop, plan));
    claims.addFirst(
        PaperClaim.ofOurs("bicubic, and the network in real numbers", both(plan, rows)));
    ReproductionResult result =
        new ReproductionResult(
            name(),
            workshop.scale().word(),
            title(),
            PROSE.text(
                "about",
                "network",
                PROSE.text(plan.model(), "width", plan.width()),
                "factor",
                plan.network().factor(),
                "tiles",
                plan.tiles().isPresent() ? plan.tiles().getAsInt() : "all",
                "floats",
                plan.floatEpochs(),
                "epochs",
                plan.epochs()),
            claims,
            List.of(grid(plan, rows)),
            List.of(),
            notes(plan),
            networks);
    return result.withImages(images(workshop, plan, shown));
  }

  /** A network whose images are shown. */
  private record Shown(String title, ModelFile model) {}

  /** One tile of the first set as every network makes it. */
  private static List<GrayImage> images(
      Workshop workshop, SuperResolutionPlan plan, List<Shown> shown) {
    List<GrayImage> images = new ArrayList<>();
    Optional<SampleTile> tile = Optional.empty();
    for (Shown one : shown) {
      NetworkInputs inputs =
          workshop.inputs(one.model(), plan.sets().getFirst(), Split.TEST, OptionalInt.empty());
      if (tile.isEmpty()) {
        tile = inputs.measured().map(wanted -> SampleTile.of((ImageTargets) wanted.targets()));
        tile.ifPresent(sample -> {
          images.add(sample.original());
          images.add(sample.bicubic(plan.network().factor()));
        });
      }
      tile.ifPresent(sample -> images.add(sample.made(one.title(), one.model(), inputs)));
    }
    return images;
  }

  private static List<String> notes(SuperResolutionPlan plan) {
    return List.of(
        PROSE.text("measured", "border", plan.network().factor()),
        PROSE.text(plan.network() == PaperNetwork.UNET_X3 ? "tiles of a U-Net" : "tiles of ESPCN"),
        PROSE.text("limited"),
        PROSE.text("left"));
  }

  private static PaperClaim claim(
      SuperResolutionPlan plan, OperandTarget target, NormMethod method, String ours) {
    String what =
        text(
            "W%dA%d at P = %d, %s: decibels below the same network trained without a limit",
            target.operands(), target.operands(), target.bits(), method);
    return Optional.ofNullable(PAPER.getOrDefault(target, Map.of()).get(method))
        .filter(_ -> plan.network() != PaperNetwork.UNET_X3)
        .map(paper -> PaperClaim.of(what, paper, SOURCE, ours))
        .orElseGet(() -> PaperClaim.ofOurs(what, ours));
  }

  private static String both(SuperResolutionPlan plan, List<Measured> rows) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < plan.sets().size(); i++) {
      parts.add(
          text(
              "%s %.2f, %.2f dB",
              plan.sets().get(i), rows.get(0).decibels().get(i), rows.get(1).decibels().get(i)));
    }
    return String.join("; ", parts);
  }

  private static String below(SuperResolutionPlan plan, Measured exact, Measured limited) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < plan.sets().size(); i++) {
      parts.add(
          text("%s %.2f", plan.sets().get(i), exact.decibels().get(i) - limited.decibels().get(i)));
    }
    return String.join("; ", parts);
  }

  private static Measured bicubic(Workshop workshop, SuperResolutionPlan plan) {
    DataCatalog catalog = new DataCatalog(workshop.roots());
    List<Double> decibels =
        plan.sets().stream()
            .map(name -> {
              KnownSet set = KnownSets.named(name).orElseThrow();
              return Bicubic.ratio(catalog.testImages(set), set.factor());
            })
            .toList();
    return new Measured(
        "bicubic", "", Optional.empty(), Optional.empty(), Optional.empty(), decibels);
  }

  private static String repairedName(SuperResolutionPlan plan, OperandTarget target) {
    return plan.model() + "-repaired-" + target.limited();
  }

  /** What a limit on sign sums begins with: the twin made safe on the training tiles. */
  private static ModelFile repaired(
      Workshop workshop, SuperResolutionPlan plan, ModelFile twin, OperandTarget target)
      throws IOException {
    String name = repairedName(plan, target);
    Optional<ModelFile> known = workshop.derived(name);
    if (known.isPresent()) {
      return known.get();
    }
    Summation register =
        new Summation(new Saturating(target.bits()), new SummationOrder.Sequential());
    NetworkInputs tiles =
        workshop.inputs(twin, plan.trainingSet(), Split.TRAIN, OptionalInt.of(CALIBRATION));
    return workshop.derived(
        name,
        NetworkRepair.of(
                twin.network(),
                Optional.empty(),
                tiles.source(),
                new RepairRequest(
                    LayerRegisters.of(register),
                    Guarantee.SUMS,
                    Optional.empty(),
                    List.of(),
                    new Levers(true, true, true, true),
                    true,
                    NarrowInputs.keep(),
                    true,
                    true,
                    RepairRequest.COLUMNS),
                workshop.threads(),
                (_, done, all) -> workshop.evaluation().progress(name, done, all))
            .network());
  }

  private static Measured measured(
      Workshop workshop,
      SuperResolutionPlan plan,
      ModelFile model,
      String what,
      OperandTarget target,
      boolean limited)
      throws IOException {
    Optional<WeightTotals> weights = WeightFigures.of(model.network()).total();
    return new Measured(
        what,
        text("W%dA%d", target.operands(), target.operands()),
        limited ? Optional.of(target.bits()) : Optional.empty(),
        weights.map(WeightTotals::safeBits),
        weights.map(WeightTotals::sparsity),
        decibels(workshop, plan, model));
  }

  private static List<Double> decibels(Workshop workshop, SuperResolutionPlan plan, ModelFile model)
      throws IOException {
    List<Double> decibels = new ArrayList<>();
    for (String set : plan.sets()) {
      decibels.add(workshop.exactAccuracy(model, set, Split.TEST));
    }
    return decibels;
  }

  private static Grid grid(SuperResolutionPlan plan, List<Measured> measured) {
    List<String> columns =
        new ArrayList<>(List.of("trained", "operands", "P", "certified bits", "sparsity %"));
    plan.sets().forEach(set -> columns.add(set + ", dB"));
    List<List<Object>> rows = new ArrayList<>();
    for (Measured one : measured) {
      List<Object> row = new ArrayList<>();
      row.add(one.trained());
      row.add(one.operands());
      row.add(one.asked().<Object>map(bits -> bits).orElse(""));
      row.add(one.bits().<Object>map(bits -> bits).orElse(""));
      row.add(one.sparsity().<Object>map(share -> 100 * share).orElse(""));
      row.addAll(one.decibels());
      rows.add(row);
    }
    return new Grid("Peak signal to noise ratio on whole test images", columns, rows);
  }
}
