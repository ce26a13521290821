/** Language models without training: in registers of few bits, and in those of FP8 hardware. */
@NullMarked
package dev.narrows.experiments.reproduce.llm;

import org.jspecify.annotations.NullMarked;
