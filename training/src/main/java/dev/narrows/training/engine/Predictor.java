package dev.narrows.training.engine;

import dev.narrows.data.Examples;
import dev.narrows.data.Targets;
import dev.narrows.experiments.evaluate.MeasuredTargets;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;

/** What a network answers to examples, and how good that is. */
record Predictor(TorchModel model, JobBatches batches, boolean classes) {
  /** Examples of a batch that is only predicted. */
  static final int BATCH = 128;

  Predictor(TorchModel model, JobBatches batches) {
    this(model, batches, batches.classes());
  }

  /** The class of each answer; where targets are no classes, what tells outputs from others. */
  int[] predictions(Pass pass, Examples set) {
    return classes ? answers(pass, set) : MeasuredTargets.told(words(pass, set), set.size());
  }

  private int[] answers(Pass pass, Examples set) {
    int[] all = new int[set.size() * set.answers()];
    int at = 0;
    for (Batch batch : batches.of(set, BATCH).all()) {
      int[] some = model.predictions(pass, batch);
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
    }
    return all;
  }

  private int[] words(Pass pass, Examples set) {
    boolean integers = model.integerScores(pass);
    double[] outputs = outputs(pass, set);
    int[] words = new int[outputs.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = integers ? (int) outputs[i] : Float.floatToRawIntBits((float) outputs[i]);
    }
    return words;
  }

  /** What the network gives for each example, in units of {@link TorchModel#scoreScale}. */
  private double[] outputs(Pass pass, Examples set) {
    double[] all = new double[set.size() * set.targets().outputs()];
    int at = 0;
    for (Batch batch : batches.of(set, BATCH).all()) {
      double[] some = model.scores(pass, batch);
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
    }
    return all;
  }

  /** Accuracy in percent, or the measure of targets that are no classes; NaN without examples. */
  double quality(Pass pass, Examples set) {
    if (set.size() == 0) {
      return Double.NaN;
    }
    return classes ? accuracy(answers(pass, set), set.labels()) : measure(pass, set);
  }

  private static double accuracy(int[] answers, int[] labels) {
    int correct = 0;
    for (int i = 0; i < answers.length; i++) {
      correct += answers[i] == labels[i] ? 1 : 0;
    }
    return 100.0 * correct / answers.length;
  }

  private double measure(Pass pass, Examples set) {
    double[] outputs = outputs(pass, set);
    double scale = model.scoreScale(pass);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] *= scale;
    }
    Targets targets = set.targets();
    return new MeasuredTargets(targets, batches.job().recipe().data().measure(targets.kind()))
        .of(outputs);
  }
}
