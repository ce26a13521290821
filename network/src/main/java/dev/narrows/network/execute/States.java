package dev.narrows.network.execute;

import dev.narrows.network.Network;
import dev.narrows.network.layer.InputLayer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The words of a network's states at one call, by the index of their tensor.
 *
 * @param words [C][H][W] each; shared, do not modify
 */
record States(Map<Integer, int[]> words) {
  /** Before the first call. */
  static States initial(Network network) {
    Map<Integer, int[]> words = new HashMap<>();
    network.states().forEach((tensor, feedback) -> words.put(tensor, feedback.initial()));
    return new States(words);
  }

  /** The words of a tensor that is a state. */
  int[] of(int tensor) {
    int[] state = words.get(tensor);
    if (state == null) {
      throw new IllegalStateException("tensor " + tensor + " is no state");
    }
    return state;
  }

  /**
   * At the call after one that made these tensors.
   *
   * @param tensors by index, for one sample; what it gives is copied
   */
  static States after(Network network, IntFunction<int[]> tensors) {
    Map<Integer, int[]> words = new HashMap<>();
    for (Map.Entry<Integer, InputLayer.Feedback> state : network.states().entrySet()) {
      int elements = network.tensor(state.getKey()).elements();
      int[] next = new int[elements];
      System.arraycopy(tensors.apply(state.getValue().tensor()), 0, next, 0, elements);
      words.put(state.getKey(), next);
    }
    return new States(words);
  }
}
