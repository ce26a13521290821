package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.FloatOrders.OrderBounds;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.TermSums;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Integers summed in a floating-point register: proved on an exact lattice, or where the enclosure
 * of all orders lies in one code; refuted by a search; undecided otherwise.
 */
final class FloatJudge implements DotJudge {
  private final int layer;
  private final DotCodes codes;
  private final OrderTally tally;
  private final ImageOrders images;
  private final boolean last;
  private final int trees;
  private final boolean groups;
  private final boolean asTheyAre;
  private final FloatOrders[] orders; // by channel

  /**
   * @param layer its index, for seeds
   * @param of the layer
   * @param trees to be tried at most on a dot product that is not proved
   */
  FloatJudge(
      Accumulator register,
      int layer,
      OrderedLayer of,
      DotCodes codes,
      ImageOrders images,
      boolean last,
      int trees) {
    this.layer = layer;
    this.codes = codes;
    this.tally = of.tally();
    this.images = images;
    this.last = last;
    this.trees = trees;
    this.groups = register.takesGroups();
    this.asTheyAre = of.asTheyAre();
    Map<Integer, FloatOrders> made = new HashMap<>();
    this.orders =
        Arrays.stream(of.scales())
            .mapToObj(scale ->
                made.computeIfAbsent(scale, one -> FloatOrders.of(register, one, of.terms())))
            .toArray(FloatOrders[]::new);
  }

  @Override
  public void judge(DotPlace place, TermSums sums, Supplier<DotOperands> operands) {
    int channel = place.channel();
    FloatOrders register = orders[channel];
    OrderBounds known =
        asTheyAre
            ? new OrderBounds(register.oneValue(sums), register.range(sums))
            : register.bounds(operands.get());
    IntegerRange ends = codes.codes(channel, known.range().least(), known.range().greatest());
    DotJudge.tell(images, last, place, ends);
    if (known.oneValue()) {
      tally.addOneValue(1);
    } else if (DotJudge.oneCode(ends)) {
      tally.addOneCode();
    } else {
      DotOperands all = operands.get();
      search(place, groups ? all : all.withoutZeros()); // zeros fill groups
    }
  }

  private void search(DotPlace place, DotOperands terms) {
    int channel = place.channel();
    Extremes found =
        orders[channel].search(
            terms,
            (least, greatest) -> codes.code(channel, least) != codes.code(channel, greatest),
            trees,
            place.seed(layer));
    if (codes.code(channel, found.least()) == codes.code(channel, found.greatest())) {
      tally.addUndecided();
      return;
    }
    tally.addRefuted(
        place,
        () ->
            DotJudge.witness(
                place,
                0,
                orders[channel].whole(terms),
                found,
                value -> Optional.of(codes.code(channel, value))));
  }
}
