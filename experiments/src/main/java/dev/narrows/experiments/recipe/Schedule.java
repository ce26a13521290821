package dev.narrows.experiments.recipe;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the learning rate moves over a phase. */
public sealed interface Schedule {
  /**
   * The factor on the base rate.
   *
   * @param step counted from 0 over the whole phase
   * @param stepsPerEpoch ≥ 1
   * @param steps of the whole phase, &gt; {@code step}
   */
  double factor(long step, long stepsPerEpoch, long steps);

  /** Always the base rate. */
  record ConstantRate() implements Schedule {
    @Override
    public double factor(long step, long stepsPerEpoch, long steps) {
      return 1;
    }

    @Override
    public String toString() {
      return "constant";
    }
  }

  /**
   * Half a cosine from the base rate to zero, after a linear warm-up.
   *
   * @param warmup the share of the phase spent warming up, 0 to 0.9
   */
  record CosineRate(double warmup) implements Schedule {
    @Override
    public double factor(long step, long stepsPerEpoch, long steps) {
      double done = (double) step / steps;
      if (done < warmup) {
        return (step + 1) / (warmup * steps + 1);
      }
      // StrictMath: the same bits on every machine, as a resumed run must have
      return 0.5 * (1 + StrictMath.cos(Math.PI * (done - warmup) / (1 - warmup)));
    }

    @Override
    public String toString() {
      return warmup == 0 ? "cosine" : "cosine(" + warmup + ")";
    }
  }

  /**
   * Multiplied by a factor every few epochs.
   *
   * @param factor 0 to 1
   * @param epochs ≥ 1
   */
  record SteppedRate(double factor, int epochs) implements Schedule {
    @Override
    public double factor(long step, long stepsPerEpoch, long steps) {
      return StrictMath.pow(factor, step / stepsPerEpoch / epochs);
    }

    @Override
    public String toString() {
      return "step(" + factor + "," + epochs + ")";
    }
  }

  /**
   * Reads {@code constant}, {@code cosine}, {@code cosine(warmup)} or {@code step(factor,epochs)}.
   */
  static Schedule parse(String text) {
    Matcher form =
        Pattern.compile("(constant|cosine|step)(?:\\(([0-9.]{1,12})(?:, ?(\\d{1,6}))?\\))?")
            .matcher(text);
    try {
      if (form.matches()) {
        String first = form.group(2);
        String second = form.group(3);
        switch (form.group(1)) {
          case "constant" -> {
            if (first == null) {
              return new ConstantRate();
            }
          }
          case "cosine" -> {
            double warmup = first == null ? 0 : Double.parseDouble(first);
            if (second == null && warmup <= 0.9) {
              return new CosineRate(warmup);
            }
          }
          default -> {
            if (first != null && second != null) {
              double factor = Double.parseDouble(first);
              int epochs = Integer.parseInt(second);
              if (factor > 0 && factor <= 1 && epochs >= 1) {
                return new SteppedRate(factor, epochs);
              }
            }
          }
        }
      }
    } catch (NumberFormatException malformed) {
      // told below, with the forms that are understood
    }
    throw new IllegalArgumentException(
        "expected constant, cosine, cosine(warmup share up to 0.9) or step(factor,epochs), found \""
            + text
            + "\"");
  }
}
