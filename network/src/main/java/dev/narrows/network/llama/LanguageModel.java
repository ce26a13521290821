package dev.narrows.network.llama;

import dev.narrows.network.Network;
import java.util.OptionalInt;

/** A model that foretells each token of a text from those before it. */
public interface LanguageModel {
  /** The longest window of tokens. */
  int longest();

  /** The number of token ids. */
  int vocabulary();

  /** The token before every text, if the model wants one. */
  OptionalInt begin();

  /**
   * A network of at least the layers that sum, by their names in {@link #network}: what choices of
   * registers are checked on.
   */
  Network sums();

  /**
   * The model as a network on sequences of {@code length} tokens, all weights in memory: ids
   * [1][T][1] to scores [vocabulary][T][1], where those of position t depend on the ids up to t.
   *
   * @param length from 1 to {@link #longest}
   */
  Network network(int length);
}
