package dev.narrows.network.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a text is cut before pairs are joined; no token reaches over a cut. Patterns are applied one
 * after the other to the parts that the one before left: a part is cut around every match.
 */
public enum PreTokenizer {
  /** Words with the space before them, numbers, marks, spaces. */
  GPT2(List.of("gpt-2", "gpt2"), false, Patterns.GPT2),
  /** The same after every digit is cut off. */
  SMOLLM(
      List.of("smollm", "starcoder", "refact", "command-r"),
      false,
      Patterns.ONE_DIGIT,
      Patterns.GPT2),
  /** Contractions in any case, up to three digits, line ends with what is before them. */
  LLAMA_BPE(
      List.of("llama-bpe", "llama3", "llama-v3"), true, Patterns.LLAMA.formatted("\\p{N}{1,3}")),
  /** The same with single digits. */
  QWEN2(List.of("qwen2", "deepseek-r1-qwen"), false, Patterns.LLAMA.formatted("\\p{N}"));

  /** In the notation of Java, where {@code \s} is Unicode's white space. */
  private static final class Patterns {
    static final String GPT2 =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    static final String ONE_DIGIT = "\\p{N}";
    static final String LLAMA =
        "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])"
            + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private Patterns() {}
  }

  private final List<String> names;
  private final boolean wholeFirst;
  private final List<Pattern> patterns;

  PreTokenizer(List<String> names, boolean wholeFirst, String... patterns) {
    this.names = names;
    this.wholeFirst = wholeFirst;
    this.patterns =
        Arrays.stream(patterns)
            .map(p -> Pattern.compile(p, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
  }

  /** The one of a name that GGUF files write, if it is known. */
  public static Optional<PreTokenizer> named(String name) {
    return Arrays.stream(values()).filter(one -> one.names.contains(name)).findFirst();
  }

  /** All names, for messages. */
  public static String all() {
    return Arrays.stream(values())
        .flatMap(one -> one.names.stream())
        .collect(Collectors.joining(", "));
  }

  /** Whether a part that is a token as a whole is that token, whatever its pairs would make. */
  boolean wholeFirst() {
    return wholeFirst;
  }

  /**
   * Gives the parts of a text in order, until one is not wanted.
   *
   * @param wanted whether more parts are wanted
   */
  void parts(String text, Predicate<String> wanted) {
    parts(text, 0, wanted);
  }

  private boolean parts(String text, int pattern, Predicate<String> wanted) {
    if (text.isEmpty()) {
      return true;
    }
    if (pattern == patterns.size()) {
      return wanted.test(text);
    }
    Matcher matcher = patterns.get(pattern).matcher(text);
    int from = 0;
    while (matcher.find()) {
      if (!parts(text.substring(from, matcher.start()), pattern + 1, wanted)
          || !parts(matcher.group(), pattern + 1, wanted)) {
        return false;
      }
      from = matcher.end();
    }
    return parts(text.substring(from), pattern + 1, wanted);
  }
}
