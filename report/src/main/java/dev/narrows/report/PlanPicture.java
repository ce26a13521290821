package dev.narrows.report;

import dev.narrows.report.PlanResult.PlannedLayer;
import java.util.ArrayList;
import java.util.List;

/** A plan drawn with characters: a bar for each layer, one character a bit, in 78 columns. */
final class PlanPicture {
  private static final int NAME = 32;
  private static final int BAR = 32;

  private PlanPicture() {}

  /** The lines, with what the characters mean last. */
  static List<String> of(List<PlannedLayer> layers) {
    int widest = layers.stream().mapToInt(l -> Math.max(l.bits(), l.own())).max().orElse(BAR);
    int bitsEach = Math.ceilDiv(widest, BAR);
    int names = Math.min(NAME, layers.stream().mapToInt(l -> l.name().length()).max().orElse(0));
    List<String> lines = new ArrayList<>();
    for (PlannedLayer layer : layers) {
      int bar = Math.ceilDiv(layer.bits(), bitsEach);
      int rest = Math.max(0, Math.ceilDiv(layer.own(), bitsEach) - bar);
      String name = layer.name();
      String end = name.length() > names ? "…" + name.substring(name.length() - names + 1) : name;
      lines.add(
          "%s  %s%s %d"
              .formatted(
                  end + " ".repeat(names - end.length()),
                  shade(layer.promise()).repeat(bar),
                  "·".repeat(rest),
                  layer.bits()));
    }
    lines.add(
        "█ always exact  ▓ on the search's images  ░ within the budget  · the file's own register");
    return lines;
  }

  private static String shade(String promise) {
    return switch (promise) {
      case "always" -> "█";
      case "seen" -> "▓";
      default -> "░";
    };
  }
}
