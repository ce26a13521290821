package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/** Operators that sum products, move elements or run subgraphs, each to what makes its layers. */
final class OperatorLayers {
  private OperatorLayers() {}

  /** Makes the layers of an operator; those that are not here are {@link OtherOperators}. */
  static void of(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    switch (kind) {
      case CONV_2D -> DotOperators.convolution(in);
      case DEPTHWISE_CONV_2D -> DotOperators.depthwise(in);
      case TRANSPOSE_CONV -> DotOperators.transposed(in);
      case BATCH_MATMUL -> MatMulOperator.batchMatMul(in);
      case CONV_3D -> SolidConvolution.convolution(in);
      case CONV_3D_TRANSPOSE -> SolidTransposed.convolution(in);
      case FULLY_CONNECTED -> DotOperators.fullyConnected(in);
      case ADD -> PairOperators.add(in);
      case SUB -> PairOperators.subtract(in);
      case MUL -> PairOperators.multiply(in);
      case RELU -> PointOperators.relu(in, FusedActivation.RELU);
      case RELU6 -> PointOperators.relu(in, FusedActivation.RELU6);
      case SOFTMAX -> PointOperators.softmax(in);
      case AVERAGE_POOL_2D -> PoolOperators.average(in);
      case MAX_POOL_2D -> PoolOperators.max(in);
      case RESHAPE, SQUEEZE, EXPAND_DIMS -> MoveOperators.reshape(in);
      case QUANTIZE -> ScaleOperators.quantize(in);
      case DEQUANTIZE -> ScaleOperators.dequantize(in);
      case DENSIFY -> in.graph().densify(in.operator(), in.constant(0, "value"), in.made());
      case LOGISTIC -> TableOperators.logistic(in);
      case TANH -> TableOperators.tanh(in);
      case LEAKY_RELU -> TableOperators.leakyRelu(in);
      case HARD_SWISH -> TableOperators.hardSwish(in);
      case RESIZE_NEAREST_NEIGHBOR -> ResizeOperators.nearest(in);
      case RESIZE_BILINEAR -> ResizeOperators.bilinear(in);
      case PAD -> MoveOperators.pad(in);
      case TRANSPOSE -> MoveOperators.transpose(in);
      case SLICE -> SliceOperators.slice(in);
      case STRIDED_SLICE -> SliceOperators.stridedSlice(in);
      case SPLIT -> SliceOperators.split(in);
      case CONCATENATION -> ConcatenateOperator.concatenate(in);
      case SVDF -> SvdfOperator.svdf(in);
      case RNN -> RnnOperator.step(in);
      case UNIDIRECTIONAL_SEQUENCE_RNN -> RnnOperator.sequence(in);
      case UNIDIRECTIONAL_SEQUENCE_LSTM -> LstmOperator.lstm(in);
      case LSTM -> LstmOperator.step(in);
      case BIDIRECTIONAL_SEQUENCE_LSTM -> BothDirections.lstm(in);
      case BIDIRECTIONAL_SEQUENCE_RNN -> BothDirections.rnn(in);
      case CALL_ONCE -> in.graph().variables().once(in);
      case WHILE -> SubgraphOperators.loop(in);
      case IF -> SubgraphOperators.branch(in);
      case VAR_HANDLE -> in.graph().variables().handle(in);
      case READ_VARIABLE -> in.graph().variables().read(in);
      case ASSIGN_VARIABLE -> in.graph().variables().assign(in);
      default -> OtherOperators.of(in, kind);
    }
  }
}
