package dev.narrows.network.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubTokenizerTest {
  private static final Path FILE = Path.of("tokenizer.json");

  private static HubTokenizer read(String text, int rows) throws NetworkFileException {
    return HubTokenizer.of(FILE, text.getBytes(StandardCharsets.UTF_8), rows);
  }

  @Test
  void bytes_withATemplate_haveTheirMarkBefore() throws NetworkFileException {
    HubTokenizer tokenizer = read(TinyTokenizer.bytes(259, true), 300);
    assertThat(tokenizer.before()).containsExactly(257);
    assertThat(tokenizer.after()).isEmpty();
    assertThat(tokenizer.tokenizer().encode("abc <mark258>")).startsWith(256, 'c').hasSize(12);
    assertThat(tokenizer.tokenizer().decode(new int[] {257, 256, 'c', 299, 258})).isEqualTo("abc");
    assertThat(tokenizer.marked("abc", 2)).containsExactly(257, 256);
  }

  @Test
  void pieces_withATemplate_haveTheirMarksAround() throws NetworkFileException {
    HubTokenizer tokenizer = read(TinyTokenizer.pieces(List.of("un", "##able", "!")), 7);
    assertThat(tokenizer.marked("Unable!?", 40)).containsExactly(2, 4, 5, 6, 1, 3);
    assertThat(tokenizer.marked("Unable!?", 4)).containsExactly(2, 4, 5, 3);
    assertThat(tokenizer.marked("", 4)).containsExactly(2, 3);
  }

  /** Words that are tokens as they stand are found in a text, marks are not. */
  @Test
  void addedWords_longestFirst_areFoundBeforeTheTextIsCut() throws NetworkFileException {
    String word =
        """
        {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,
        "normalized":false,"special":false},\
        """;
    String text =
        TinyTokenizer.bytes(258, false)
            .replace(
                "[{\"id\":257",
                "[" + word.formatted(258, "<é>") + word.formatted(259, "<é>b") + "{\"id\":257")
            .replace("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}");
    HubTokenizer tokenizer = read(text, 260);
    assertThat(tokenizer.tokenizer().encode("ab<é>ab<é>bab"))
        .containsExactly(256, 258, 256, 259, 256);
    assertThat(tokenizer.tokenizer().encode("ab<é>ab<é>bab", 3)).containsExactly(256, 258, 256);
    assertThat(tokenizer.tokenizer().decode(new int[] {256, 258, 256, 259, 257, 256}))
        .isEqualTo("ab<é>ab<é>bab");
    assertThat(tokenizer.tokenizer().encode("e\u0301"))
        .isEqualTo(tokenizer.tokenizer().encode("é"))
        .hasSize(2);
  }

  private static void assertRefused(String sound, String from, String to, String message) {
    assertThat(sound).contains(from);
    assertThatThrownBy(() -> read(sound.replace(from, to), 300))
        .as(to)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageStartingWith("tokenizer.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void bytes_thatAreNotRead_areRefusedByTheirKey() {
    String sound = TinyTokenizer.bytes(259, true);
    assertRefused(sound, "\"BPE\"", "\"Unigram\"", "key \"model.type\": expected BPE or WordPiece");
    assertRefused(
        sound, "\"Ā\":0", "\"Ā\":300", "key \"model.vocab\": token \"Ā\": expected an id");
    assertRefused(sound, "\"Ā\":0", "\"Ā\":-1", "expected an id in [0, 299]");
    assertRefused(sound, "\"Ā\":0", "\"Ā\":0.5", "expected an id in [0, 299]");
    assertRefused(sound, "\"Ā\":0", "\"Ā\":1", "key \"model.vocab\": id 1 is both \"Ā\" and");
    assertRefused(sound, "\"Ā\":0,", "", "no token has the id 0, though 258 has one");
    assertRefused(sound, "\"Ā\":0", "\"ā\":0", "not valid JSON: Duplicate Object property \"ā\"");
    assertRefused(
        sound,
        "{\"id\":258,\"content\":\"<mark258>\"",
        "{\"id\":258,\"content\":\"ab\"",
        "key \"added_tokens\": token \"ab\" has the ids 256 and 258");
    assertRefused(
        sound,
        "{\"id\":258,\"content\":\"<mark258>\"",
        "{\"id\":257,\"content\":\"<mark258>\"",
        "id 257 is both \"<mark257>\" and \"<mark258>\"");
    assertRefused(
        sound, "[\"a\",\"b\"]", "[\"a\",\"Б\"]", "key \"model.merges\": merge 0: expected");
    assertRefused(sound, "[\"a\",\"b\"]", "[\"a\"]", "merge 0: expected two tokens, got [\"a\"]");
    assertRefused(
        sound, "[\"a\",\"b\"]", "\"a b c\"", "merge 0: expected two tokens, got \"a b c\"");
    assertRefused(sound, "[\"a\",\"b\"]", "7", "merge 0: expected two tokens, got 7");
    assertRefused(
        sound, "\"byte_fallback\":false", "\"byte_fallback\":true", "a last resort are read");
    assertRefused(
        sound, "\"dropout\":null", "\"dropout\":0.5", "key \"model.dropout\": is not read");
    assertRefused(
        sound, "\"add_prefix_space\":false", "\"add_prefix_space\":true", "a space before every");
    assertRefused(sound, "\"use_regex\":true", "\"use_regex\":false", "cuts a text in a way that");
    assertRefused(sound, "\"ByteLevel\"", "\"Metaspace\"", "cuts a text in a way that is not read");
    assertRefused(
        sound, "\"normalizer\":null", "\"normalizer\":{\"type\":\"NFKC\"}", "expected none or NFC");
    assertRefused(
        sound, "\"ids\":[257]", "\"ids\":[300]", "key \"post_processor\": expected an id");
    assertRefused(
        sound, "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}", "{}", "expected marks around");
    assertRefused(sound, "\"special\":true", "\"lstrip\":true", "Duplicate");
    assertRefused(sound, "{\"version\"", "{\"version", "not valid JSON");
    assertRefused(sound, sound, "[]", "expected a JSON object");
    assertRefused(sound, sound, "{\"a\":".repeat(40) + "1" + "}".repeat(40), "not valid JSON");
  }

  @Test
  void pieces_thatAreNotRead_areRefusedByTheirKey() {
    String sound = TinyTokenizer.pieces(List.of("un", "##able"));
    assertRefused(
        sound, "\"BertNormalizer\"", "\"NFC\"", "WordPiece is read with a BertNormalizer");
    assertRefused(
        sound, "\"unk_token\":\"[UNK]\"", "\"unk_token\":\"?\"", "key \"model.unk_token\"");
    assertRefused(
        sound, "_word\":100", "_word\":0", "expected a whole number in [1, 65536], got 0");
    assertRefused(sound, "\"##\"", "\"@@\"", "expected ##, got \"@@\"");
  }
}
