package dev.narrows.experiments.recipe;

import dev.narrows.experiments.input.YamlValue;

/**
 * The whole numbers that a key of a recipe may have.
 *
 * @param min the least, included
 * @param max the greatest, included
 */
record RecipeRange(int min, int max) {
  static final RecipeRange OPERAND_BITS = new RecipeRange(2, 8);
  static final RecipeRange CALIBRATE = new RecipeRange(1, 1 << 20);
  static final RecipeRange WIDTH = new RecipeRange(1, 1024);
  static final RecipeRange THREADS = new RecipeRange(1, 1024);
  static final RecipeRange BATCH = new RecipeRange(1, 1 << 16);

  /** What is written, if it lies in the range. */
  int read(YamlValue value) {
    return (int) value.integer(min, max);
  }

  /**
   * Checks a number that no file holds.
   *
   * @param key its full key
   * @throws IllegalArgumentException naming the key
   */
  void require(String key, int value) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s: must be in [%d, %d], got %d".formatted(key, min, max, value));
    }
  }
}
