package dev.narrows.network.llama;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.gguf.GgufFile;
import dev.narrows.network.gguf.GgufMetadata;
import dev.narrows.network.text.ByteLevelTokenizer;
import dev.narrows.network.text.PreTokenizer;
import dev.narrows.network.text.TextTokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The vocabulary that a GGUF file carries: byte-level pairs ({@code gpt2}) or pieces with scores
 * ({@code llama}).
 *
 * @param begin the token before every text, if the model wants one
 * @param end the token behind a text, if the file names one
 */
record GgufVocabulary(TextTokenizer tokenizer, OptionalInt begin, OptionalInt end) {
  private static final String ROOT = "tokenizer.ggml.";

  /** Kinds of tokens by the numbers that files write: a mark such as the end of a text. */
  private static final int UNKNOWN = 2;

  private static final int CONTROL = 3;

  /** The sign for a space in pieces. */
  private static final char SPACE = '▁';

  /**
   * Reads it.
   *
   * @param size the rows of the embedding
   */
  static GgufVocabulary of(GgufFile file, int size) throws NetworkFileException {
    return new Reading(file, size).vocabulary();
  }

  private record Reading(GgufFile file, int size) {
    GgufVocabulary vocabulary() throws NetworkFileException {
      GgufMetadata said = file.metadata();
      String model = said.text(ROOT + "model").orElse("none");
      List<String> tokens = said.texts(ROOT + "tokens").orElse(List.of());
      if (tokens.size() != size) {
        throw bad(
            "tokens",
            "expected %d, one for each row of the embedding, got %d",
            size,
            tokens.size());
      }
      boolean pieces = model.equals("llama");
      if (!pieces && !model.equals("gpt2")) {
        throw bad("model", "expected gpt2 or llama, got \"%s\"", model);
      }
      TextTokenizer tokenizer = pieces ? pieces(tokens) : bytes(tokens);
      OptionalInt first = mark("bos_token_id");
      boolean begins = said.truth(ROOT + "add_bos_token").orElse(pieces || wantsBegin());
      if (begins && first.isEmpty()) {
        throw bad("bos_token_id", "missing, and every text begins with it");
      }
      return new GgufVocabulary(
          tokenizer, begins ? first : OptionalInt.empty(), mark("eos_token_id"));
    }

    /** What llama.cpp takes for granted of vocabularies cut as those of Llama 3 are. */
    private boolean wantsBegin() throws NetworkFileException {
      return cuts().filter(PreTokenizer.LLAMA_BPE::equals).isPresent();
    }

    private Optional<PreTokenizer> cuts() throws NetworkFileException {
      return file.metadata().text(ROOT + "pre").flatMap(PreTokenizer::named);
    }

    private TextTokenizer bytes(List<String> tokens) throws NetworkFileException {
      Optional<PreTokenizer> cuts = cuts();
      if (cuts.isEmpty()) {
        throw bad(
            "pre",
            "expected one of %s, got \"%s\"",
            PreTokenizer.all(),
            file.metadata().text(ROOT + "pre").orElse("none"));
      }
      List<String> merges = file.metadata().texts(ROOT + "merges").orElse(List.of());
      try {
        return new ByteLevelTokenizer(tokens, merges, marks(), cuts.get());
      } catch (IllegalArgumentException e) {
        throw bad("merges", "%s", String.valueOf(e.getMessage()));
      }
    }

    private TextTokenizer pieces(List<String> tokens) throws NetworkFileException {
      if (!file.metadata().truth(ROOT + "add_space_prefix").orElse(true)) {
        throw bad("add_space_prefix", "texts without a space in front are not read");
      }
      double[] scores = file.metadata().reals(ROOT + "scores").orElse(new double[0]);
      if (scores.length != size) {
        throw bad("scores", "expected %d, got %d", size, scores.length);
      }
      float[] narrow = new float[size];
      for (int i = 0; i < size; i++) {
        narrow[i] = (float) scores[i];
        if (!Float.isFinite(narrow[i])) {
          throw bad("scores", "score %d must be finite, got %s", i, scores[i]);
        }
      }
      for (int b = 0; b < 256; b++) {
        int id = Tokenizer.FIRST_BYTE + b;
        String expected = "<0x%02X>".formatted(b);
        if (id >= size || !tokens.get(id).equals(expected)) {
          throw bad("tokens", "expected %s as token %d", expected, id);
        }
      }
      Set<Integer> marks = marks();
      List<String> pieces = new ArrayList<>();
      for (int id = 0; id < size; id++) {
        // a mark has no text: nothing in a text becomes it
        pieces.add(marks.contains(id) ? "" : Tokenizer.latin(tokens.get(id).replace(SPACE, ' ')));
      }
      return new Tokenizer(pieces, narrow);
    }

    private Set<Integer> marks() throws NetworkFileException {
      Optional<long[]> kinds = file.metadata().wholes(ROOT + "token_type");
      Set<Integer> marks = new HashSet<>();
      if (kinds.isPresent()) {
        if (kinds.get().length != size) {
          throw bad("token_type", "expected %d, got %d", size, kinds.get().length);
        }
        for (int id = 0; id < size; id++) {
          if (kinds.get()[id] == CONTROL || kinds.get()[id] == UNKNOWN) {
            marks.add(id);
          }
        }
      }
      return marks;
    }

    private OptionalInt mark(String key) throws NetworkFileException {
      Optional<Integer> id = file.metadata().wholeIfGiven(ROOT + key, 0, size - 1);
      return id.isPresent() ? OptionalInt.of(id.get()) : OptionalInt.empty();
    }

    private NetworkFileException bad(String key, String problem, Object... values) {
      return new NetworkFileException(
          file.path(), "metadata " + ROOT + key, problem.formatted(values));
    }
  }
}
