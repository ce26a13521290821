package dev.narrows.network.llama;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.text.PairMerger;
import dev.narrows.network.text.TextTokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * llama2.c's tokenizer: pieces of text with a score each. A text, with a space in front, is cut
 * into characters; then, as long as any two neighbours make a piece, the pair whose piece has the
 * highest score is joined, the first of several. A character that is no piece becomes its bytes.
 *
 * @param pieces the bytes of each token, as Latin-1 text
 * @param scores of each token
 */
public record Tokenizer(List<String> pieces, float[] scores) implements TextTokenizer {
  /** The token before every text. */
  public static final int BEGIN = 1;

  /** Byte b is token FIRST_BYTE + b: the first three are unk, s and /s. */
  static final int FIRST_BYTE = 3;

  private static final int LARGEST = 1 << 26;
  private static final int LONGEST_PIECE = 1 << 12;

  /**
   * Reads a tokenizer: the longest piece's length, then for every token its score, length and
   * bytes; little-endian. The file is not trusted.
   *
   * @param vocabulary the number of tokens
   * @throws NetworkFileException if the file is not one of so many tokens
   */
  public static Tokenizer read(Path file, int vocabulary) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new NetworkFileException(file, "file", "a tokenizer has at most 64 MiB");
    }
    GitLfsPointer.requireContent(file);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    require(file, bytes, Integer.BYTES, "header");
    bytes.getInt();
    List<String> pieces = new ArrayList<>();
    float[] scores = new float[vocabulary];
    for (int token = 0; token < vocabulary; token++) {
      String place = "token " + token;
      require(file, bytes, Float.BYTES + Integer.BYTES, place);
      scores[token] = bytes.getFloat();
      int length = bytes.getInt();
      if (!Float.isFinite(scores[token]) || length < 0 || length > LONGEST_PIECE) {
        throw new NetworkFileException(
            file,
            place,
            "expected a finite score and a length of 0 to %d, got %s and %d"
                .formatted(LONGEST_PIECE, scores[token], length));
      }
      require(file, bytes, length, place);
      byte[] piece = new byte[length];
      bytes.get(piece);
      pieces.add(new String(piece, StandardCharsets.ISO_8859_1));
    }
    if (bytes.hasRemaining()) {
      throw new NetworkFileException(
          file, "end", bytes.remaining() + " bytes behind the last of %d".formatted(vocabulary));
    }
    if (vocabulary < FIRST_BYTE + 256) {
      throw new NetworkFileException(
          file, "file", "a vocabulary has all 256 bytes, got %d tokens".formatted(vocabulary));
    }
    return new Tokenizer(pieces, scores);
  }

  private static void require(Path file, ByteBuffer bytes, int count, String place)
      throws NetworkFileException {
    if (bytes.remaining() < count) {
      throw new NetworkFileException(file, place, "the file ends too early");
    }
  }

  /** The tokens of a text, without {@link #BEGIN}; of no text, none. All of it is looked at. */
  @Override
  public int[] encode(String text, int most) {
    if (text.isEmpty()) {
      return new int[0];
    }
    Map<String, Integer> tokens = new HashMap<>();
    for (int token = 0; token < pieces.size(); token++) {
      tokens.putIfAbsent(pieces.get(token), token);
    }
    List<Integer> characters = new ArrayList<>();
    (" " + text)
        .codePoints()
        .forEach(point -> {
          String piece = latin(Character.toString(point));
          Optional<Integer> whole = Optional.ofNullable(tokens.get(piece));
          if (whole.isPresent()) {
            characters.add(whole.get());
          } else {
            piece.chars().forEach(b -> characters.add(FIRST_BYTE + b));
          }
        });
    PairMerger merger = new PairMerger((left, right) -> join(tokens, left, right));
    int[] all = merger.merge(characters.stream().mapToInt(i -> i).toArray());
    return TextTokenizer.first(all, most);
  }

  private Optional<PairMerger.Join> join(Map<String, Integer> tokens, int left, int right) {
    return Optional.ofNullable(tokens.get(pieces.get(left) + pieces.get(right)))
        .map(token -> new PairMerger.Join(token, scores[token]));
  }

  /** The text of tokens; the space that stands before a text is left out. */
  @Override
  public String decode(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean first = true;
    for (int token : tokens) {
      String piece = piece(token);
      if (token != BEGIN) {
        String told = first && piece.startsWith(" ") ? piece.substring(1) : piece;
        bytes.writeBytes(told.getBytes(StandardCharsets.ISO_8859_1));
      }
      first = token == BEGIN;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The bytes of a token: one for the tokens {@code <0x00>} to {@code <0xFF>}. */
  private String piece(int token) {
    String piece = pieces.get(token);
    return piece.matches("<0x[0-9A-F]{2}>")
        ? Character.toString(Integer.parseInt(piece.substring(3, 5), 16))
        : piece;
  }

  /** The UTF-8 bytes of a text as Latin-1 characters. */
  static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokenizer that
        && pieces.equals(that.pieces)
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return pieces.hashCode();
  }
}
