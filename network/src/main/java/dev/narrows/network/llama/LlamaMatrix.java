package dev.narrows.network.llama;

import java.util.List;

/** The matrices of a model; all but the embedding are products that are summed in registers. */
public enum LlamaMatrix {
  /** A row for every token; not multiplied with anything. */
  EMBEDDING("embedding"),
  QUERY("attention.query"),
  KEY("attention.key"),
  VALUE("attention.value"),
  OUTPUT("attention.output"),
  GATE("feed.gate"),
  UP("feed.up"),
  DOWN("feed.down"),
  /** A row for every token, often those of the embedding. */
  CLASSIFIER("classifier");

  private final String word;

  LlamaMatrix(String word) {
    this.word = word;
  }

  /** Whether every layer has one. */
  public boolean inLayers() {
    return this != EMBEDDING && this != CLASSIFIER;
  }

  /** The name of the layer of a network, and of its register. */
  public String name(int layer) {
    return inLayers() ? "layer" + layer + "." + word : word;
  }

  /**
   * The matrices that are given the inputs of this one, if it is the first of them; else itself.
   */
  public List<LlamaMatrix> sharing() {
    return switch (this) {
      case QUERY -> List.of(QUERY, KEY, VALUE);
      case GATE -> List.of(GATE, UP);
      case EMBEDDING, KEY, VALUE, OUTPUT, UP, DOWN, CLASSIFIER -> List.of(this);
    };
  }

  /** Output channels; of the embedding, tokens. */
  public int rows(LlamaShape shape) {
    return switch (this) {
      case EMBEDDING, CLASSIFIER -> shape.vocabulary();
      case QUERY, OUTPUT, DOWN -> shape.dim();
      case KEY, VALUE -> shape.keyDim();
      case GATE, UP -> shape.hidden();
    };
  }

  /** K, the terms of a row. */
  public int terms(LlamaShape shape) {
    return this == DOWN ? shape.hidden() : shape.dim();
  }
}
