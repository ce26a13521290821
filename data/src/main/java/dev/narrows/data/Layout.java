package dev.narrows.data;

/** The order of the dimensions of a four-dimensional array of inputs. */
public enum Layout {
  /** Input, channel, row, column: ONNX and PyTorch, and how this project keeps them. */
  NCHW,
  /** Input, row, column, channel: TensorFlow and TFLite. */
  NHWC;

  /** Reads {@code nchw} or {@code nhwc}. */
  public static Layout parse(String text) {
    return switch (text) {
      case "nchw" -> NCHW;
      case "nhwc" -> NHWC;
      default -> throw new DataException("unknown layout '" + text + "', expected nchw or nhwc");
    };
  }

  @Override
  public String toString() {
    return switch (this) {
      case NCHW -> "nchw";
      case NHWC -> "nhwc";
    };
  }
}
