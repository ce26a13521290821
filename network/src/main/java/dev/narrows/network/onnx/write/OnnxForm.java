package dev.narrows.network.onnx.write;

/** The ways in which ONNX says that a network computes with integers. */
public enum OnnxForm {
  /** Real numbers only: plain operators of ONNX. */
  FLOAT("onnx"),
  /** QuantizeLinear and DequantizeLinear around operators of real numbers. */
  QDQ("onnx-qdq"),
  /** Operators on codes: QLinearConv and its kind, some of them ONNX Runtime's own. */
  QOPERATOR("onnx-qoperator"),
  /** Integers in float tensors, requantisation as thresholds. */
  QONNX("qonnx");

  private final String word;

  OnnxForm(String word) {
    this.word = word;
  }

  /** The word on the command line. */
  @Override
  public String toString() {
    return word;
  }
}
