package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The answer to "is this network safe on that target?". */
public enum TargetVerdict {
  /** Every sum ends at its exact value, whatever the input: proved. */
  @JsonProperty("safe")
  SAFE("safe for every input"),
  /** Every sum of the data ended at its exact value; nothing is proved of other inputs. */
  @JsonProperty("safe-on-data")
  SAFE_ON_DATA("safe on these data"),
  /** Some sum of the data did not, or without data some input is known that would not. */
  @JsonProperty("unsafe")
  UNSAFE("unsafe");

  private final String words;

  TargetVerdict(String words) {
    this.words = words;
  }

  /** The verdict in words. */
  public String words() {
    return words;
  }
}
