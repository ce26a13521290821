package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.OrderSearch;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.TermSums;
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
  }

  /** This layer sums no integers. */
  @Override
  public void look(int firstChannel, int channels, Terms terms) {}

  @Override
  public void lookAtFloats(int firstChannel, int channels, FloatTerms terms) {
    for (int c = firstChannel; c < firstChannel + channels; c++) {
      for (int j = 0; j < terms.columns(); j++) {
        judge(
            new DotPlace(terms.places().image(j), c, terms.places().position(j)),
            operands(c, terms, j).withoutZeros());
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
    double[] products = operands.products();
    if (orders.oneValue(TermSums.of(products))) {
      tally.addOneValue(1);
      return;
    }
    Extremes found =
        OrderSearch.search(
            products,
            orders.sums(operands),
            (least, greatest) -> least != greatest,
            trees,
            place.seed(layer));
    if (found.least() == found.greatest()) {
      tally.addUndecided();
    } else {
      tally.addRefuted(
          place, () -> DotJudge.witness(place, 0, operands, found, _ -> Optional.empty()));
    }
  }
}
