package dev.narrows.network.text;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A tokenizer for what is between words that are tokens as they stand, the longest one that begins
 * at a place.
 *
 * @param words by their text, none of them empty
 * @param composed whether what is between them is brought to Unicode's form NFC first
 */
public record WordedTokenizer(TextTokenizer between, Map<String, Integer> words, boolean composed)
    implements TextTokenizer {
  public WordedTokenizer {
    words = Map.copyOf(words);
  }

  @Override
  public int[] encode(String text, int most) {
    IntStream.Builder made = IntStream.builder();
    int count = 0;
    int from = 0;
    Matcher matcher = pattern().matcher(text);
    while (count < most && !words.isEmpty() && matcher.find()) {
      count += add(text.substring(from, matcher.start()), most - count, made);
      made.add(words.getOrDefault(matcher.group(), 0));
      count++;
      from = matcher.end();
    }
    if (count < most) {
      add(text.substring(from), most - count, made);
    }
    return TextTokenizer.first(made.build().toArray(), most);
  }

  private Pattern pattern() {
    return Pattern.compile(
        words.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|")));
  }

  private int add(String part, int most, IntStream.Builder made) {
    String composedPart = composed ? Normalizer.normalize(part, Normalizer.Form.NFC) : part;
    int[] tokens = between.encode(composedPart, most);
    for (int token : tokens) {
      made.add(token);
    }
    return tokens.length;
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.length; i++) {
      for (Map.Entry<String, Integer> word : words.entrySet()) {
        if (word.getValue() == tokens[i]) {
          text.append(between.decode(Arrays.copyOfRange(tokens, from, i)));
          text.append(word.getKey());
          from = i + 1;
        }
      }
    }
    return text.append(between.decode(Arrays.copyOfRange(tokens, from, tokens.length))).toString();
  }
}
