package dev.narrows.network.llama;

import dev.narrows.network.text.TextTokenizer;
import java.util.OptionalInt;

/** A model whose file, or folder, has its tokenizer. */
public interface TokenizedModel extends LanguageModel {
  /** What cuts texts into the model's tokens. */
  TextTokenizer tokenizer();

  /** The token that ends a text, if the file names one. */
  OptionalInt end();
}
