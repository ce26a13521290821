package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * A text by a model that is run as its network: for every token the whole text before it, as
 * nothing is kept. A model of the llama family makes the same text as by {@link Sampler}.
 *
 * @param temperature what scores are divided by; 0 takes the likeliest token
 */
public record NetworkSampler(
    LanguageModel model, LayerRegisters registers, float temperature, long seed) {
  /** Checks the temperature. */
  public NetworkSampler {
    TokenDraw.requireTemperature(temperature);
  }

  /**
   * A text that goes on.
   *
   * @param begun its tokens, at least one
   * @param length tokens to add; with those that are there at most one more than the model's
   *     longest window
   * @param progress told of every token
   */
  public int[] continued(int[] begun, int length, int threads, IntConsumer progress) {
    int known = begun.length;
    if (length < 1 || known < 1 || known + length - 1 > model.longest()) {
      throw new IllegalArgumentException(
          "%d and %d tokens must be at least one each, and fit the model's window of %d"
              .formatted(known, length, model.longest()));
    }
    TokenDraw draw = new TokenDraw(model.vocabulary(), temperature);
    Random random = new Random(seed);
    int[] text = Arrays.copyOf(begun, known + length);
    for (int count = known; count < text.length; count++) {
      Network network = model.network(count);
      try (Executor executor = Executor.of(network, registers, threads)) {
        int[] ids = Arrays.copyOf(text, count);
        float[] scores = executor.run(ImageSource.of(network, ids, 1), RunOptions.none()).numbers();
        text[count] = draw.of(scores, count - 1, count, random.nextDouble());
      }
      progress.accept(text[count]);
    }
    return Arrays.copyOfRange(text, known, text.length);
  }
}
