package dev.narrows.network.bert;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the vectors of tokens become that of a sentence, as {@code modules.json} of the package
 * sentence-transformers says; a folder without one takes the mean of all tokens as it is.
 *
 * @param first the first token's vector, not the mean of all
 * @param unitLength whether it is divided by its length
 * @param longest tokens of a sentence with its marks
 */
record SentencePooling(boolean first, boolean unitLength, int longest) {
  private static final String MODULES = "modules.json";
  private static final String SIZES = "sentence_bert_config.json";

  /**
   * Reads it.
   *
   * @param length the model's longest sequence
   */
  static SentencePooling of(HubFolder folder, int length) throws IOException {
    int longest = length;
    if (folder.has(SIZES)) {
      HubConfig sizes = HubConfig.read(folder.path().resolve(SIZES));
      longest = Math.min(length, sizes.wholeIfGiven("max_seq_length", 2, 1 << 20).orElse(length));
      if (sizes.truth("do_lower_case").orElse(false)) {
        throw sizes.bad(
            "do_lower_case", "texts in small letters before their tokenizer's are not read");
      }
    }
    if (!folder.has(MODULES)) {
      return new SentencePooling(false, false, longest);
    }
    Path file = folder.path().resolve(MODULES);
    boolean first = false;
    List<String> kinds = new ArrayList<>();
    for (HubConfig module : HubConfig.list(file)) {
      String type = module.text("type").orElse("none");
      String kind = type.substring(type.lastIndexOf('.') + 1);
      kinds.add(kind);
      if (kind.equals("Pooling")) {
        String path = module.text("path").orElse("");
        if (!path.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
          throw module.bad("path", "expected a folder in this one, got \"" + path + '"');
        }
        first = first(HubConfig.read(folder.path().resolve(path).resolve(HubFolder.CONFIG)));
      }
    }
    boolean unit = kinds.equals(List.of("Transformer", "Pooling", "Normalize"));
    if (!unit && !kinds.equals(List.of("Transformer", "Pooling"))) {
      throw new NetworkFileException(
          file, "modules", "expected Transformer, Pooling and perhaps Normalize, got " + kinds);
    }
    return new SentencePooling(first, unit, longest);
  }

  private static boolean first(HubConfig pooling) throws NetworkFileException {
    boolean first = pooling.truth("pooling_mode_cls_token").orElse(false);
    boolean mean = pooling.truth("pooling_mode_mean_tokens").orElse(false);
    for (String mode :
        List.of("max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")) {
      if (pooling.truth("pooling_mode_" + mode).orElse(false)) {
        throw pooling.bad("pooling_mode_" + mode, "is not read");
      }
    }
    if (first == mean) {
      throw pooling.bad(
          "pooling_mode_mean_tokens", "expected the mean of tokens or the first of them, not both");
    }
    return first;
  }
}
