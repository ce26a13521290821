package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * Predictions of a language model whose sums were not finite: their loss is infinite, and so is the
 * perplexity of the text.
 *
 * @param predictions how many
 * @param carried those among them that only looked back at a broken token of their window
 * @param first the one with the lowest number
 * @param layers where they broke, in the order of execution
 * @param windows how many windows have one of them
 * @param rest the others; absent where none is left
 */
public record LanguageBreaks(
    int predictions,
    int carried,
    PlacedToken first,
    List<LayerBreaks> layers,
    int windows,
    Optional<RemainingLoss> rest) {
  /** Copies the list. */
  public LanguageBreaks {
    layers = List.copyOf(layers);
  }

  /**
   * A token at a layer.
   *
   * @param layer the name of the layer
   * @param prediction its number in the text, from 0
   * @param window the number of its window
   * @param position in the window, from 0
   * @param text of the token that the model was shown there; empty if unknown
   */
  public record PlacedToken(String layer, int prediction, int window, int position, String text) {}

  /**
   * Predictions that broke at one layer.
   *
   * @param name of the layer
   * @param predictions how many broke there, those that were carried left out
   */
  public record LayerBreaks(String name, int predictions) {}

  /**
   * The loss of those that are left.
   *
   * @param predictions how many they are
   * @param nats their mean loss, −ln p of a token
   * @param perplexity e to that
   * @param above how far that is above exact sums of the same predictions, in percent
   */
  public record RemainingLoss(int predictions, double nats, double perplexity, double above) {}

  static Table table() {
    return new Table(
        "Sums that are not finite",
        List.of(
            "accumulator",
            "breaks at layer",
            "prediction",
            "window",
            "position",
            "token",
            "broken",
            "carried",
            "perplexity of the rest",
            "above exact, %"));
  }

  void row(Table table, String accumulator) {
    table.row(
        accumulator,
        first.layer(),
        first.prediction(),
        first.window(),
        first.position(),
        TokenLoss.shown(first.text()),
        predictions,
        carried,
        rest.map(left -> Table.percent(left.perplexity())).orElse(""),
        rest.map(left -> Table.percent(left.above())).orElse(""));
  }
}
