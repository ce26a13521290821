package dev.narrows.network.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Texts of small {@code tokenizer.json} files. */
public final class TinyTokenizer {
  private TinyTokenizer() {}

  /** All bytes, "ab", then marks up to a size; a mark before every text if one is wanted. */
  public static String bytes(int size, boolean begins) {
    List<String> tokens = new ArrayList<>();
    int beyond = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
      tokens.add(String.valueOf((char) (visible ? b : beyond++)));
    }
    tokens.add("ab");
    StringBuilder marks = new StringBuilder();
    for (int id = 257; id < size; id++) {
      marks.append(id > 257 ? "," : "").append(mark(id, "<mark" + id + ">"));
    }
    String template =
        """
        {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<mark257>","type_id":0}},
        {"Sequence":{"id":"A","type_id":0}}],
        "special_tokens":{"<mark257>":{"id":"<mark257>","ids":[257],"tokens":["<mark257>"]}}}\
        """;
    return """
    {"version":"1.0","added_tokens":[%s],"normalizer":null,
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
    "post_processor":%s,
    "model":{"type":"BPE","dropout":null,"unk_token":null,"byte_fallback":false,"ignore_merges":false,
    "vocab":{%s},"merges":[["a","b"]]}}\
    """
        .formatted(marks, begins ? template : "null", vocabulary(tokens));
  }

  /** Marks and a few pieces of words, as BERT has them. */
  public static String pieces(List<String> tokens) {
    List<String> all = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
    all.addAll(tokens);
    return """
    {"version":"1.0","added_tokens":[%s],
    "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
    "strip_accents":null,"lowercase":true},
    "pre_tokenizer":{"type":"BertPreTokenizer"},
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
    {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
    "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},
    "[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
    "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
    "max_input_chars_per_word":100,"vocab":{%s}}}\
    """
        .formatted(
            String.join(
                ",", mark(0, "[PAD]"), mark(1, "[UNK]"), mark(2, "[CLS]"), mark(3, "[SEP]")),
            vocabulary(all));
  }

  private static String mark(int id, String content) {
    return """
    {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,\
    "special":true}\
    """
        .formatted(id, content);
  }

  private static String vocabulary(List<String> tokens) {
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < tokens.size(); id++) {
      String quoted =
          Map.of("\"", "\\\"", "\\", "\\\\").getOrDefault(tokens.get(id), tokens.get(id));
      text.append(id > 0 ? "," : "").append('"').append(quoted).append("\":").append(id);
    }
    return text.toString();
  }
}
