package dev.narrows.experiments.narrow;

import dev.narrows.report.PlanResult;
import dev.narrows.report.PlanResult.PlannedLayer;

/** Writes a plan as the YAML that {@link dev.narrows.experiments.input.RegisterFile} reads. */
public final class PlanFile {
  private PlanFile() {}

  /** The text of the file. */
  public static String yaml(PlanResult plan) {
    StringBuilder text = new StringBuilder();
    text.append("# A register for each layer, as narrows narrow chose them.\n");
    text.append("# ").append(plan.sentence()).append('\n');
    text.append("# network: SHA-256 of the file that the plan is for\n");
    text.append("network: ").append(plan.network().sha256()).append('\n');
    text.append("promise: ").append(plan.promise()).append('\n');
    text.append("registers:\n");
    for (PlannedLayer layer : plan.layers()) {
      text.append("  ").append(quoted(layer.name())).append(": ");
      text.append(quoted(layer.register())).append('\n');
    }
    text.append("reasons: # what keeps each register from being narrower\n");
    for (PlannedLayer layer : plan.layers()) {
      text.append("  ").append(quoted(layer.name())).append(": ");
      text.append(quoted(layer.bound() + ": " + layer.reason())).append('\n');
    }
    return text.toString();
  }

  /** A YAML text in double quotes, whatever the file's names hold. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
