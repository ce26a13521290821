package dev.narrows.training.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What training makes small, of a network's outputs and what is wanted. Means over all numbers. */
final class TargetLosses {
  private TargetLosses() {}

  /**
   * The loss of targets that are no classes.
   *
   * @param outputs [N][…], or scores of labels
   * @param targets of N inputs
   */
  static Tensor of(Tensor outputs, BatchTargets targets) {
    Tensor given = Torch.rows(outputs);
    Tensor wanted = Torch.emptyRows((int) given.size(0), (int) given.size(1));
    Torch.fill(wanted, targets.wanted());
    return switch (targets.loss()) {
      case CROSS_ENTROPY -> throw new IllegalArgumentException("cross-entropy is of classes");
      case BINARY_CROSS_ENTROPY -> torch.binary_cross_entropy_with_logits(given, wanted);
      case SQUARED -> torch.mse_loss(given, wanted);
      case ABSOLUTE -> torch.l1_loss(given, wanted);
    };
  }
}
