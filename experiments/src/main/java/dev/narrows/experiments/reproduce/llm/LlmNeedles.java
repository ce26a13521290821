package dev.narrows.experiments.reproduce.llm;

import dev.narrows.experiments.evaluate.TextLosses;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * A fact early in a long text, asked for at its end: what the answer costs shows whether attention
 * still finds the fact. The text between is the one that choices are made on.
 *
 * @param count how many facts, each in a text of its own
 */
record LlmNeedles(LlmBed bed, int count) {
  private static final int DIGITS = 100_000;
  private static final String[] NAMES = {"Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal"};

  /**
   * The mean loss of the tokens of the answers in nats.
   *
   * @param context predictions of a text, all in one window
   * @param told whether the fact is in the text
   */
  double nats(LlmChoice choice, int context, boolean told) throws IOException {
    double sum = 0;
    int tokens = 0;
    for (int i = 0; i < count; i++) {
      String name = NAMES[i % NAMES.length];
      String number = String.format(Locale.ROOT, "%05d", new Random(i).nextInt(DIGITS));
      String fact = " The secret number of %s is %s.".formatted(name, number);
      String question = "\n The secret number of %s is".formatted(name);
      int[] before = told ? bed.tokenizer().encode(fact) : new int[0];
      int[] asked = bed.tokenizer().encode(question);
      int answer = bed.tokenizer().encode(question + " " + number).length - asked.length;
      int[] end = bed.tokenizer().encode(question + " " + number);
      int between = context + bed.unpredicted() - before.length - end.length;
      if (between < 1 || i + between > bed.choosing().length) {
        throw new IllegalArgumentException(
            "a window of %d does not hold fact and question, or the text is shorter"
                .formatted(context));
      }
      int[] text = Arrays.copyOf(before, before.length + between + end.length);
      System.arraycopy(bed.choosing(), i, text, before.length, between);
      System.arraycopy(end, 0, text, before.length + between, end.length);
      String what = "needle-%d-%s".formatted(i, told ? "told" : "untold");
      TextLosses losses = bed.losses(what, text, choice, context);
      sum += Arrays.stream(losses.nats()).skip(context - answer).sum();
      tokens += answer;
    }
    return sum / tokens;
  }
}
