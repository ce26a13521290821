package dev.narrows.experiments.reproduce.llm;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.repair.language.IntegerGoal;
import dev.narrows.repair.language.OutlierHandling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is made and measured.
 *
 * @param model file in the data roots
 * @param text calibrates with one part, measures with the other
 * @param calibrate tokens
 * @param measure predictions
 * @param context tokens of a window
 */
record IntegerPlan(
    String model,
    Optional<String> tokenizer,
    String text,
    Split calibration,
    int calibrate,
    int measure,
    int context,
    List<Variant> variants) {
  /**
   * One model in integers.
   *
   * @param name of its files
   * @param against the name of the one that it is held against; empty: the model in real numbers
   */
  record Variant(
      String name,
      String words,
      IntegerGoal goal,
      OutlierHandling outliers,
      Optional<String> against) {
    String weights() {
      return "W%dA%d".formatted(goal.bits(), goal.activations().bits());
    }

    String register() {
      return goal.safe().map(Summation::toString).orElse("exact");
    }
  }

  static IntegerPlan of(Scale scale) {
    return switch (scale) {
      case SMOKE ->
          new IntegerPlan(
              "models/stories260k/stories260K.bin",
              Optional.of("models/stories260k/tok512.bin"),
              "shakespeare-small",
              Split.VALIDATION,
              512,
              1024,
              128,
              variants(List.of(16, 32)));
      case TWO_CORE ->
          new IntegerPlan(
              "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
              Optional.empty(),
              "wikitext-2",
              Split.VALIDATION,
              4096,
              2048,
              512,
              variants(List.of(16, 32, 128)));
    };
  }

  private static final OutlierHandling LENT = new OutlierHandling(true, false);
  private static final OutlierHandling ROTATED = new OutlierHandling(true, true);

  private static List<Variant> variants(List<Integer> tiles) {
    int most = tiles.getLast();
    List<Variant> variants = new ArrayList<>();
    variants.add(exact("w8", 8, 8, false, OutlierHandling.NONE));
    for (int tile : tiles.reversed()) {
      variants.add(tiled("w8-%d-feedback", 8, 8, tile, true, OutlierHandling.NONE, "w8"));
    }
    variants.add(exact("w4", 4, 8, false, OutlierHandling.NONE));
    variants.add(exact("w4-feedback", 4, 8, true, OutlierHandling.NONE));
    variants.add(tiled("w4-%d-feedback", 4, 8, most, true, OutlierHandling.NONE, "w4-feedback"));
    for (int tile : tiles.reversed()) {
      variants.add(tiled("w8-%d-growth", 8, 8, tile, false, OutlierHandling.NONE, "w8"));
    }
    variants.add(exact("w8-migrated", 8, 8, false, LENT));
    variants.add(tiled("w8-%d-feedback-migrated", 8, 8, most, true, LENT, "w8"));
    for (int bits : new int[] {7, 6}) {
      String name = "w8a%d-%%d-feedback".formatted(bits);
      variants.add(tiled(name, 8, bits, most, true, OutlierHandling.NONE, "w8"));
    }
    variants.add(exact("w8-rotated", 8, 8, false, ROTATED));
    for (int bits : new int[] {8, 7, 6, 5}) {
      String name = "w8a%d-%%d-feedback-rotated".formatted(bits);
      variants.add(tiled(name, 8, bits, most, true, ROTATED, "w8"));
    }
    variants.add(tiled("w8a6-%d-growth-rotated", 8, 6, most, false, ROTATED, "w8"));
    variants.add(exact("w4-feedback-rotated", 4, 8, true, ROTATED));
    variants.add(tiled("w4-%d-feedback-rotated", 4, 8, most, true, ROTATED, "w4-feedback-rotated"));
    return variants;
  }

  /** In exact sums, against real numbers. */
  private static Variant exact(
      String name, int weights, int activations, boolean feedback, OutlierHandling outliers) {
    IntegerGoal goal =
        new IntegerGoal(weights, new TokenCodes(activations), Optional.empty(), feedback);
    String words = (feedback ? "error feedback" : "rounded") + outliers.words();
    return new Variant(name, words, goal, outliers, Optional.empty());
  }

  /** In sums of so many products in 16 bits, which no input can overflow. */
  private static Variant tiled(
      String name,
      int weights,
      int activations,
      int tile,
      boolean feedback,
      OutlierHandling outliers,
      String against) {
    IntegerGoal goal =
        new IntegerGoal(weights, new TokenCodes(activations), Optional.of(chunks(tile)), feedback);
    String words = (feedback ? "error feedback" : "scale growth") + outliers.words();
    return new Variant(name.formatted(tile), words, goal, outliers, Optional.of(against));
  }

  private static Summation chunks(int terms) {
    return Summation.parse("int16:saturate:chunk(%d,int32)".formatted(terms));
  }
}
