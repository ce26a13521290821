package dev.narrows.core.lane;

/** How many items one lane adds before it hands its sum over. */
public sealed interface LaneCount {
  /**
   * Always the same number.
   *
   * @param items at least 1
   */
  record FixedCount(int items) implements LaneCount {
    public FixedCount {
      if (items < 1) {
        throw new IllegalArgumentException("a lane adds at least 1 item, got " + items);
      }
    }

    @Override
    public String toString() {
      return "*" + items;
    }
  }

  /** The n that is asked about. */
  record ChainLength() implements LaneCount {
    @Override
    public String toString() {
      return "*n";
    }
  }

  /** All that there are: the last level. */
  record AllItems() implements LaneCount {
    @Override
    public String toString() {
      return "";
    }
  }
}
