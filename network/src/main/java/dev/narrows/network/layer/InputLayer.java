package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor that nothing in the network computes before it is read: a further input beside tensor 0,
 * which the caller gives, or a state, which is what a later tensor held when the call before ended.
 *
 * @param feedback present for a state; a caller gives no words of it
 */
public record InputLayer(String name, TensorType output, Optional<Feedback> feedback)
    implements Layer {
  /**
   * Where a state's words come from.
   *
   * @param initial [C][H][W]: codes, or the bits of binary32 numbers, before the first call
   * @param tensor whose words become the state's when a call ends; mostly made after the state
   */
  public record Feedback(int[] initial, int tensor) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Feedback(int[] words, int source)
          && tensor == source
          && Arrays.equals(initial, words);
    }

    @Override
    public int hashCode() {
      return 31 * tensor + Arrays.hashCode(initial);
    }
  }

  public InputLayer {
    Checks.require(output.stored().isEmpty(), "an input is not rounded to %s", output.kind());
    if (feedback.isPresent()) {
      int[] words = feedback.get().initial();
      Checks.require(
          words.length == output.elements(),
          "need %d elements, got %d",
          output.elements(),
          words.length);
      if (!output.isFloat()) {
        for (int word : words) {
          LayerChecks.range(output, word, word);
        }
      }
    }
  }

  /** An input that the caller gives. */
  public static InputLayer given(String name, TensorType type) {
    return new InputLayer(name, type, Optional.empty());
  }

  /**
   * A state.
   *
   * @param initial [C][H][W]
   * @param tensor whose words become the state's when a call ends
   */
  public static InputLayer state(String name, TensorType type, int[] initial, int tensor) {
    return new InputLayer(name, type, Optional.of(new Feedback(initial, tensor)));
  }

  /** Whether it is kept between calls, not given. */
  public boolean isState() {
    return feedback.isPresent();
  }

  @Override
  public List<Integer> inputs() {
    return List.of();
  }

  @Override
  public String kind() {
    return isState() ? "state" : "input";
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.require(sources.isEmpty(), "reads nothing, got %d inputs", sources.size());
  }

  /**
   * Checks the tensor that feeds a state.
   *
   * @throws IllegalArgumentException if its words are not what the state holds
   */
  public void checkFeedback(TensorType source) {
    LayerChecks.sameShape(source, output);
    if (!source.isFloat() || !output.isFloat()) { // floats that are stored in a format are floats
      LayerChecks.sameKind(source, output);
    }
  }
}
