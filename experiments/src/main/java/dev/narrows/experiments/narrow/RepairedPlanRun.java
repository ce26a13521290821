package dev.narrows.experiments.narrow;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.ChosenPlan.RepairedFrom;
import dev.narrows.experiments.narrow.PlannableLayers.Candidate;
import dev.narrows.experiments.repair.Repair;
import dev.narrows.experiments.repair.Repairs;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.repair.channel.Levers;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanLayer;
import dev.narrows.repair.plan.PlanSearch;
import dev.narrows.repair.plan.PlanSearch.Effort;
import dev.narrows.report.PlanResult.PlanMeasured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses a plan of the promise "always" for a model whose layers may be repaired: a trial repairs
 * the network for the plan's registers, then runs it on the search's images. From the narrowest
 * width that all layers can have, single layers go lower, or a little higher.
 */
public final class RepairedPlanRun {
  /** A repair seldom loses anything so many bits below what the widest layer needs. */
  private static final int USUALLY_FREE = 4;

  /** How many registers on offer a layer's may be below that of all layers together. */
  private static final int BELOW = 5;

  private final ModelFile model;
  private final PlanRequest request;
  private final RepairLever lever;
  private final EvaluationListener listener;
  private final PlannableLayers plannable;
  private final PlanImages images;
  private final NetworkInputs calibration;
  private final Repairs repairs;

  /**
   * Prepares a model.
   *
   * @param given images; without labels, predictions in exact registers stand for them
   * @throws BadInputException if the promise is another, the model or the images cannot be repaired
   *     or planned with, or registers have a second one behind them
   */
  public RepairedPlanRun(
      ModelFile model,
      PlanRequest request,
      RepairLever lever,
      NetworkInputs given,
      EvaluationListener listener) {
    if (request.promise() != PlanRequest.Promise.ALWAYS) {
      throw new BadInputException(
          "--repair: makes sums fit whatever the input; needs --promise always");
    }
    if (request.way().order().severalRegisters()) {
      throw new BadInputException(
          "--repair: chooses one register a layer; leave the outer ones out");
    }
    this.model = model;
    this.request = request;
    this.lever = lever;
    this.listener = listener;
    this.plannable = PlannableLayers.of(model, request);
    this.images = PlanImages.of(model, request, given, true, listener);
    this.calibration = calibration();
    this.repairs = Repairs.of(model, lever.file(), calibration, common(), request.threads());
    images.requireEnough(request);
  }

  private NetworkInputs calibration() {
    NetworkInputs from = lever.calibration().orElseGet(images::search);
    int most = Math.min(lever.most(), from.images());
    return from.unlabelled().subset(images.elements(), IntStream.range(0, most).toArray());
  }

  private RepairRequest common() {
    return new RepairRequest(
        LayerRegisters.exact(),
        Guarantee.SUMS,
        Optional.empty(),
        List.of(),
        Levers.all(),
        true,
        lever.activations(),
        true,
        lever.allowZero(),
        RepairRequest.COLUMNS);
  }

  /**
   * A plan that was found, and the network that was repaired for it.
   *
   * @param repair to be written before the plan is confirmed
   */
  public record FoundRepair(Repair repair, ChosenPlan plan) {}

  /**
   * Searches.
   *
   * @param file where the search is kept; empty: nowhere
   * @throws NoPlanException if no registers on offer are within the budget
   */
  public FoundRepair search(Optional<Path> file) throws IOException {
    String key =
        images.key(model, request, plannable)
            + ", repaired on %s of %d%s%s"
                .formatted(
                    calibration.name(),
                    repairs.images(),
                    lever.file().isPresent() ? ", in its format" : "",
                    lever.activations().allowed() ? ", activations narrow" : "");
    TrialLedger ledger = TrialLedger.of(file, key);
    RepairRequest cheap = common().with(Levers.all().withoutSearch(), true);
    RepairPredictions predictions =
        new RepairPredictions(
            model.network(),
            repairs,
            Repairs.of(model, lever.file(), calibration, cheap, request.threads()),
            plannable.layers().stream()
                .map(layer -> repairable(layer) ? layer.name() : "")
                .toList(),
            request,
            listener);
    SearchTrials trials =
        new SearchTrials(predictions, images.search(), images.elements(), request, ledger);
    double budget = request.budget() / 100;
    double z = PairedCounts.quantile(request.confidence());
    List<PlanLayer> all = plannable.layers().stream().map(this::whole).toList();
    List<Integer> widths = request.widths();
    int most = plannable.layers().stream().mapToInt(Candidate::safe).max().orElseThrow();
    int guess = Math.min(enough(widths, most - USUALLY_FREE), widest(all));
    int uniform =
        PlanSearch.uniformNear(all, offered(all), guess, trials, budget, z)
            .orElseThrow(() -> NoPlanException.beyondBudget(request));
    List<PlanLayer> near = all.stream().map(layer -> near(layer, uniform)).toList();
    PlanSearch.FoundPlan found =
        PlanSearch.of(near, trials, budget, z, Effort.FRUGAL)
            .orElseGet(() -> only(all, uniform, trials));
    Repair repair =
        repairs.in(
            predictions.registers(found.widths()),
            (name, done, of) -> listener.progress("the plan, repairing " + name, done, of));
    return new FoundRepair(
        repair,
        ChosenPlan.of(model, request, plannable, found.widths())
            .withNarrower(found.narrower(), Optional.of(uniform))
            .withSearch(trials.searched(found)));
  }

