package dev.narrows.charts;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** How wide a text is, in the sans-serif font that the JVM finds. */
final class TextWidth {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 100);
  private final Font bold = new Font(Font.SANS_SERIF, Font.BOLD, 100);

  /** In the units of {@code size}. */
  double of(String text, double size, boolean heavy) {
    return (heavy ? bold : plain).getStringBounds(text, CONTEXT).getWidth() * size / 100;
  }
}
