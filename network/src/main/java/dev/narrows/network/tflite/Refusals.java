package dev.narrows.network.tflite;

import java.util.Map;

/** Why operators that are not read are not, where there is more to say than their name. */
final class Refusals {
  private static final String DATA = "how much it makes depends on its data";
  private static final String TRANSFORM = "sums of products of a transform, no layer yet";
  private static final String RANDOM = "makes random numbers";
  private static final String TEXT = "reads text or tables of it";
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("WHERE", DATA),
          Map.entry("UNIQUE", DATA),
          Map.entry("NON_MAX_SUPPRESSION_V4", DATA),
          Map.entry("NON_MAX_SUPPRESSION_V5", DATA),
          Map.entry("RFFT2D", TRANSFORM),
          Map.entry("CUSTOM \"Mfcc\"", TRANSFORM),
          Map.entry("CUSTOM \"AudioSpectrogram\"", TRANSFORM),
          Map.entry("CUSTOM \"NumericVerify\"", "compares tensors, makes none for a network"),
          Map.entry("RANDOM_UNIFORM", RANDOM),
          Map.entry("RANDOM_STANDARD_NORMAL", RANDOM),
          Map.entry("MULTINOMIAL", RANDOM),
          Map.entry("STABLEHLO_RNG_BIT_GENERATOR", RANDOM),
          Map.entry("HASHTABLE", TEXT),
          Map.entry("HASHTABLE_FIND", TEXT),
          Map.entry("HASHTABLE_IMPORT", TEXT),
          Map.entry("HASHTABLE_SIZE", TEXT),
          Map.entry("HASHTABLE_LOOKUP", TEXT),
          Map.entry("LSH_PROJECTION", TEXT),
          Map.entry("SKIP_GRAM", TEXT));

  private Refusals() {}

  /** The reason for an operator that is read in no version; empty if there is none to give. */
  static String of(FileOperator operator) {
    String reason = REASONS.getOrDefault(operator.name(), "");
    boolean flex = operator.name().startsWith("CUSTOM \"Flex");
    return flex ? "an operator of TensorFlow's own, not TFLite's" : reason;
  }
}
