package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.layer.ActivationProduct;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.report.OrderResult.AnswersInAnyOrder;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderFreedom;
import dev.narrows.report.OrderResult.OrderVerdict;
import dev.narrows.report.UncoveredLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One register: its layers, what is found of them, and the verdict. */
final class RegisterOrders {
  private static final String EXACT_OF_ITS_OWN =
      "sums in an exact register, which no order can change";

  private final Network network;
  private final Summation summation;
  private final Accumulator accumulator;
  private final int images;
  private final int trees;
  private final boolean sequence;
  private final ImageOrders answers;
  private final Map<String, OrderedLayer> layers = new LinkedHashMap<>();
  private final List<UncoveredLayer> notCovered = new ArrayList<>();
  private boolean unknown; // whether a layer that is left out might depend on the order

  RegisterOrders(Network network, Summation summation, NetworkInputs inputs, int trees) {
    this.network = network;
    this.summation = summation;
    this.accumulator = summation.accumulator();
    this.images = inputs.images();
    this.trees = trees;
    this.sequence = inputs.sequence();
    boolean scores =
        NetworkInputs.areClassScores(network)
            && network.output().channels() == network.output().elements()
            && network.layers().getLast() instanceof DotLayer last
            && !last.isFloat();
    this.answers = new ImageOrders(images, scores ? network.output().elements() : 0);
  }

  /** Asks about a layer. */
  void add(OrderedLayer layer) {
    if (layer.layer() instanceof ActivationProduct && !layer.proved()) {
      unknown = true;
      leftOut(layer.layer(), "multiplies two inputs, whose terms are not looked at");
    } else {
      layers.put(layer.layer().name(), layer);
    }
  }

  /** Leaves a layer out. */
  void leaveOut(SummingLayer layer, LayerRegister register) {
    if (register.accumulator() instanceof Exact && !layer.isFloat()) {
      leftOut(layer, EXACT_OF_ITS_OWN);
    } else {
      unknown = true;
      leftOut(
          layer,
          layer.isFloat()
              ? "sums real numbers, and " + accumulator + " is a register for integers"
              : "has a register of its own, " + register.asked() + " (--all asks about it)");
    }
  }

  private void leftOut(Layer layer, String reason) {
    notCovered.add(new UncoveredLayer(layer.name(), layer.kind(), reason));
  }

  /** Refuses a register that is for no layer. */
  void requireSome() {
    if (layers.isEmpty()) {
      throw new BadInputException(
          "--accumulator: no layer sums in %s%s"
              .formatted(
                  summation,
                  notCovered.isEmpty()
                      ? ""
                      : "; %s %s"
                          .formatted(
                              notCovered.getFirst().name(), notCovered.getFirst().reason())));
    }
  }

  /** Whether layers get their inputs from exact sums, as no network runs in this register here. */
  boolean exactInputs() {
    return !accumulator.takesIntegers();
  }

  /** What looks at a layer of real numbers. */
  Optional<TermsProbe> probe(DotLayer layer, FloatDotWeights weights) {
    return open(layer)
        .map(one ->
            new FloatProbe(
                accumulator, weights, network.layers().indexOf(layer), one.tally(), trees));
  }

  /** What judges a layer of integers. */
  Optional<DotJudge> judge(DotLayer layer) {
    return open(layer).map(this::judge);
  }

  /** A layer that data are needed for. */
  private Optional<OrderedLayer> open(DotLayer layer) {
    // the last layer's codes decide answers
    return Optional.ofNullable(layers.get(layer.name()))
        .filter(one -> !one.proved() || isLast(layer) && answers.scores());
  }

  private boolean isLast(Layer layer) {
    return network.layers().getLast().equals(layer);
  }

  private DotJudge judge(OrderedLayer one) {
    DotLayer layer = (DotLayer) one.layer();
    int zero = network.tensor(layer.input()).quantization().zeroPoint();
    boolean floating = !accumulator.takesIntegers();
    DotCodes codes = DotCodes.of(layer, zero, one.register(), !floating);
    return floating
        ? new FloatJudge(
            accumulator, network.layers().indexOf(layer), one, codes, answers, isLast(layer), trees)
        : new IntegerJudge(accumulator, codes, one.tally(), answers, isLast(layer));
  }

  /** Whether some order might change an image's answer, so that it is worth trying some. */
  boolean mayChange() {
    return promises() && answers.proved() < images;
  }

  /**
   * Whether anything can be said of whole images. Where a register rounds operands, later layers
   * would be given other codes than those of exact sums.
   */
  private boolean promises() {
    return !unknown
        && !sequence
        && layers.values().stream().allMatch(one -> !one.layer().isFloat() && one.asTheyAre());
  }

  /**
   * What was found.
   *
   * @param seenChanged images whose answer differed between orders, where some were tried
   */
  OrderFreedom result(Optional<Integer> seenChanged, List<SummationOrder> orders) {
    List<LayerOrders> found =
        layers.values().stream().map(one -> one.result(images, accumulator)).toList();
    OrderVerdict verdict = verdict(found);
    Optional<AnswersInAnyOrder> proved =
        promises()
            ? Optional.of(
                new AnswersInAnyOrder(
                    answers.proved(),
                    seenChanged,
                    seenChanged.isEmpty()
                        ? List.of()
                        : Stream.concat(Stream.of("sequential"), orders.stream())
                            .map(Object::toString)
                            .toList()))
            : Optional.empty();
    return new OrderFreedom(
        summation.toString(),
        verdict,
        OrderWords.sentence(summation, verdict, found, proved, images),
        proved,
        found,
        notCovered);
  }

  private OrderVerdict verdict(List<LayerOrders> found) {
    if (found.stream().anyMatch(layer -> layer.refuted() > 0)) {
      return OrderVerdict.REFUTED;
    }
    if (unknown || found.stream().anyMatch(layer -> layer.undecided() > 0)) {
      return OrderVerdict.UNDECIDED;
    }
    return layers.values().stream().allMatch(OrderedLayer::proved)
        ? OrderVerdict.EVERY_INPUT
        : OrderVerdict.DATA;
  }
}
