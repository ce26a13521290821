package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** The losses of a text by a model that is run as a network, window by window. */
final class NetworkLoss {
  private NetworkLoss() {}

  static LanguageLoss of(
      LanguageModel model,
      int length,
      int[] tokens,
      LayerRegisters registers,
      boolean metered,
      int threads,
      IntConsumer progress) {
    int all = LanguageLoss.predictions(model, tokens);
    double[] nats = new double[all];
    int[] likeliest = new int[all];
    List<FloatStatistics> statistics = List.of();
    RunOptions options = metered ? RunOptions.none().withStatistics() : RunOptions.none();
    int done = 0;
    while (done < all) {
      int count = Math.min(length, all - done); // the last window may be shorter
      int same = (all - done) / count; // windows of this length
      Network network = model.network(count);
      try (Executor executor = Executor.of(network, registers, threads)) {
        for (int window = 0; window < same; ) {
          int some = Math.min(threads, same - window);
          int[] ids = LanguageLoss.inputs(model, tokens, done, some * count, length);
          Execution run = executor.run(ImageSource.of(network, ids, some), options);
          float[] scores = run.numbers();
          int each = scores.length / some;
          for (int i = 0; i < some; i++) {
            int[] targets = LanguageLoss.targets(model, tokens, done, count);
            float[] ofWindow = Arrays.copyOfRange(scores, i * each, (i + 1) * each);
            Scores.read(ofWindow, count, model.vocabulary(), targets, nats, likeliest, done);
            done += count;
          }
          statistics = FloatStatistics.plus(statistics, run.statistics());
          window += some;
          progress.accept(done);
        }
      }
    }
    return new LanguageLoss(nats, likeliest, statistics, List.of(), List.of());
  }
}
