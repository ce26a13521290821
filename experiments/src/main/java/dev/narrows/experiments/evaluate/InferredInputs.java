package dev.narrows.experiments.evaluate;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.PixelArrays;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is inferred of inputs and could be wrong, in lines for the user. */
final class InferredInputs {
  /** Numbers in 0 … 1 that reach less than this share of the codes are hardly what was meant. */
  private static final double FEW = 0.25;

  /** The same of any numbers. */
  private static final double VERY_FEW = 1 / 16.0;

  private static final int MOST_CLASSES = 5;
  private static final int BRIGHTEST = 255;

  private InferredInputs() {}

  /**
   * How floats become a network's inputs.
   *
   * @return what was inferred, and warnings
   * @throws BadInputException where most of an integer input's codes would stay unused, or most
   *     floats lie beyond them: then they mean something else
   */
  static List<String> floats(Network network, String name, float[] values) {
    Optional<String> stored = PixelCodes.stored(network);
    if (network.input().isFloat()) {
      return unquantised(values, stored);
    }
    Quantization input = network.input().quantization();
    requirePlausible(name, "", values, input, stored);
    return quantised(values, input);
  }

  private static List<String> unquantised(float[] values, Optional<String> stored) {
    List<String> notes = new ArrayList<>();
    notes.add("floats are taken as the network's own input");
    boolean whole = true;
    for (float value : values) {
      whole &= value == Math.rint(value);
    }
    float greatest = PixelArrays.greatest(values);
    if (whole && greatest > 1 && greatest <= BRIGHTEST && PixelArrays.least(values) >= 0) {
      notes.add(
          "warning: they are whole numbers up to %d, as pixels are; if they are pixels, say how the network takes them: --preprocess %s"
              .formatted((int) greatest, stored.orElse("unit, or mean=…,std=…")));
    }
    return notes;
  }

  /** What quantising floats by an input's own scale gives, and warnings where some lie beyond. */
  static List<String> quantised(float[] values, Quantization input) {
    List<String> notes = new ArrayList<>();
    float least = PixelArrays.least(values);
    float greatest = PixelArrays.greatest(values);
    notes.add(
        "floats are taken as the network's own input: %s … %s become codes %d … %d (scale %s, zero point %d)"
            .formatted(
                least,
                greatest,
                input.quantize(least),
                input.quantize(greatest),
                input.scale(),
                input.zeroPoint()));
    int beyond = beyond(values, input);
    if (beyond > 0) {
      notes.add(
          "warning: %,d of %,d floats lie beyond the input's codes and become its least or greatest"
              .formatted(beyond, values.length));
    }
    if (least >= 0 && greatest <= 1 && lowest(input) < -0.5 && highest(input) < 2) {
      notes.add(
          "warning: floats in 0 … 1, and the input takes %s … %s; if they are pixels / 255 and the network takes them shifted, say --preprocess mean=0.5,std=0.5"
              .formatted(number(lowest(input)), number(highest(input))));
    }
    return notes;
  }

  private static int beyond(float[] values, Quantization input) {
    int beyond = 0;
    for (float value : values) {
      double code = value / input.scale() + input.zeroPoint();
      if (code < input.format().min() - 1 || code > input.format().max() + 1) {
        beyond++;
      }
    }
    return beyond;
  }

  private static double lowest(Quantization input) {
    return input.scale() * (input.format().min() - input.zeroPoint());
  }

  private static double highest(Quantization input) {
    return input.scale() * (input.format().max() - input.zeroPoint());
  }

