package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.util.HashMap;
import java.util.Map;

/**
 * A choice of registers beside others, the base.
 *
 * @param own the steps that differ, by the index of the tensor they make
 * @param registers of those steps
 * @param affected by tensor: whether it may differ from that of the base
 * @param first the first tensor that may differ; the number of tensors if none does
 */
record Branch(
    Map<Integer, Step> own, Map<Integer, LayerRegister> registers, boolean[] affected, int first) {
  /**
   * What differs.
   *
   * @param plan of the base
   */
  static Branch of(Network network, Plan plan, LayerRegisters base, LayerRegisters choice) {
    choice.of(network); // refuses rules that match nothing
    Map<Integer, Step> own = new HashMap<>();
    Map<Integer, LayerRegister> registers = new HashMap<>();
    boolean[] affected = new boolean[network.tensors()];
    int first = network.tensors();
    for (int tensor = 1; tensor < affected.length; tensor++) {
      Layer layer = network.layers().get(tensor - 1);
      if (layer instanceof SummingLayer) {
        LayerRegister register = choice.of(layer);
        SumStep dots = plan.dots().get(tensor);
        if (dots != null && !same(register, base.of(layer))) {
          own.put(tensor, dots.in(register));
          registers.put(tensor, register);
          first = Math.min(first, tensor);
        }
      }
      affected[tensor] =
          own.containsKey(tensor) || layer.inputs().stream().anyMatch(input -> affected[input]);
    }
    return new Branch(own, registers, affected, first);
  }

  private static boolean same(LayerRegister one, LayerRegister other) {
    boolean exact = one.accumulator() instanceof Exact && other.accumulator() instanceof Exact;
    return exact
        || one.accumulator().equals(other.accumulator())
            && one.order().equals(other.order())
            && one.zero() == other.zero()
            && one.bias() == other.bias();
  }

  /** Whether one layer alone differs: an image it leaves as it is has the base's output. */
  boolean single() {
    return own.size() == 1;
  }
}