  /** Where one bit more loses more, by chance, than all layers in one width. */
  private static PlanSearch.FoundPlan only(List<PlanLayer> layers, int bits, SearchTrials trials) {
    List<Integer> plan =
        layers.stream().map(layer -> Math.min(bits, layer.widths().getLast())).toList();
    return new PlanSearch.FoundPlan(
        plan,
        trials.run("the plan", plan, List.of(plan)).getFirst(),
        layers.stream().map(_ -> Optional.<PairedCounts>empty()).toList());
  }

  private static int widest(List<PlanLayer> layers) {
    return layers.stream().mapToInt(layer -> layer.widths().getLast()).max().orElseThrow();
  }

  /** Widths on offer up to the widest that any layer needs. */
  private List<Integer> offered(List<PlanLayer> layers) {
    int most = widest(layers);
    return request.widths().stream().filter(bits -> bits <= most).toList();
  }

  private static int enough(List<Integer> widths, int bits) {
    return PlannableLayers.enough(widths, bits).orElse(widths.getLast());
  }

  /** Registers up to the one that the layer needs as it is. */
  private PlanLayer whole(Candidate layer) {
    List<Integer> widths = request.widths();
    if (!repairable(layer)) {
      int needs =
          PlannableLayers.enough(widths, layer.safe())
              .orElseThrow(() -> NoPlanException.notRepairable(layer, request));
      return new PlanLayer(layer.name(), List.of(needs), layer.weight());
    }
    int most = enough(widths, layer.safe());
    return new PlanLayer(
        layer.name(), widths.stream().filter(bits -> bits <= most).toList(), layer.weight());
  }

  /** Registers near the width that all layers can have. */
  private static PlanLayer near(PlanLayer layer, int uniform) {
    List<Integer> widths = layer.widths();
    int at = widths.indexOf(uniform);
    int above = at < 0 ? widths.size() : Math.min(widths.size(), at + 2);
    int from = Math.max(0, Math.min(above - 1, (at < 0 ? above - 1 : at) - BELOW));
    return new PlanLayer(layer.name(), widths.subList(from, above), layer.weight());
  }

  private boolean repairable(Candidate layer) {
    boolean held = lever.file().map(file -> file.form(layer.name()).isPresent()).orElse(true);
    return held && layer.layer() instanceof DotLayer && !(layer.layer() instanceof IntegerMatMul);
  }

  /**
   * Confirms a plan on images that the search did not see.
   *
   * @param repaired the file that the repaired network was written to
   */
  public ChosenPlan confirmed(FoundRepair found, ModelFile repaired) {
    PlannableLayers after = PlannableLayers.of(repaired, request);
    for (int i = 0; i < after.layers().size(); i++) {
      Candidate layer = after.layers().get(i);
      if (layer.safe() > found.plan().widths().get(i)) {
        throw new IllegalStateException(
            "layer \"%s\" needs %d bits after its repair".formatted(layer.name(), layer.safe()));
      }
    }
    NetworkInputs search = images.search();
    Map<String, OverflowProfile> profiles =
        PlannableLayers.seen(
            repaired.network(),
            search,
            request,
            done -> listener.progress("profiles", done, search.images()));
    List<Integer> before = plannable.layers().stream().map(Candidate::safe).toList();
    RepairedFrom from = new RepairedFrom(model.id(), before, calibration.name(), repairs.images());
    PlanMeasured confirmed = measure("confirmation", images.confirm(), repaired);
    Optional<PlanMeasured> rest =
        request.split().rest() && images.split().rest().length > 0
            ? Optional.of(measure("others", images.rest(), repaired))
            : Optional.empty();
    return found.plan().repaired(repaired, after, from).withData(images, profiles, confirmed, rest);
  }

  /** No register overflows: both networks run in exact ones. */
  private PlanMeasured measure(String what, NetworkInputs part, ModelFile repaired) {
    EvaluationListener told = (step, done, of) -> listener.progress(what + ", " + step, done, of);
    Evaluator before = new Evaluator(model.network(), part, request.threads(), told);
    Evaluator after = new Evaluator(repaired.network(), part, request.threads(), told);
    return PlanMeasurement.of(
        part, before.exactPredictions(), after.exactPredictions(), 0, true, request);
  }
}
