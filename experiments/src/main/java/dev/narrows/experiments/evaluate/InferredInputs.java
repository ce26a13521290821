package dev.narrows.experiments.evaluate;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is inferred of inputs and could be wrong, in lines for the user. */
final class InferredInputs {
  /** Numbers in 0 … 1 that reach less than this share of the codes are hardly what was meant. */
  private static final double FEW = 0.25;

  private static final int MOST_CLASSES = 5;

  private InferredInputs() {}

  /**
   * How floats become a network's integers, and warnings where most of its codes stay unused or
   * many floats lie beyond them.
   *
   * @param stored the preprocessing that the network was trained with, if it says
   */
  static List<String> floats(float[] values, Quantization input, Optional<String> stored) {
    List<String> notes = new ArrayList<>();
    float least = PixelArrays.least(values);
    float greatest = PixelArrays.greatest(values);
    long low = input.quantize(least);
    long high = input.quantize(greatest);
    notes.add(
        "floats are taken as the network's own input: %s … %s become codes %d … %d (scale %s, zero point %d)"
            .formatted(least, greatest, low, high, input.scale(), input.zeroPoint()));
    long all = input.format().max() - input.format().min() + 1;
    long reached = input.quantize(1) - input.quantize(0) + 1;
    if (least >= 0 && greatest <= 1 && reached < FEW * all) {
      notes.add(
          "warning: floats in 0 … 1 reach only %d of the input's %d codes; if they are pixels / 255, say how the network takes pixels: --preprocess %s"
              .formatted(reached, all, stored.orElse("raw, or mean=…,std=…")));
    }
    int beyond = 0;
    for (float value : values) {
      double code = value / input.scale() + input.zeroPoint();
      if (code < input.format().min() - 1 || code > input.format().max() + 1) {
        beyond++;
      }
    }
    if (beyond > 0) {
      notes.add(
          "warning: %,d of %,d floats lie beyond the input's codes and become its least or greatest"
              .formatted(beyond, values.length));
    }
    return notes;
  }

  /**
   * Whether labels can be scored against a network's outputs.
   *
   * @return warnings
   * @throws BadInputException if a label names no output
   */
  static List<String> classes(String name, Inputs inputs, Network network) {
    int outputs = network.output().elements();
    Optional<int[]> labels = inputs.labels();
    if (inputs instanceof Inputs.TextWindows || labels.isEmpty()) {
      return List.of();
    }
    int[] all = labels.get();
    for (int i = 0; i < all.length; i++) {
      if (all[i] >= outputs) {
        throw new BadInputException(
            "%s: input %d has class %d, but the network has %d outputs (classes 0 to %d)"
                .formatted(name, i, all[i], outputs, outputs - 1));
      }
    }
    if (inputs instanceof Inputs.Images images && images.set().classes() < outputs) {
      return List.of(fewer(name, images.set(), outputs));
    }
    return List.of();
  }

  private static String fewer(String name, ImageSet set, int outputs) {
    List<String> numbered = new ArrayList<>();
    for (int c = 0; c < Math.min(MOST_CLASSES, set.classNames().size()); c++) {
      numbered.add("%d %s".formatted(c, set.classNames().get(c)));
    }
    return "warning: %s has %d classes, the network %d outputs; scored as classes 0 to %d%s, which is right only if the network numbers them so"
        .formatted(
            name,
            set.classes(),
            outputs,
            set.classes() - 1,
            numbered.isEmpty()
                ? ""
                : " in the order of their names ("
                    + String.join(", ", numbered)
                    + (set.classNames().size() > MOST_CLASSES ? ", …)" : ")"));
  }
}
