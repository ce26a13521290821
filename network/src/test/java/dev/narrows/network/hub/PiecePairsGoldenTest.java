package dev.narrows.network.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Pairs of pieces with bytes as a last resort: the tokens of the package tokenizers. */
class PiecePairsGoldenTest {
  private static final int ROWS = 600;

  private static Path golden() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(PiecePairsGoldenTest.class.getResource("/golden/hub/pieces"))
            .toURI());
  }

  private static TextTokenizer read(String json) throws NetworkFileException {
    return HubTokenizer.of(Path.of("tokenizer.json"), json.getBytes(StandardCharsets.UTF_8), ROWS)
        .tokenizer();
  }

  private static String way(String name) throws IOException, URISyntaxException {
    return Files.readString(golden().resolve(name + ".json"));
  }

  @Test
  void encode_everyWayToBeginAndCut_agreesWithThePackage() throws IOException, URISyntaxException {
    List<String> lines = Files.readAllLines(golden().resolve("tokens.csv"));
    Map<String, TextTokenizer> ways = new HashMap<>();
    assertThat(lines).hasSizeGreaterThan(40);
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split("\t", -1);
      if (!ways.containsKey(parts[0])) {
        ways.put(parts[0], read(way(parts[0])));
      }
      TextTokenizer tokenizer = Objects.requireNonNull(ways.get(parts[0]));
      String text = JsonMapper.shared().readValue(parts[1], String.class);
      int[] expected =
          Arrays.stream(parts[2].split(" "))
              .filter(id -> !id.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      assertThat(tokenizer.encode(text)).as(line).isEqualTo(expected);
      assertThat(tokenizer.encode(text, 3)).isEqualTo(TextTokenizer.first(expected, 3));
      String back = tokenizer.decode(expected);
      boolean begins = text.startsWith(" ") || text.startsWith("▁");
      boolean kept = parts[0].equals("never") || parts[0].equals("prepended") || !begins;
      assertThat(back).as(line).isEqualTo((kept ? text : text.substring(1)).replace('▁', ' '));
    }
    assertThat(ways).hasSize(4);
    assertThat(Objects.requireNonNull(ways.get("always")).decode(new int[] {1, 2, 0, 599}))
        .isEqualTo("");
  }

  private static void assertRefused(String way, String from, String to, String message)
      throws IOException, URISyntaxException {
    String sound = way(way);
    assertThat(sound).contains(from);
    assertThatThrownBy(() -> read(sound.replace(from, to)))
        .as(to)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageStartingWith("tokenizer.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void read_whatWouldCutOtherwise_isRefusedByItsKey() throws IOException, URISyntaxException {
    assertRefused(
        "prepended",
        "\"Prepend\"",
        "\"Append\"",
        "key \"normalizer\": pieces with bytes as a last");
    assertRefused("prepended", "\"content\":\"▁\"", "\"content\":\"_\"", "key \"normalizer\"");
    assertRefused(
        "prepended", "\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"Digits\"}", "Digits");
    assertRefused(
        "always", "\"replacement\":\"▁\"", "\"replacement\":\"_\"", "expected ▁, got \"_\"");
    assertRefused(
        "always", "\"always\"", "\"often\"", "expected always, first or never, got \"often\"");
    assertRefused("always", "\"<0x7F>\"", "\"<0x7f>\"", "the vocabulary has no token <0x7F>");
    assertRefused(
        "always", "\"ignore_merges\":false", "\"ignore_merges\":true", "is not read beside");
    assertRefused("always", "\"special\":true", "\"special\":false", "words beside pieces");
  }
}
