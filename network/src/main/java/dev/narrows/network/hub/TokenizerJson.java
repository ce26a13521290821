package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.text.BertText;
import dev.narrows.network.text.ByteLevelTokenizer;
import dev.narrows.network.text.PiecePairTokenizer;
import dev.narrows.network.text.PiecePairTokenizer.Beginning;
import dev.narrows.network.text.PreTokenizer;
import dev.narrows.network.text.TextTokenizer;
import dev.narrows.network.text.WordPieceTokenizer;
import dev.narrows.network.text.WordedTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a {@code tokenizer.json} as the package tokenizers writes it: a model BPE on bytes, BPE on
 * pieces with bytes as a last resort, or WordPiece, with the ways to cut a text that are known
 * here.
 */
final class TokenizerJson {
  private static final int LONGEST_WORD = 1 << 16;
  private static final String SPACE = String.valueOf(PiecePairTokenizer.SPACE);

  /** A byte-level vocabulary's cut after a pattern of its own. */
  private static final Map<String, PreTokenizer> PATTERNS =
      Map.of(
          llama("\\p{N}{1,3}"), PreTokenizer.LLAMA_BPE,
          llama("\\p{N}"), PreTokenizer.QWEN2);

  private final Path file;
  private final JsonNode root;
  private final int rows;
  private final List<@Nullable String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<Integer> marks = new HashSet<>();
  private final Map<String, Integer> words = new HashMap<>();

  TokenizerJson(Path file, JsonNode root, int rows) {
    this.file = file;
    this.root = root;
    this.rows = rows;
  }

  private static String llama(String numbers) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + numbers
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  HubTokenizer read() throws NetworkFileException {
    JsonNode model = root.path("model");
    String type = model.path("type").asString("");
    if (!type.equals("BPE") && !type.equals("WordPiece")) {
      throw bad(
          "model.type", "expected BPE or WordPiece, got " + HubConfig.shown(model.path("type")));
    }
    vocabulary(model.path("vocab"));
    added(root.path("added_tokens"));
    fill();
    TextTokenizer tokenizer = type.equals("BPE") ? pairs(model) : pieces(model);
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    template(root.path("post_processor"), "post_processor", before, after);
    return new HubTokenizer(tokenizer, array(before), array(after));
  }

  private static int[] array(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private void vocabulary(JsonNode vocab) throws NetworkFileException {
    if (!vocab.isObject() || vocab.isEmpty()) {
      throw bad("model.vocab", "expected an object of ids by token");
    }
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      put("model.vocab", entry.getKey(), entry.getValue());
    }
  }

