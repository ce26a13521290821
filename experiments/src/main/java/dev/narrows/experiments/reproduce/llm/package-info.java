/**
 * Language models: without training in registers of few bits and in those of FP8 hardware, and in
 * integers.
 */
@NullMarked
package dev.narrows.experiments.reproduce.llm;

import org.jspecify.annotations.NullMarked;
