package dev.narrows.experiments.reproduce.llm;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.repair.language.IntegerGoal;
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
      String name, String words, IntegerGoal goal, boolean migrate, Optional<String> against) {
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

  private static List<Variant> variants(List<Integer> tiles) {
    List<Variant> variants = new ArrayList<>();
    variants.add(new Variant("w8", "rounded", IntegerGoal.rounded(8), false, Optional.empty()));
    for (int tile : tiles.reversed()) {
      variants.add(tiled("w8-%d-feedback", "error feedback", 8, tile, true, false, "w8"));
    }
    variants.add(new Variant("w4", "rounded", IntegerGoal.rounded(4), false, Optional.empty()));
    variants.add(
        new Variant(
            "w4-feedback",
            "error feedback",
            new IntegerGoal(4, TokenCodes.EIGHT, Optional.empty(), true),
            false,
            Optional.empty()));
    variants.add(
        tiled("w4-%d-feedback", "error feedback", 4, tiles.getLast(), true, false, "w4-feedback"));
    for (int tile : tiles.reversed()) {
      variants.add(tiled("w8-%d-growth", "scale growth", 8, tile, false, false, "w8"));
    }
    variants.add(
        new Variant(
            "w8-migrated",
            "rounded, powers of two lent",
            IntegerGoal.rounded(8),
            true,
            Optional.empty()));
    variants.add(
        tiled(
            "w8-%d-feedback-migrated",
            "error feedback, powers of two lent", 8, tiles.getLast(), true, true, "w8"));
    for (int bits : new int[] {7, 6}) {
      variants.add(
          new Variant(
              "w8a%d-%d-feedback".formatted(bits, tiles.getLast()),
              "error feedback",
              new IntegerGoal(8, new TokenCodes(bits), Optional.of(chunks(tiles.getLast())), true),
              false,
              Optional.of("w8")));
    }
    return variants;
  }

  private static Variant tiled(
      String name,
      String words,
      int bits,
      int tile,
      boolean feedback,
      boolean migrate,
      String against) {
    return new Variant(
        name.formatted(tile),
        words,
        new IntegerGoal(bits, TokenCodes.EIGHT, Optional.of(chunks(tile)), feedback),
        migrate,
        Optional.of(against));
  }

  private static Summation chunks(int terms) {
    return Summation.parse("int16:saturate:chunk(%d,int32)".formatted(terms));
  }
}
