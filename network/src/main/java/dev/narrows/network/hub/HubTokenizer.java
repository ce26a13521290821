package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The tokenizer of a folder, from its {@code tokenizer.json}.
 *
 * @param tokenizer of the text alone
 * @param before marks before every text
 * @param after marks behind every text
 */
public record HubTokenizer(TextTokenizer tokenizer, int[] before, int[] after) {
  static final String FILE = "tokenizer.json";

  /**
   * Reads it; the file is not trusted.
   *
   * @param rows of the model's embedding: a vocabulary may be shorter
   * @throws NetworkFileException if the file is not sound, or cuts texts in a way that is not read
   */
  public static HubTokenizer read(HubFolder folder, int rows) throws IOException {
    Path file = folder.path().resolve(FILE);
    return new TokenizerJson(file, HubJson.object(file), rows).read();
  }

  /** The same from bytes that are there already. */
  static HubTokenizer of(Path file, byte[] bytes, int rows) throws NetworkFileException {
    return new TokenizerJson(file, HubJson.object(file, bytes), rows).read();
  }

  /** The token before every text, if there is one and no more. */
  public OptionalInt begin() {
    return before.length == 1 ? OptionalInt.of(before[0]) : OptionalInt.empty();
  }

  /**
   * The tokens of a text between its marks.
   *
   * @param most tokens with the marks; what is too long loses its end
   */
  public int[] marked(String text, int most) {
    int room = Math.max(0, most - before.length - after.length);
    return IntStream.concat(
            IntStream.concat(IntStream.of(before), IntStream.of(tokenizer.encode(text, room))),
            IntStream.of(after))
        .toArray();
  }
}
