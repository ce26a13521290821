package dev.narrows.network.gpt;

/** The matrices of a layer, each summed in a register and with a bias for every row. */
enum GptMatrix {
  QUERY("attention.query", "attn.c_attn", 0),
  KEY("attention.key", "attn.c_attn", 1),
  VALUE("attention.value", "attn.c_attn", 2),
  OUTPUT("attention.output", "attn.c_proj", 0),
  UP("feed.up", "mlp.c_fc", 0),
  DOWN("feed.down", "mlp.c_proj", 0);

  private final String word;
  private final String inFile;
  private final int part;

  GptMatrix(String word, String inFile, int part) {
    this.word = word;
    this.inFile = inFile;
    this.part = part;
  }

  /** The name of the network's layer, and of its register. */
  String name(int layer) {
    return "layer" + layer + '.' + word;
  }

  /** The name in a file, without prefix and ending; queries, keys and values share one. */
  String tensor(int layer) {
    return "h." + layer + '.' + inFile;
  }

  /** Which part of the tensor's columns it is. */
  int part() {
    return part;
  }

  /** Columns of its tensor, which holds [terms][columns]. */
  int columns(GptShape shape) {
    return inFile.equals("attn.c_attn") ? 3 * shape.dim() : rows(shape);
  }

  /** Output channels. */
  int rows(GptShape shape) {
    return this == UP ? shape.hidden() : shape.dim();
  }

  /** K, the terms of a row. */
  int terms(GptShape shape) {
    return this == DOWN ? shape.hidden() : shape.dim();
  }
}
