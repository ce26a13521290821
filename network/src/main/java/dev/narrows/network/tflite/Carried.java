package dev.narrows.network.tflite;

/** What goes into a subgraph and comes out of it. */
sealed interface Carried {
  /** A tensor of the network being built. */
  record Computed(GraphValue value) implements Carried {}

  /** A small constant that was computed. */
  record Known(FoldedTensor tensor) implements Carried {}

  /** A constant of the file. */
  record Kept(TfliteTensorEntry entry) implements Carried {}
}
