package dev.narrows.experiments.reproduce.order;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.order.OrderCheck;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderFreedom;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Which orders of additions can change what a W8A8 network computes: shares proved, refuted and
 * undecided in registers of integers and of floats, and random and adverse trees held against what
 * is promised of them.
 */
public final class OrderFreeFigure implements Figure {
  private static final Prose PROSE = Prose.of(OrderFreeFigure.class, "order-free");

  private static final long SEED = 1;

  /** Registers of the network. */
  private static final List<String> REGISTERS =
      List.of(
          "int32:saturate",
          "int20:saturate",
          "int18:saturate",
          "int16:saturate",
          "fp32",
          "hopper-fp16",
          "fp16",
          "bf16",
          "m7e4");

  /** Those of matrix hardware that round the network's integers, tried one group at a time. */
  private static final List<String> ROUNDING =
      List.of("hopper-fp8", "blackwell-mxfp8", "blackwell-nvfp4");

  /**
   * How much is looked at.
   *
   * @param rounding registers that round operands
   * @param few images for these
   */
  private record Effort(int images, long trees, List<String> rounding, int few) {
    static Effort at(Scale scale) {
      return switch (scale) {
        case SMOKE -> new Effort(10, 20_000, ROUNDING.subList(0, 1), 1);
        case TWO_CORE -> new Effort(4, 1_000_000, ROUNDING, 4);
      };
    }

    /** All registers. */
    List<Summation> registers() {
      return Stream.concat(REGISTERS.stream(), rounding.stream()).map(Summation::parse).toList();
    }
  }

  /** Needs float weights to quantise. */
  public OrderFreeFigure() {}

  @Override
  public String name() {
    return "order-free";
  }

  @Override
  public String title() {
    return "Which orders of additions can change an answer";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Effort effort = Effort.at(workshop.scale());
    TestBed bed = workshop.bed(TestBed.resnet20());
    bed.prepare(workshop, SEED);
    ModelFile model = workshop.trained(bed.fromFloat("order-free-w8a8", SEED).bits(8, 8).recipe());
    NetworkInputs inputs =
        workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.of(effort.images()));
    OrderCheck check = new OrderCheck(model, true, OrderCheck.TREES, workshop.threads());
    OrderResult found =
        check.of(inputs, REGISTERS.stream().map(Summation::parse).toList(), workshop.evaluation());
    OrderResult rounded =
        check.of(
            workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.of(effort.few())),
            effort.rounding().stream().map(Summation::parse).toList(),
            workshop.evaluation());
    List<Summation> all = effort.registers();
    long trees = workshop.randomSums(effort.trees());
    List<TreeTrials> trials =
        all.stream()
            .map(register -> TreeTrials.of(register, Math.ceilDiv(trees, all.size()), SEED))
            .toList();
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text("about", "network", bed.about(), "images", inputs.images()),
        claims(List.of(found, rounded), trials),
        grids(found, rounded, trials),
        List.of(),
        List.of(
            PROSE.text("kinds"), PROSE.text("floats"), PROSE.text("rounding"), PROSE.text("trees")),
        List.of(model.id()));
  }

  private static List<PaperClaim> claims(List<OrderResult> found, List<TreeTrials> trials) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.ofOurs(
            "trees that broke a promise",
            "%d of %d"
                .formatted(
                    trials.stream().mapToLong(TreeTrials::contradictions).sum(),
                    trials.stream().mapToLong(TreeTrials::trees).sum())));
    found.stream()
        .flatMap(one -> one.registers().stream())
        .map(one -> PaperClaim.ofOurs(one.register(), one.verdict().words()))
        .forEach(claims::add);
    return claims;
  }

  private static List<Grid> grids(OrderResult found, OrderResult rounded, List<TreeTrials> trials) {
    return List.of(
        dots("Dot products in any order, %d images", found),
        layers("Proved / refuted, % of the dot products of a layer", found),
        dots("Dot products of rounded operands in any order, %d images", rounded),
        layers("The same by layer: proved / refuted, % of its dot products", rounded),
        trees(trials));
  }

  private static Grid dots(String title, OrderResult found) {
    List<List<Object>> rows = new ArrayList<>();
    for (OrderFreedom one : found.registers()) {
      rows.add(
          List.of(
              one.register(),
              one.verdict().words(),
              share(one, LayerOrders::oneValue),
              share(one, LayerOrders::oneCode),
              share(one, LayerOrders::refuted),
              share(one, LayerOrders::undecided),
              one.answers().map(of -> String.valueOf(of.proved())).orElse(""),
              one.answers().flatMap(of -> of.seenChanged()).map(String::valueOf).orElse("")));
    }
    return new Grid(
        title.formatted(found.images()),
        List.of(
            "register",
            "verdict",
            "one value %",
            "one code %",
            "refuted %",
            "undecided %",
            "images proved",
            "images seen to change"),
        rows);
  }

  private static double share(OrderFreedom of, ToLongFunction<LayerOrders> count) {
    return 100.0 * of.layers().stream().mapToLong(count).sum() / Math.max(1, of.dots());
  }

  /** Proved and refuted, by layer and register. */
  private static Grid layers(String title, OrderResult found) {
    List<String> columns = new ArrayList<>(List.of("layer", "K"));
    found.registers().forEach(one -> columns.add(one.register()));
    List<List<Object>> rows = new ArrayList<>();
    for (LayerOrders layer : found.registers().getFirst().layers()) {
      List<Object> row = new ArrayList<>(List.of(layer.name(), layer.terms()));
      for (OrderFreedom register : found.registers()) {
        row.add(
            register.layers().stream()
                .filter(one -> one.name().equals(layer.name()))
                .findFirst()
                .map(one ->
                    text(
                        "%.1f / %.1f",
                        100.0 * (one.oneValue() + one.oneCode()) / one.dots(),
                        100.0 * one.refuted() / one.dots()))
                .orElse(""));
      }
      rows.add(row);
    }
    return new Grid(title, columns, rows);
  }

  private static Grid trees(List<TreeTrials> trials) {
    List<List<Object>> rows = new ArrayList<>();
    for (TreeTrials one : trials) {
      rows.add(
          List.of(
              one.register(),
              one.dots(),
              (int) one.trees(),
              one.oneValue(),
              one.bounded(),
              text("%.3f", one.closest()),
              one.contradictions()));
    }
    return new Grid(
        "Random and adverse trees of random terms",
        List.of(
            "register",
            "dot products",
            "trees",
            "promised one value",
            "promised an error",
            "largest share of it",
            "contradictions"),
        rows);
  }
}
