package dev.narrows.network.onnx.write;

/**
 * What a file is written as.
 *
 * @param exact every layer computes the network's own integers, by integer arithmetic where the
 *     form's usual operators would not; else the usual operators, and what they change is told
 * @param opset the version of ONNX's operators, {@value #LEAST_OPSET} to {@value #MOST_OPSET}; not
 *     asked by QONNX, which has its own
 */
public record OnnxOptions(OnnxForm form, boolean exact, int opset) {
  /** The first version with codes of 4 and 16 bits in QuantizeLinear; every file has this one. */
  public static final int LEAST_OPSET = 21;

  /** The first version with weights of 2 bits. */
  public static final int TWO_BITS_OPSET = 25;

  /** The last version that ONNX Runtime 1.29 reads. */
  public static final int MOST_OPSET = 26;

  public OnnxOptions {
    if (opset < LEAST_OPSET || opset > MOST_OPSET) {
      throw new IllegalArgumentException(
          "the operators' version must be in [%d, %d], got %d"
              .formatted(LEAST_OPSET, MOST_OPSET, opset));
    }
  }

  /** The usual operators of a form. */
  public static OnnxOptions of(OnnxForm form) {
    return new OnnxOptions(form, false, LEAST_OPSET);
  }

  /** The version of the file format that an operators' version needs. */
  int irVersion() {
    return opset >= TWO_BITS_OPSET ? 13 : 10;
  }
}