  private int put(String place, String token, JsonNode id) throws NetworkFileException {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() >= rows) {
      throw bad(
          place,
          "token \"%s\": expected an id in [0, %d], the rows of the embedding, got %s"
              .formatted(token, rows - 1, HubConfig.shown(id)));
    }
    int at = id.intValue();
    while (tokens.size() <= at) {
      tokens.add(null);
    }
    String there = tokens.get(at);
    Integer known = ids.get(token);
    if (there != null && !there.equals(token)) {
      throw bad(place, "id %d is both \"%s\" and \"%s\"".formatted(at, there, token));
    }
    if (known != null && known != at) {
      throw bad(place, "token \"%s\" has the ids %d and %d".formatted(token, known, at));
    }
    tokens.set(at, token);
    ids.put(token, at);
    return at;
  }

  /** Marks such as the end of a text, and words that are tokens as they stand. */
  private void added(JsonNode added) throws NetworkFileException {
    if (!added.isArray() && !missing(added)) {
      throw bad("added_tokens", "expected a list");
    }
    for (JsonNode one : added) {
      String content = one.path("content").asString("");
      if (content.isEmpty()) {
        throw bad("added_tokens", "expected tokens with content, got " + HubConfig.shown(one));
      }
      int id = put("added_tokens", content, one.path("id"));
      if (one.path("special").asBoolean(false)) {
        marks.add(id);
        continue;
      }
      for (String key : List.of("single_word", "lstrip", "rstrip")) {
        if (one.path(key).asBoolean(false)) {
          throw bad("added_tokens", "token \"%s\": %s is not read".formatted(content, key));
        }
      }
      if (one.path("normalized").asBoolean(true) && !missing(root.path("normalizer"))) {
        throw bad("added_tokens", "token \"%s\": normalized is not read".formatted(content));
      }
      words.put(content, id);
    }
  }

  /** Ids behind the last token are rows that nothing uses; before it none may be missing. */
  private void fill() throws NetworkFileException {
    int gap = tokens.indexOf(null);
    if (gap >= 0) {
      throw bad(
          "model.vocab",
          "no token has the id %d, though %d has one".formatted(gap, tokens.size() - 1));
    }
    for (int id = tokens.size(); id < rows; id++) {
      tokens.add("");
      marks.add(id);
    }
  }

  private List<String> all() {
    return tokens.stream().map(Objects::requireNonNull).toList();
  }

  private TextTokenizer pairs(JsonNode model) throws NetworkFileException {
    for (String key : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
      JsonNode value = model.path(key);
      if (!missing(value) && !value.asString("-").isEmpty()) {
        throw bad("model." + key, "is not read, got " + HubConfig.shown(value));
      }
    }
    List<String> merges = new ArrayList<>();
    JsonNode learnt = model.path("merges");
    if (!learnt.isArray()) {
      throw bad("model.merges", "expected a list");
    }
    for (JsonNode merge : learnt) {
      boolean pair = merge.isArray() && merge.size() == 2;
      String text =
          pair
              ? merge.get(0).asString("") + ' ' + merge.get(1).asString("")
              : merge.isString() ? merge.stringValue() : "";
      if (text.chars().filter(c -> c == ' ').count() != 1) {
        throw bad(
            "model.merges",
            "merge %d: expected two tokens, got %s"
                .formatted(merges.size(), HubConfig.shown(merge)));
      }
      merges.add(text);
    }
    Set<Integer> noText = new HashSet<>(marks);
    noText.addAll(words.values());
    if (model.path("byte_fallback").asBoolean(false)) {
      return withBytesAsLastResort(model, merges, noText);
    }
    PreTokenizer cuts = cuts(root.path("pre_tokenizer"));
    TextTokenizer between;
    try {
      between =
          new ByteLevelTokenizer(
              all(), merges, noText, cuts, model.path("ignore_merges").asBoolean(false));
    } catch (IllegalArgumentException e) {
      throw bad("model.merges", String.valueOf(e.getMessage()));
    }
    boolean composed = composed(root.path("normalizer"));
    return words.isEmpty() && !composed ? between : new WordedTokenizer(between, words, composed);
  }

  /** Llama 2's: every space a ▁, one of them before a text. */
  private TextTokenizer withBytesAsLastResort(
      JsonNode model, List<String> merges, Set<Integer> noText) throws NetworkFileException {
    if (model.path("ignore_merges").asBoolean(false)) {
      throw bad("model.ignore_merges", "is not read beside byte_fallback");
    }
    if (!words.isEmpty()) {
      throw bad("added_tokens", "words beside pieces are not read: " + words.keySet());
    }
    JsonNode normalizer = root.path("normalizer");
    JsonNode pre = root.path("pre_tokenizer");
    boolean meta = missing(normalizer) && type(pre).equals("Metaspace");
    if (!meta && !(missing(pre) && spacesReplaced(normalizer))) {
      throw bad(
          "normalizer",
          "pieces with bytes as a last resort are read with every space replaced by ▁, by the"
              + " normalizer or by Metaspace, got %s and %s"
                  .formatted(HubConfig.shown(normalizer), HubConfig.shown(pre)));
    }
    try {
      return meta
          ? new PiecePairTokenizer(
              all(), merges, noText, beginning(pre), pre.path("split").asBoolean(true))
          : new PiecePairTokenizer(all(), merges, noText, Beginning.SPACE_ALWAYS, false);
    } catch (IllegalArgumentException e) {
      throw bad("model.merges", String.valueOf(e.getMessage()));
    }
  }

  private static boolean spacesReplaced(JsonNode normalizer) {
    List<JsonNode> steps = steps(normalizer, "normalizers");
    return steps.size() == 2
        && type(steps.get(0)).equals("Prepend")
        && steps.get(0).path("prepend").asString("").equals(SPACE)
        && type(steps.get(1)).equals("Replace")
        && steps.get(1).path("pattern").path("String").asString("").equals(" ")
        && steps.get(1).path("content").asString("").equals(SPACE);
  }

  private Beginning beginning(JsonNode meta) throws NetworkFileException {
    if (!meta.path("replacement").asString("").equals(SPACE)) {
      throw bad(
          "pre_tokenizer.replacement",
          "expected ▁, got " + HubConfig.shown(meta.path("replacement")));
    }
    String scheme =
        meta.path("prepend_scheme")
            .asString(meta.path("add_prefix_space").asBoolean(true) ? "always" : "never");
    return switch (scheme) {
      case "always", "first" -> Beginning.SPACE_IF_NONE;
      case "never" -> Beginning.NOTHING;
      default ->
          throw bad(
              "pre_tokenizer.prepend_scheme",
              "expected always, first or never, got \"" + scheme + '"');
    };
  }

  private boolean composed(JsonNode normalizer) throws NetworkFileException {
    if (missing(normalizer)) {
      return false;
    }
    if (!normalizer.path("type").asString("").equals("NFC")) {
      throw bad("normalizer", "expected none or NFC, got " + HubConfig.shown(normalizer));
    }
    return true;
  }

  /** The cut of a byte-level vocabulary. */
  private PreTokenizer cuts(JsonNode pre) throws NetworkFileException {
    List<JsonNode> steps = steps(pre, "pretokenizers");
    if (!steps.isEmpty() && type(steps.getLast()).equals("ByteLevel")) {
      JsonNode bytes = steps.getLast();
      if (bytes.path("add_prefix_space").asBoolean(true)) {
        throw bad("pre_tokenizer", "a space before every text is not read");
      }
      boolean words = bytes.path("use_regex").asBoolean(true);
      if (steps.size() == 1 && words) {
        return PreTokenizer.GPT2;
      }
      JsonNode first = steps.getFirst();
      if (steps.size() == 2
          && words
          && type(first).equals("Digits")
          && first.path("individual_digits").asBoolean(false)) {
        return PreTokenizer.SMOLLM;
      }
      PreTokenizer cuts = PATTERNS.get(first.path("pattern").path("Regex").asString(""));
      if (steps.size() == 2
          && !words
          && cuts != null
          && first.path("behavior").asString("").equals("Isolated")
          && !first.path("invert").asBoolean(false)) {
        return cuts;
      }
    }
    throw bad("pre_tokenizer", "cuts a text in a way that is not read: " + HubConfig.shown(pre));
  }

  private static List<JsonNode> steps(JsonNode node, String key) {
    List<JsonNode> steps = new ArrayList<>();
    if (type(node).equals("Sequence")) {
      node.path(key).forEach(steps::add);
    } else if (!missing(node)) {
      steps.add(node);
    }
    return steps;
  }

  private TextTokenizer pieces(JsonNode model) throws NetworkFileException {
    JsonNode normalizer = root.path("normalizer");
    if (!type(normalizer).equals("BertNormalizer")
        || !type(root.path("pre_tokenizer")).equals("BertPreTokenizer")) {
      throw bad(
          "normalizer",
          "WordPiece is read with a BertNormalizer and a BertPreTokenizer, got %s and %s"
              .formatted(HubConfig.shown(normalizer), HubConfig.shown(root.path("pre_tokenizer"))));
    }
    if (!words.isEmpty()) {
      throw bad("added_tokens", "words beside pieces are not read: " + words.keySet());
    }
    if (!model.path("continuing_subword_prefix").asString("").equals("##")) {
      throw bad(
          "model.continuing_subword_prefix",
          "expected ##, got " + HubConfig.shown(model.path("continuing_subword_prefix")));
    }
    Integer unknown = ids.get(model.path("unk_token").asString(""));
    if (unknown == null) {
      throw bad(
          "model.unk_token", "expected a token, got " + HubConfig.shown(model.path("unk_token")));
    }
    JsonNode longest = model.path("max_input_chars_per_word");
    if (!longest.canConvertToInt() || longest.intValue() < 1 || longest.intValue() > LONGEST_WORD) {
      throw bad(
          "model.max_input_chars_per_word",
          "expected a whole number in [1, %d], got %s"
              .formatted(LONGEST_WORD, HubConfig.shown(longest)));
    }
    boolean lower = normalizer.path("lowercase").asBoolean(true);
    BertText cuts =
        new BertText(
            normalizer.path("clean_text").asBoolean(true),
            normalizer.path("handle_chinese_chars").asBoolean(true),
            normalizer.path("strip_accents").asBoolean(lower), // null: where letters become small
            lower);
    return new WordPieceTokenizer(all(), marks, unknown, longest.intValue(), cuts);
  }

  /** The marks around a text. */
  private void template(JsonNode post, String place, List<Integer> before, List<Integer> after)
      throws NetworkFileException {
    switch (type(post)) {
      case "" -> {
        if (!missing(post)) {
          throw bad(place, "expected a type, got " + HubConfig.shown(post));
        }
      }
      case "ByteLevel" -> {}
      case "Sequence" -> {
        for (JsonNode one : post.path("processors")) {
          if (type(one).equals("Sequence")) {
            throw bad(place, "a sequence in a sequence is not read");
          }
          template(one, place, before, after);
        }
      }
      case "TemplateProcessing" -> {
        boolean text = false;
        for (JsonNode part : post.path("single")) {
          if (part.has("Sequence") && !text) {
            text = true;
            continue;
          }
          String mark = part.path("SpecialToken").path("id").asString("");
          JsonNode these = post.path("special_tokens").path(mark).path("ids");
          if (mark.isEmpty() || !these.isArray()) {
            throw bad(place, "expected marks around one text, got " + HubConfig.shown(part));
          }
          for (JsonNode id : these) {
            (text ? after : before).add(mark(place, id));
          }
        }
        if (!text) {
          throw bad(place, "expected a text in the template");
        }
      }
      case "BertProcessing" -> {
        before.add(mark(place, post.path("cls").path(1)));
        after.add(mark(place, post.path("sep").path(1)));
      }
      default -> throw bad(place, "is not read: " + HubConfig.shown(post));
    }
  }

  private int mark(String place, JsonNode id) throws NetworkFileException {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() >= rows) {
      throw bad(
          place, "expected an id in [0, %d], got %s".formatted(rows - 1, HubConfig.shown(id)));
    }
    return id.intValue();
  }

  private static String type(JsonNode node) {
    return node.path("type").asString("");
  }

  private static boolean missing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private NetworkFileException bad(String key, String problem) {
    return new NetworkFileException(file, "key \"" + key + '"', problem);
  }
}
