package dev.narrows.training.torch;

import dev.narrows.training.model.ModelSpec;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores of classes, [example][class][position].
 *
 * @param positions answers of an example: 1, or the places of a sequence
 */
record ClassScores(int classes, int positions) {
  static ClassScores of(ModelSpec model) {
    return new ClassScores(model.classes(), model.positions());
  }

  /** Cross-entropy, or the loss that a teacher takes part in. */
  Tensor loss(Tensor scores, Batch batch, Optional<SoftTargets> teacher) {
    Tensor labels = Torch.labels(batch.labels(), batch.size() * positions).view(labelShape(scores));
    return teacher
        .filter(soft -> soft.weight() > 0)
        .map(soft -> Torch.distillation(scores, labels, soft))
        .orElseGet(() -> Torch.crossEntropy(scores, labels));
  }

  /** Labels have the scores' shape without the classes. */
  private static long[] labelShape(Tensor scores) {
    long[] shape = new long[Math.toIntExact(scores.dim()) - 1];
    shape[0] = scores.size(0);
    for (int i = 1; i < shape.length; i++) {
      shape[i] = scores.size(i + 1);
    }
    return shape;
  }

  /** The class with the best score at each place that has a label; the first one of equals. */
  int[] predictions(double[] scores, Batch batch) {
    return places(batch).map(place -> best(scores, place)).toArray();
  }

  /** How many places have their label as the best class. */
  int correct(double[] scores, Batch batch) {
    return (int)
        places(batch).filter(place -> best(scores, place) == batch.labels()[place]).count();
  }

  /** Images, or positions of sequences, that a batch has labels for. */
  private IntStream places(Batch batch) {
    return IntStream.range(0, batch.size() * positions)
        .filter(place -> batch.labels()[place] != Batch.NO_LABEL);
  }

  private int best(double[] scores, int place) {
    int from = place / positions * classes * positions + place % positions;
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (scores[from + c * positions] > scores[from + best * positions]) {
        best = c;
      }
    }
    return best;
  }
}
