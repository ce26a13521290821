package dev.narrows.network.bert;

/** The matrices of a layer, each summed in a register and with a bias for every row. */
enum BertMatrix {
  QUERY("attention.query", "attention.self.query"),
  KEY("attention.key", "attention.self.key"),
  VALUE("attention.value", "attention.self.value"),
  OUTPUT("attention.output", "attention.output.dense"),
  UP("feed.up", "intermediate.dense"),
  DOWN("feed.down", "output.dense");

  private final String word;
  private final String inFile;

  BertMatrix(String word, String inFile) {
    this.word = word;
    this.inFile = inFile;
  }

  /** The name of the network's layer, and of its register. */
  String name(int layer) {
    return "layer" + layer + '.' + word;
  }

  /** The name in a file, without prefix and ending. */
  String tensor(int layer) {
    return "encoder.layer." + layer + '.' + inFile;
  }

  /** Output channels. */
  int rows(BertShape shape) {
    return this == UP ? shape.hidden() : shape.dim();
  }

  /** K, the terms of a row. */
  int terms(BertShape shape) {
    return this == DOWN ? shape.hidden() : shape.dim();
  }
}
