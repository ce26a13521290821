package dev.narrows.report;

import java.util.List;

/**
 * A token whose loss rose in a register.
 *
 * @param prediction its number in the text, from 0
 * @param window the number of its window
 * @param position in the window, from 0
 * @param before the text in front of it
 * @param text of the token itself
 * @param exact its loss in exact sums, in nats
 * @param nats in the register
 */
public record TokenLoss(
    int prediction,
    int window,
    int position,
    String before,
    String text,
    double exact,
    double nats) {
  static Table table(String accumulator, List<TokenLoss> tokens) {
    Table table =
        new Table(
            "Tokens whose loss rises most in " + accumulator,
            List.of("prediction", "window", "position", "after", "token", "exact", "nats", "rise"));
    for (TokenLoss one : tokens) {
      table.row(
          one.prediction(),
          one.window(),
          one.position(),
          shown(one.before()),
          shown(one.text()),
          Table.decimals(one.exact()),
          Table.decimals(one.nats()),
          Table.decimals(one.nats() - one.exact()));
    }
    return table;
  }

  /** In one line, in quotation marks, as spaces count. */
  static String shown(String text) {
    return text.isEmpty() ? "" : "\"" + text.replace("\n", "\\n").replace("\r", "\\r") + "\"";
  }
}
