package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A register that a network's file states for a layer, and what its weights and inputs say of it.
 *
 * @param layer its name, as the file states it
 * @param bits that the file states
 * @param needed bits by the same guarantee and conventions; absent where no layer of this name sums
 *     codes
 * @param guarantee {@code sums}, or {@code terms} if only every product fits
 * @param zero {@code offset} if codes less zero points are multiplied, {@code raw} if codes are
 * @param bias {@code after} if the register does not hold the bias, {@code preload} if it does
 * @param standing what the statement is worth
 */
public record StatedRegister(
    String layer,
    int bits,
    Optional<Integer> needed,
    String guarantee,
    String zero,
    String bias,
    Standing standing) {
  /** What a statement is worth. */
  public enum Standing {
    /** The same width, by the same proof. */
    CERTIFIED,
    /** The same width, or a wider one, by another proof. */
    PROVED_OTHERWISE,
    /** More bits are needed than the file states. */
    AT_ODDS,
    /** No layer of this name sums codes, or which codes it meets others decide. */
    UNCHECKED;

    /** "at odds". */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** A row a layer. */
  static Table table(List<StatedRegister> registers) {
    Table table =
        new Table(
            "Registers that the file states, in bits",
            List.of("layer", "stated", "needed", "guarantee", "zero", "bias", "standing"));
    for (StatedRegister one : registers) {
      table.row(
          one.layer(),
          one.bits(),
          one.needed().<Object>map(bits -> bits).orElse(""),
          one.guarantee(),
          one.zero(),
          one.bias(),
          one.standing().text());
    }
    return table;
  }
}
