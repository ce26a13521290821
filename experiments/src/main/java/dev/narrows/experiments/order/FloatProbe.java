package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.weights.FloatDotWeights;
import java.util.Optional;

/** Judges the dot products of a layer of real numbers, whose values have no codes. */
final class FloatProbe implements TermsProbe {
  private final FloatDotWeights weights;
  private final int layer;
  private final FloatOrders orders;
  private final OrderTally tally;
  private final int trees;
  private final boolean groups;

  /**
   * @param layer its index, for seeds
   * @param trees to be tried at most on a dot product that is not proved
   */
  FloatProbe(
      Accumulator register, FloatDotWeights weights, int layer, OrderTally tally, int trees) {
    this.weights = weights;
    this.layer = layer;
    this.orders = FloatOrders.of(register, 0, weights.terms());
    this.tally = tally;
    this.trees = trees;
    this.groups = register.takesGroups();
  }

  /** This layer sums no integers. */
  @Override
  public void look(int firstChannel, int channels, Terms terms) {}

  @Override
  public void lookAtFloats(int firstChannel, int channels, FloatTerms terms) {
    for (int c = firstChannel; c < firstChannel + channels; c++) {
      for (int j = 0; j < terms.columns(); j++) {
        DotOperands all = operands(c, terms, j);
        judge(
            new DotPlace(terms.places().image(j), c, terms.places().position(j)),
            groups ? all : all.withoutZeros()); // zeros fill groups
      }
    }
  }

  private DotOperands operands(int channel, FloatTerms terms, int column) {
    int count = weights.terms();
    double[] ofChannel = new double[count];
    double[] inputs = new double[count];
    for (int k = 0; k < count; k++) {
      ofChannel[k] = weights.values()[channel * count + k];
      inputs[k] = terms.values()[k * terms.stride() + column];
    }
    return new DotOperands(ofChannel, inputs);
  }

  private void judge(DotPlace place, DotOperands operands) {
    judge(orders, trees, layer, tally, place, operands);
  }

  /**
   * What becomes of one dot product of floats: one value in every order, refuted by two orders, or
   * undecided where the trees tried end alike.
   */
  static void judge(
      FloatOrders orders,
      int trees,
      int layer,
      OrderTally tally,
      DotPlace place,
      DotOperands operands) {
    if (orders.bounds(operands).oneValue()) {
      tally.addOneValue(1);
      return;
    }
    Extremes found =
        orders.search(
            operands,
            (least, greatest) -> Double.compare(least, greatest) != 0,
            trees,
            place.seed(layer));
    if (Double.compare(found.least(), found.greatest()) == 0) { // perhaps not a number in any
      tally.addUndecided();
    } else {
      tally.addRefuted(
          place,
          () -> DotJudge.witness(place, 0, orders.whole(operands), found, _ -> Optional.empty()));
    }
  }
}
