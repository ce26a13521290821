package dev.narrows.experiments.language;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.repair.language.IntegerGoal;
import dev.narrows.repair.language.OutlierHandling;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that decides which integers a language model gets.
 *
 * @param model the file of the model in real numbers, as it was named
 * @param sha256 of that file
 * @param data the text that calibrates, such as wikitext-2/validation
 * @param tokens of it that are looked at, a multiple of {@code context}
 * @param context tokens of a window
 * @param outliers what is done about those among activations
 * @param vocabulary whether the product with the vocabulary becomes integers too
 */
public record LanguageRecipe(
    String model,
    String sha256,
    IntegerGoal goal,
    String data,
    int tokens,
    int context,
    OutlierHandling outliers,
    boolean vocabulary) {
  private static final String FORM = "language/1";
  private static final int MOST_TOKENS = 1 << 20;

  /**
   * Reads one.
   *
   * @throws BadInputException naming the file, the place and what was expected there
   */
  public static LanguageRecipe read(Path file) {
    return of(YamlFile.read(file));
  }

  private static LanguageRecipe of(YamlMap map) {
    map.only(
        "narrows",
        "model",
        "sha256",
        "weights",
        "activations",
        "safe",
        "feedback",
        "data",
        "tokens",
        "context",
        "migrate",
        "rotate",
        "vocabulary");
    String form = map.require("narrows").text();
    if (!form.equals(FORM)) {
      throw map.require("narrows").place().error("expected " + FORM + ", found \"" + form + "\"");
    }
    String hash = map.require("sha256").text();
    if (!hash.matches("[0-9a-f]{64}")) {
      throw map.require("sha256").place().error("expected 64 digits, found \"" + hash + "\"");
    }
    int bits = (int) map.require("weights").integer(2, 8);
    TokenCodes codes =
        map.get("activations")
            .map(given -> new TokenCodes((int) given.integer(2, 8)))
            .orElse(TokenCodes.EIGHT);
    boolean feedback = map.require("feedback").flag();
    IntegerGoal goal =
        map.get("safe")
            .map(safe ->
                safe.parsed(text ->
                    new IntegerGoal(bits, codes, Optional.of(Summation.parse(text)), feedback)))
            .orElseGet(() -> new IntegerGoal(bits, codes, Optional.empty(), feedback));
    int context = (int) map.require("context").integer(1, MOST_TOKENS);
    return new LanguageRecipe(
        map.require("model").text(),
        hash,
        goal,
        map.require("data").text(),
        (int) map.require("tokens").integer(1, MOST_TOKENS),
        context,
        new OutlierHandling(
            map.require("migrate").flag(), map.get("rotate").map(YamlValue::flag).orElse(false)),
        map.require("vocabulary").flag());
  }

  /** The recipe as its file has it. */
  public String toYaml() {
    return """
    narrows: %s
    model: "%s"
    sha256: %s
    weights: %d
    %s%sfeedback: %s
    data: "%s"
    tokens: %d
    context: %d
    migrate: %s
    %svocabulary: %s
    """
        .formatted(
            FORM,
            quoted(model),
            sha256,
            goal.bits(),
            goal.activations().equals(TokenCodes.EIGHT)
                ? ""
                : "activations: %d\n".formatted(goal.activations().bits()),
            goal.safe().map(safe -> "safe: \"" + safe + "\"\n").orElse(""),
            goal.feedback(),
            quoted(data),
            tokens,
            context,
            outliers.migrate(),
            outliers.rotate() ? "rotate: true\n" : "",
            vocabulary);
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** What is asked for, in a few words. */
  public String words() {
    return "W%dA%d, %s, %s%s%s"
        .formatted(
            goal.bits(),
            goal.activations().bits(),
            goal.feedback() ? "error feedback" : "rounding to nearest",
            goal.safe().map(safe -> "safe in " + safe).orElse("exact sums"),
            outliers.words(),
            vocabulary ? ", vocabulary too" : "");
  }
}
