package dev.narrows.network.execute;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Which buffer each tensor lives in: a buffer is used again when nobody reads its tensor more. */
final class Slots {
  private Slots() {}

  /** Whether a layer's tensor is its input, read otherwise: the same buffer. */
  static boolean shares(Layer layer) {
    return switch (layer) {
      case Flatten _ -> true;
      case Rearrange moved -> moved.keepsOrder();
      default -> false;
    };
  }

  /** The slot of every tensor. */
  static int[] of(Network network) {
    int tensors = network.tensors();
    int[] owner = new int[tensors]; // the tensor whose buffer this one shares
    int[] lastUse = new int[tensors]; // by owner: the last layer that reads it
    for (int t = 0; t < tensors; t++) {
      boolean shared = t > 0 && shares(network.layers().get(t - 1));
      owner[t] = shared ? owner[network.layers().get(t - 1).inputs().getFirst()] : t;
    }
    for (int i = 0; i < network.layers().size(); i++) {
      for (int source : network.layers().get(i).inputs()) {
        lastUse[owner[source]] = i;
      }
    }
    lastUse[owner[tensors - 1]] = Integer.MAX_VALUE;
    // what feeds a state is read when the call has ended
    network.states().values().forEach(state -> lastUse[owner[state.tensor()]] = Integer.MAX_VALUE);
    int[] slots = new int[tensors];
    Arrays.fill(slots, -1);
    Deque<Integer> free = new ArrayDeque<>();
    slots[0] = 0;
    int used = 1;
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      int made = i + 1;
      if (owner[made] == made) {
        slots[made] = free.isEmpty() ? used++ : free.pop();
      } else {
        slots[made] = slots[owner[made]];
      }
      for (int source : layer.inputs().stream().distinct().toList()) {
        if (lastUse[owner[source]] == i) {
          free.push(slots[source]);
        }
      }
    }
    return slots;
  }
}
