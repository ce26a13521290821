package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;

/** What certificates promise, and what they do not, in the words of every command. */
public final class CertificateWords {
  private CertificateWords() {}

  /**
   * The conventions of one covered layer.
   *
   * @param zero of its register: raw or offset
   * @param bias of its register: after, preload, or none
   */
  public record Conventions(String layer, String zero, String bias) {}

  /**
   * What a guarantee promises.
   *
   * @param guarantee "sums" or "terms"
   */
  public static String claim(String guarantee) {
    return "terms".equals(guarantee)
        ? "every product, and a preloaded bias, fits its register for every input; sums may leave"
            + " it"
        : "no sum leaves its register, for any input, in any order or tree of additions";
  }

  /** What is done to the sums of covered layers outside their registers, and so is not covered. */
  public static List<String> outside(List<Conventions> layers) {
    if (layers.isEmpty()) {
      return List.of();
    }
    List<String> outside = new ArrayList<>(List.of("requantisation of every sum to a code"));
    List<String> after =
        layers.stream().filter(l -> l.bias().equals("after")).map(Conventions::layer).toList();
    if (!after.isEmpty()) {
      outside.add("bias added after the sum: " + String.join(", ", after));
    }
    List<String> corrected =
        layers.stream()
            .filter(l -> l.zero().equals("raw") && !l.bias().equals("preload"))
            .map(Conventions::layer)
            .toList();
    if (!corrected.isEmpty()) {
      outside.add("zero-point correction added after the sum: " + String.join(", ", corrected));
    }
    return outside;
  }
}
