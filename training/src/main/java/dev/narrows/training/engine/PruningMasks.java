package dev.narrows.training.engine;

import dev.narrows.core.prune.FilterPruning;
import dev.narrows.core.prune.NmPruning;
import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.optimize.Slot;
import dev.narrows.training.torch.TorchModel;
import java.util.Optional;

/**
 * Chooses and applies the masks of the layers that are not excluded.
 *
 * @see "docs/training.md, equation (27)"
 */
final class PruningMasks {
  private PruningMasks() {}

  /** Chooses masks anew from the weights as they are, and sets what they drop to zero. */
  static void choose(TorchModel model, Pruning pruning, int keep, RunState state) {
    for (DotNode dot : model.plan().model().dots()) {
      if (model.plan().narrow(dot)) {
        String array = dot.name() + ".weight";
        float[] weights = model.read(array);
        boolean[] mask = mask(dot, weights, pruning, keep);
        state.masks.put(dot.name(), mask);
        model.mask(dot.name(), mask);
        model.write(array, NmPruning.apply(weights, mask));
      }
    }
    state.kept = keep;
    state.pruned =
        switch (pruning.structure()) {
          case WEIGHTS -> Optional.of(new NmRatio(keep, pruning.group()));
          case FILTERS -> Optional.empty(); // nothing to pack: the filters that stay are dense
        };
  }

  private static boolean[] mask(DotNode dot, float[] weights, Pruning pruning, int keep) {
    int channels = dot.outputChannels();
    return switch (pruning.structure()) {
      case WEIGHTS -> NmPruning.mask(weights, channels, dot.terms(), keep, pruning.group());
      case FILTERS -> {
        boolean[] filters =
            FilterPruning.mask(
                weights,
                channels,
                dot.terms(),
                NmPruning.kept(channels, keep, pruning.group()),
                FilterPruning.FilterNorm.L1);
        boolean[] mask = new boolean[weights.length];
        for (int i = 0; i < mask.length; i++) {
          mask[i] = filters[i / dot.terms()];
        }
        yield mask;
      }
    };
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
