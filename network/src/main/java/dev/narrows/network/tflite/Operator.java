package dev.narrows.network.tflite;

import java.util.Arrays;
import java.util.Optional;

/** The operators that are read, with the newest version of each whose meaning is known here. */
enum Operator {
  ADD(0, 5, 11),
  AVERAGE_POOL_2D(1, 3, 5),
  CONCATENATION(2, 3, 10),
  CONV_2D(3, 8, 1),
  DEPTHWISE_CONV_2D(4, 7, 2),
  DEQUANTIZE(6, 6, 38),
  FULLY_CONNECTED(9, 13, 8),
  LOGISTIC(14, 3, 0),
  MAX_POOL_2D(17, 3, 5),
  MUL(18, 7, 21),
  RELU(19, 3, 0),
  RELU6(21, 3, 0),
  RESHAPE(22, 1, 17),
  RESIZE_BILINEAR(23, 4, 15),
  SOFTMAX(25, 3, 9),
  TANH(28, 3, 0),
  PAD(34, 4, 22),
  TRANSPOSE(39, 6, 26),
  MEAN(40, 3, 27),
  SUB(41, 5, 28),
  SQUEEZE(43, 2, 30),
  STRIDED_SLICE(45, 8, 32),
  SPLIT(49, 4, 35),
  SLICE(65, 6, 48),
  TRANSPOSE_CONV(67, 5, 49),
  EXPAND_DIMS(70, 1, 52),
  RESIZE_NEAREST_NEIGHBOR(97, 4, 74),
  LEAKY_RELU(98, 2, 75),
  QUANTIZE(114, 3, 89),
  HARD_SWISH(117, 1, 91),
  BATCH_MATMUL(126, 4, 101);

  private final int code;
  private final int version;
  private final int options;

  Operator(int code, int version, int options) {
    this.code = code;
    this.version = version;
    this.options = options;
  }

  /** The operator of a code in a version that is read. */
  static Optional<Operator> of(FileOperator operator) {
    return Arrays.stream(values())
        .filter(each -> each.code == operator.code() && operator.version() <= each.version)
        .findFirst();
  }

  /** Whether a code is read in some version. */
  static boolean known(int code) {
    return Arrays.stream(values()).anyMatch(each -> each.code == code);
  }

  /** Its number in the schema. */
  int code() {
    return code;
  }

  /** The number of its options in the schema's union; 0 if it has none. */
  int options() {
    return options;
  }
}
