package dev.narrows.network.llama;

import dev.narrows.network.execute.LayerRegisters;
import java.util.List;
import java.util.Optional;

/**
 * How large what is summed becomes on a text, in exact sums.
 *
 * @param layer that sums
 * @param product the largest magnitude of a product: over all terms k, that of any input k times
 *     that of any weight k which it met; of scores and mix within a block of queries
 * @param sum the largest magnitude of a sum, without a bias; of scores also with keys behind the
 *     query
 */
public record LlamaRange(String layer, float product, float sum) {
  /**
   * Those of a text.
   *
   * @param tokens that the model is shown, window by window
   * @param length tokens of a window
   * @return a range for each product, in the order of execution
   */
  public static List<LlamaRange> of(LlamaModel model, int[] tokens, int length, int threads) {
    try (LlamaRunner runner =
        new LlamaRunner(model, LayerRegisters.exact(), length, false, threads, Optional.empty())) {
      runner.watch();
      runner.show(tokens, length);
      return runner.ranges();
    }
  }
}