  /**
   * Throws where floats hardly mean an input's numbers.
   *
   * @param prefix of what {@code --preprocess} has to say
   */
  static void requirePlausible(
      String name, String prefix, float[] values, Quantization input, Optional<String> stored) {
    float least = PixelArrays.least(values);
    float greatest = PixelArrays.greatest(values);
    if (least == greatest) {
      return; // one number says nothing of a range
    }
    long all = input.format().max() - input.format().min() + 1;
    boolean fractions = least >= -1 && greatest <= 1;
    float from = least < 0 ? -1 : 0;
    long reached =
        fractions
            ? input.quantize(1) - input.quantize(from) + 1
            : Math.round((greatest - (double) least) / input.scale()) + 1;
    if (reached < (fractions ? FEW : VERY_FEW) * all) {
      throw unclear(
          name,
          prefix,
          input,
          "floats of %s … %s would reach only %d of its %d codes"
              .formatted(
                  fractions ? number(from) : String.valueOf(least),
                  fractions ? "1" : String.valueOf(greatest),
                  reached,
                  all),
          fractions ? stored.orElseGet(() -> preprocessing(input)) : "");
    }
    int beyond = beyond(values, input);
    if (beyond > values.length / 2) {
      throw unclear(
          name,
          prefix,
          input,
          "%,d of %,d floats (%s … %s) lie beyond"
              .formatted(beyond, values.length, least, greatest),
          least >= 0 && greatest <= BRIGHTEST ? stored.orElseGet(() -> preprocessing(input)) : "");
    }
  }

  /**
   * @param preprocessing that would make pixels of them; empty if they are no pixels
   */
  private static BadInputException unclear(
      String name, String prefix, Quantization input, String problem, String preprocessing) {
    return new BadInputException(
        "%s: the network's input takes numbers of %s … %s; %s. %s --preprocess %snone if they are the network's own numbers"
            .formatted(
                name,
                number(lowest(input)),
                number(highest(input)),
                problem,
                preprocessing.isEmpty()
                    ? "Undo what was done to them (a mean taken off, a scale), or say"
                    : "Say --preprocess " + prefix + preprocessing + " if they are pixels, or",
                prefix));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : text("%.4g", value);
  }

  /** How pixels become what an input with such a range takes. */
  private static String preprocessing(Quantization input) {
    double low = lowest(input);
    double high = highest(input);
    if (near(low, 0, 0.1) && near(high, 1, 0.1)) {
      return "unit";
    }
    if (near(low, -1, 0.1) && near(high, 1, 0.1)) {
      return "mean=0.5,std=0.5";
    }
    if (near(low, 0, 3) && near(high, BRIGHTEST, 30)) {
      return "raw";
    }
    if (near(low, -128, 3) && near(high, 127, 3)) {
      return "mean=0.50196,std=0.0039216"; // pixel − 128
    }
    return "mean=…,std=… (as the network was trained)";
  }

  private static boolean near(double value, double expected, double by) {
    return Math.abs(value - expected) <= by;
  }

  /**
   * Whether labels can be scored against a network's outputs.
   *
   * @return warnings
   * @throws BadInputException if a label names no output, or the classes are not the outputs
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
            "%s: input %d has class %d, but the network has %d outputs (classes 0 to %d); --unlabelled leaves the labels out"
                .formatted(name, i, all[i], outputs, outputs - 1));
      }
    }
    if (inputs instanceof Inputs.Images images
        && !images.set().classNames().isEmpty()
        && images.set().classes() < outputs) {
      throw new BadInputException(fewer(name, images.set(), outputs));
    }
    return List.of();
  }

  /**
   * Whether a network's output can be a score for each of some classes: a row of numbers, along
   * whichever dimension its file has it.
   */
  static boolean areClassScores(TensorType output) {
    int largest = Math.max(output.channels(), Math.max(output.height(), output.width()));
    return output.elements() > 1 && output.elements() == largest;
  }

  private static String fewer(String name, ImageSet set, int outputs) {
    List<String> numbered = new ArrayList<>();
    for (int c = 0; c < Math.min(MOST_CLASSES, set.classNames().size()); c++) {
      numbered.add("%d %s".formatted(c, set.classNames().get(c)));
    }
    return "%s: has %s (%s%s), the network %d outputs; call sub-folders by the numbers of the outputs that they belong to, or leave the labels out with --unlabelled"
        .formatted(
            name,
            set.classes() == 1 ? "1 class" : set.classes() + " classes",
            String.join(", ", numbered),
            set.classNames().size() > MOST_CLASSES ? ", …" : "",
            outputs);
  }
}
