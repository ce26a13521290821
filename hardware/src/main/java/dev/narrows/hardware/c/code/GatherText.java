package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a dot product's codes lie in a row, in flattening order: kernel row, kernel column,
 * channel. Tensors in C are [H][W][C], so the pixel itself is that row where a window is one tap;
 * else the codes under the window are copied to a buffer, zero points in the padding.
 */
record GatherText(
    Window window,
    boolean transposed,
    TensorType from,
    CType type,
    int shift,
    int elements,
    boolean forced) {
  static GatherText of(DotLayer layer, TensorType from) {
    return of(layer.window(), layer instanceof TransposedConvolution, from);
  }

  static GatherText of(Window window, TensorType from) {
    return of(window, false, from);
  }

  private static GatherText of(Window window, boolean transposed, TensorType from) {
    int elements = window.taps() * from.channels();
    return new GatherText(window, transposed, from, Scene.type(from), 0, elements, false);
  }

  /**
   * The same as a kernel reads it.
   *
   * @param as the type of the codes
   * @param added to each code
   * @param padded elements that are read, whatever is behind the last code
   */
  GatherText read(CType as, int added, int padded) {
    boolean changed = as != Scene.type(from) || added != 0 || padded > elements;
    return new GatherText(window, transposed, from, as, added, padded, changed);
  }

  /** Whether the codes are copied to a buffer. */
  boolean copies() {
    return forced || transposed || window.taps() > 1 || window.padded();
  }

  /** Statements that make {@code taps} point to the codes of position (row, column). */
  String text() {
    CType stored = Scene.type(from);
    if (!copies()) {
      return "      const %s *taps = in + (row * %d + column * %d) * %d;\n"
          .formatted(
              stored, window.strideHeight() * from.width(), window.strideWidth(), from.channels());
    }
    Map<String, Object> values = new HashMap<>();
    values.put("x", type);
    values.put("kh", window.kernelHeight());
    values.put("kw", window.kernelWidth());
    values.put("w", from.width());
    values.put("c", from.channels());
    values.put("from", stored);
    values.put("zero", from.quantization().zeroPoint() + shift);
    values.put(
        "copy",
        type == stored && shift == 0
            ? "memcpy(next, from, %d * sizeof *next);".formatted(from.channels())
            : "for (int32_t k = 0; k < %d; k++) { next[k] = (%s)(from[k] + %s); }"
                .formatted(from.channels(), type, DotCode.signed(shift)));
    values.put("sh", window.strideHeight());
    values.put("sw", window.strideWidth());
    values.put("dh", window.dilationHeight());
    values.put("dw", window.dilationWidth());
    String text;
    if (!transposed && !window.padded()) {
      text = Scene.TEMPLATES.fill("gather-plain", values);
    } else if (transposed) {
      values.put("y", "row + %d - i * %d".formatted(window.padTop(), window.dilationHeight()));
      values.put("xx", "column + %d - j * %d".formatted(window.padLeft(), window.dilationWidth()));
      values.put(
          "inside",
          "y >= 0 && y %% %1$d == 0 && y / %1$d < %2$d && x >= 0 && x %% %3$d == 0 && x / %3$d < %4$d"
              .formatted(window.strideHeight(), from.height(), window.strideWidth(), from.width()));
      values.put("iy", "y / " + window.strideHeight());
      values.put("ix", "x / " + window.strideWidth());
      text = Scene.TEMPLATES.fill("gather", values);
    } else {
      taps(values, window, from);
      values.put("iy", "y");
      values.put("ix", "x");
      text = Scene.TEMPLATES.fill("gather", values);
    }
    return text + "      const %s *taps = window;\n".formatted(type);
  }

  /** Fills in where a window's taps fall, and whether that is inside the image. */
  static void taps(Map<String, Object> values, Window window, TensorType from) {
    values.put(
        "y",
        "row * %d - %d + i * %d"
            .formatted(window.strideHeight(), window.padTop(), window.dilationHeight()));
    values.put(
        "xx",
        "column * %d - %d + j * %d"
            .formatted(window.strideWidth(), window.padLeft(), window.dilationWidth()));
    values.put(
        "inside", "y >= 0 && y < %d && x >= 0 && x < %d".formatted(from.height(), from.width()));
  }
}
