package dev.narrows.training.engine;

import dev.narrows.core.prune.NmPruning;
import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.optimize.Slot;
import dev.narrows.training.torch.TorchModel;
import java.util.Optional;

/** Chooses and applies N:M masks of the layers that are not excluded. */
final class Masks {
  private Masks() {}

  /** Chooses masks anew from the weights as they are, and sets what they drop to zero. */
  static void choose(TorchModel model, Pruning pruning, int keep, RunState state) {
    for (Dot dot : model.plan().model().dots()) {
      if (model.plan().narrow(dot)) {
        String array = dot.name() + ".weight";
        float[] weights = model.read(array);
        boolean[] mask =
            NmPruning.mask(weights, dot.outputChannels(), dot.terms(), keep, pruning.group());
        state.masks.put(dot.name(), mask);
        model.write(array, NmPruning.apply(weights, mask));
      }
    }
    state.kept = keep;
    state.pruned = Optional.of(new NmRatio(keep, pruning.group()));
  }

  /** Sets dropped weights to zero in the flat values. */
  static void apply(TorchModel model, RunState state, float[] values) {
    state.masks.forEach((layer, mask) -> {
      Slot slot = model.slot(layer + ".weight");
      for (int i = 0; i < mask.length; i++) {
        if (!mask[i]) {
          values[slot.offset() + i] = 0;
        }
      }
    });
  }
}
