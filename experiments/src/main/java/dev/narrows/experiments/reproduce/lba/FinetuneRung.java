package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.experiments.reproduce.lba.LbaFinetune.BINARY32;
import static dev.narrows.experiments.reproduce.lba.LbaFinetune.FP8;

import dev.narrows.experiments.reproduce.lba.LbaRuns.Way;
import java.util.List;

/**
 * A format, and how it is trained: the more it takes from the float network, the longer and the
 * faster.
 *
 * @param first epochs without underflow
 * @param epochs with it
 */
record FinetuneRung(
    LbaFormats.Shape shape,
    List<String> operands,
    List<Long> seeds,
    double rate,
    int first,
    int epochs) {
  /** With both kinds of operands and one seed. */
  static FinetuneRung of(int mantissa, int exponent, double rate, int first, int epochs) {
    return new FinetuneRung(
        new LbaFormats.Shape(mantissa, exponent),
        List.of(BINARY32, FP8),
        List.of(1L),
        rate,
        first,
        epochs);
  }

  /** With binary32 operands only. */
  FinetuneRung binary32() {
    return new FinetuneRung(shape, List.of(BINARY32), seeds, rate, first, epochs);
  }

  /** With a second seed. */
  FinetuneRung twice() {
    return new FinetuneRung(shape, operands, List.of(1L, 2L), rate, first, epochs);
  }

  /** Epochs without and with underflow, and their rate. */
  String schedule() {
    return first == 0 ? epochs + ", " + rate : first + " + " + epochs + ", " + rate;
  }

  Way way(String numbers) {
    return new Way(numbers, "identity", first, epochs, rate);
  }
}
