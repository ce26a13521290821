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
  DEPTH_TO_SPACE(5, 2, 94),
  DEQUANTIZE(6, 6, 38),
  EMBEDDING_LOOKUP(7, 4, 0),
  FLOOR(8, 1, 0),
  FULLY_CONNECTED(9, 13, 8),
  L2_NORMALIZATION(11, 2, 12),
  L2_POOL_2D(12, 1, 5),
  LOCAL_RESPONSE_NORMALIZATION(13, 1, 13),
  LOGISTIC(14, 3, 0),
  LSTM(16, 4, 14),
  MAX_POOL_2D(17, 3, 5),
  MUL(18, 7, 21),
  RELU(19, 3, 0),
  RELU_N1_TO_1(20, 1, 0),
  RELU6(21, 3, 0),
  RESHAPE(22, 1, 17),
  RESIZE_BILINEAR(23, 4, 15),
  RNN(24, 3, 7),
  SOFTMAX(25, 3, 9),
  SPACE_TO_DEPTH(26, 2, 19),
  SVDF(27, 4, 6),
  TANH(28, 3, 0),
  PAD(34, 4, 22),
  UNIDIRECTIONAL_SEQUENCE_RNN(35, 3, 31),
  GATHER(36, 7, 23),
  BATCH_TO_SPACE_ND(37, 4, 24),
  SPACE_TO_BATCH_ND(38, 4, 25),
  TRANSPOSE(39, 6, 26),
  MEAN(40, 3, 27),
  SUB(41, 5, 28),
  DIV(42, 2, 29),
  SQUEEZE(43, 2, 30),
  UNIDIRECTIONAL_SEQUENCE_LSTM(44, 4, 71),
  STRIDED_SLICE(45, 8, 32),
  BIDIRECTIONAL_SEQUENCE_RNN(46, 3, 70),
  EXP(47, 2, 33),
  TOPK_V2(48, 3, 34),
  SPLIT(49, 4, 35),
  LOG_SOFTMAX(50, 2, 36),
  BIDIRECTIONAL_SEQUENCE_LSTM(52, 3, 69),
  CAST(53, 6, 37),
  PRELU(54, 1, 0),
  MAXIMUM(55, 4, 39),
  ARG_MAX(56, 2, 40),
  MINIMUM(57, 4, 39),
  LESS(58, 3, 41),
  NEG(59, 2, 42),
  PADV2(60, 4, 43),
  GREATER(61, 2, 44),
  GREATER_EQUAL(62, 3, 45),
  LESS_EQUAL(63, 2, 46),
  SELECT(64, 4, 47),
  SLICE(65, 6, 48),
  SIN(66, 1, 0),
  TRANSPOSE_CONV(67, 5, 49),
  SPARSE_TO_DENSE(68, 3, 50),
  TILE(69, 3, 51),
  EXPAND_DIMS(70, 1, 52),
  EQUAL(71, 4, 53),
  NOT_EQUAL(72, 3, 54),
  LOG(73, 2, 0),
  SUM(74, 2, 27),
  SQRT(75, 2, 0),
  RSQRT(76, 3, 0),
  SHAPE(77, 1, 55),
  POW(78, 1, 56),
  ARG_MIN(79, 2, 57),
  FAKE_QUANT(80, 2, 58),
  REDUCE_PROD(81, 2, 27),
  REDUCE_MAX(82, 3, 27),
  PACK(83, 4, 59),
  LOGICAL_OR(84, 1, 60),
  ONE_HOT(85, 1, 61),
  LOGICAL_AND(86, 1, 62),
  LOGICAL_NOT(87, 1, 63),
  UNPACK(88, 4, 64),
  REDUCE_MIN(89, 3, 27),
  FLOOR_DIV(90, 3, 65),
  REDUCE_ANY(91, 2, 27),
  SQUARE(92, 1, 66),
  ZEROS_LIKE(93, 1, 67),
  FILL(94, 4, 68),
  FLOOR_MOD(95, 2, 72),
  RANGE(96, 2, 73),
  RESIZE_NEAREST_NEIGHBOR(97, 4, 74),
  LEAKY_RELU(98, 2, 75),
  SQUARED_DIFFERENCE(99, 2, 76),
  MIRROR_PAD(100, 3, 77),
  ABS(101, 3, 78),
  SPLIT_V(102, 2, 79),
  CEIL(104, 1, 0),
  REVERSE_V2(105, 3, 81),
  ADD_N(106, 1, 82),
  GATHER_ND(107, 5, 83),
  COS(108, 1, 84),
  RANK(110, 1, 86),
  ELU(111, 1, 0),
  REVERSE_SEQUENCE(112, 1, 87),
  MATRIX_DIAG(113, 1, 88),
  QUANTIZE(114, 3, 89),
  MATRIX_SET_DIAG(115, 1, 90),
  ROUND(116, 1, 0),
  HARD_SWISH(117, 1, 91),
  IF(118, 1, 92),
  WHILE(119, 1, 93),
  SCATTER_ND(122, 1, 97),
  SELECT_V2(123, 2, 98),
  DENSIFY(124, 1, 99),
  BATCH_MATMUL(126, 4, 101),
  CUMSUM(128, 1, 102),
  CALL_ONCE(129, 1, 103),
  BROADCAST_TO(130, 3, 104),
  CONV_3D(132, 1, 106),
  REDUCE_ALL(140, 2, 27),
  CONV_3D_TRANSPOSE(141, 1, 106),
  VAR_HANDLE(142, 1, 111),
  READ_VARIABLE(143, 1, 112),
  ASSIGN_VARIABLE(144, 1, 113),
  GELU(150, 2, 116),
  DYNAMIC_UPDATE_SLICE(151, 4, 117),
  RELU_0_TO_1(152, 1, 0),
  ATAN2(156, 1, 122),
  SIGN(158, 2, 123),
  BITWISE_XOR(160, 1, 125),
  RIGHT_SHIFT(161, 1, 126),
  DILATE(203, 1, 0);

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
