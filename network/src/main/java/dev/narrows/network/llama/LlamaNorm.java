package dev.narrows.network.llama;

/** The normalisations of a model, each with a gain for every channel. */
public enum LlamaNorm {
  /** Before attention, in every layer. */
  ATTENTION,
  /** Before the feed-forward part, in every layer. */
  FEED,
  /** Before the scores of tokens. */
  LAST
}
