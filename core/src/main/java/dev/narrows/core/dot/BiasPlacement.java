package dev.narrows.core.dot;

/** Where a dot product's bias enters. */
public enum BiasPlacement {
  /** Added in a wide adder when the register is done. */
  AFTER,
  /** Loaded (clamped or wrapped) into the final sequential register before the first term. */
  PRELOAD;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
