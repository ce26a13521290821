package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code narrows/repair/1}: what became of a network that was put under a guarantee without
 * training.
 *
 * @param network the file that was repaired
 * @param repaired the file that was written; absent if none was
 * @param target the registers that it was repaired for, in words
 * @param guarantee the word for what is promised: sums or terms
 * @param holds whether no input can overflow a register of a layer that was repaired
 * @param dataset what it was calibrated on
 * @param images how many images of it
 * @param layers those that sum integers, in order
 * @param accuracy before and after; absent without a labelled set to test on
 * @param notes what a user should know, a line each
 */
public record RepairResult(
    NetworkFile network,
    Optional<NetworkFile> repaired,
    String target,
    String guarantee,
    boolean holds,
    String dataset,
    int images,
    List<LayerRepairs> layers,
    Optional<RepairAccuracy> accuracy,
    List<String> notes)
    implements Result {
  /** Copies the lists. */
  public RepairResult {
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
  }

  /**
   * What was done to a layer.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param channels output channels
   * @param terms K: how many products one sum adds
   * @param register that it was repaired for, or has
   * @param left why it stayed as it was; what follows is absent then
   * @param means how many channels had the least error by each means
   * @param medianGrowth of the new scales over the old ones
   * @param mostGrowth the largest of them
   * @param error variance of what sums change by, over that of the sums, on the calibration inputs
   * @param inputBits bits that hold what the layer multiplies
   * @param inputMost the largest |x| of it
   * @param narrowed whether its inputs were rounded to get there
   * @param needs bits that suffice for every input now
   */
  public record LayerRepairs(
      String name,
      String kind,
      int channels,
      int terms,
      String register,
      Optional<String> left,
      Optional<Map<String, Integer>> means,
      Optional<Double> medianGrowth,
      Optional<Double> mostGrowth,
      Optional<Double> error,
      Optional<Integer> inputBits,
      Optional<Long> inputMost,
      Optional<Boolean> narrowed,
      Optional<Integer> needs) {}

  /**
   * Accuracy on labelled images, in percent.
   *
   * @param dataset the labelled images
   * @param images how many there are
   * @param exact the original's in exact registers
   * @param before the original's in the registers of the target, which may overflow
   * @param after the repaired network's, in which nothing does
   * @param beforeInterval of {@code before}
   * @param afterInterval of {@code after}
   */
  public record RepairAccuracy(
      String dataset,
      int images,
      double exact,
      double before,
      double after,
      Interval beforeInterval,
      Interval afterInterval) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.REPAIR;
  }

  /** The same once the network is in a file. */
  public RepairResult writtenAs(NetworkFile file) {
    return new RepairResult(
        network,
        Optional.of(file),
        target,
        guarantee,
        holds,
        dataset,
        images,
        layers,
        accuracy,
        notes);
  }

  /** What it comes to, in a line. */
  public String verdict() {
    long repairedLayers = layers.stream().filter(layer -> layer.left().isEmpty()).count();
    String promise =
        guarantee.equals("terms")
            ? "no product can overflow in %s".formatted(target)
            : "no input can overflow in %s".formatted(target);
    return "%s: %d of %d layers repaired, %s"
        .formatted(holds ? "safe" : "NOT SAFE", repairedLayers, layers.size(), promise);
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    Table table =
        new Table(
            verdict() + "; calibrated on %d images of %s".formatted(images, dataset),
            List.of(
                "layer",
                "kind",
                "K",
                "register",
                "needs",
                "inputs",
                "channels",
                "by",
                "scale",
                "up to",
                "error %",
                "left"));
    for (LayerRepairs layer : layers) {
      table.row(
          layer.name(),
          layer.kind(),
          layer.terms(),
          layer.register(),
          layer.needs().map(String::valueOf).orElse(""),
          layer.inputBits().map(bits -> inputs(layer, bits)).orElse(""),
          layer.channels(),
          layer.means().map(RepairResult::words).orElse(""),
          layer.medianGrowth().map(RepairResult::times).orElse(""),
          layer.mostGrowth().map(RepairResult::times).orElse(""),
          layer.error().map(error -> Table.percent(100 * error)).orElse(""),
          layer.left().orElse(""));
    }
    tables.add(table.withoutEmpty("left"));
    accuracy.ifPresent(one -> {
      Table accuracies =
          new Table(
              "Accuracy on %d images of %s".formatted(one.images(), one.dataset()),
              List.of("network", "registers", "accuracy %", "95 %"));
      accuracies.row("original", "exact", Table.percent(one.exact()), "");
      accuracies.row("original", target, Table.percent(one.before()), one.beforeInterval().text());
      accuracies.row("repaired", target, Table.percent(one.after()), one.afterInterval().text());
      tables.add(accuracies);
    });
    return tables;
  }

  private static String inputs(LayerRepairs layer, int bits) {
    return layer.narrowed().orElse(false)
        ? "%d bits, to %d".formatted(bits, layer.inputMost().orElse(0L))
        : bits + " bits";
  }

  private static String words(Map<String, Integer> means) {
    return means.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String times(double growth) {
    return String.format(Locale.ROOT, "%.2f", growth);
  }
}
