package dev.narrows.experiments.reproduce.llm;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import java.util.Map;

/**
 * Registers for a language model.
 *
 * @param name what tables and stored losses call them, unlike that of others
 */
record LlmChoice(String name, LayerRegisters registers) {
  /** Wide sums. */
  static final LlmChoice EXACT = new LlmChoice("exact", LayerRegisters.exact());

  /** One register for everything. */
  static LlmChoice of(String text) {
    return new LlmChoice(text, LayerRegisters.of(Summation.parse(text)));
  }

  /** One register for the layers of a glob, all else exact. */
  static LlmChoice only(String glob, String text) {
    return new LlmChoice(
        glob + " in " + text,
        LayerRegisters.of(Summation.exact(), Map.of(glob, Summation.parse(text))));
  }
}
