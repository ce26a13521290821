package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Elementwise;

/** Operators that sum no products, each to the class that makes its layers. */
final class OtherOperators {
  private OtherOperators() {}

  static void of(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    switch (kind) {
      case ABS, NEG, SQRT, RSQRT, SQUARE, EXP, LOG, SIN, COS, FLOOR, CEIL, ROUND, ELU, GELU, SIGN ->
          FunctionOperators.of(in, kind);
      case RELU_N1_TO_1 -> PointOperators.relu(in, FusedActivation.RELU_N1_TO_1);
      case RELU_0_TO_1 -> PointOperators.relu(in, FusedActivation.RELU_0_TO_1);
      case POW -> FunctionPairs.either(in, kind, Elementwise.Operation.POWER);
      case ATAN2 -> FunctionPairs.floats(in, Elementwise.Operation.ARCTANGENT);
      case BITWISE_XOR, RIGHT_SHIFT -> TruthOperators.codes(in, kind);
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL ->
          TruthOperators.compare(in, kind);
      case LOGICAL_AND, LOGICAL_OR -> TruthOperators.integers(in, kind);
      case LOGICAL_NOT -> TruthOperators.not(in);
      case SELECT -> TruthOperators.select(in, false);
      case SELECT_V2 -> TruthOperators.select(in, true);
      case CAST -> TruthOperators.cast(in);
      case FLOOR_DIV -> FunctionPairs.either(in, kind, Elementwise.Operation.FLOOR_DIVIDE);
      case FLOOR_MOD -> FunctionPairs.either(in, kind, Elementwise.Operation.FLOOR_REMAINDER);
      case DIV -> FunctionPairs.divide(in);
      case SQUARED_DIFFERENCE -> FunctionPairs.squaredDifference(in);
      case MAXIMUM -> FunctionPairs.extremum(in, false);
      case MINIMUM -> FunctionPairs.extremum(in, true);
      case PRELU -> FunctionPairs.slope(in);
      case MEAN, SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN, REDUCE_ANY, REDUCE_ALL ->
          ReduceOperators.of(in, kind);
      case ARG_MAX -> ReduceOperators.index(in, false);
      case ARG_MIN -> ReduceOperators.index(in, true);
      case LOG_SOFTMAX -> NormalizeOperators.logSoftmax(in);
      case L2_NORMALIZATION -> NormalizeOperators.unitLength(in);
      case MIRROR_PAD -> PickOperators.mirrored(in);
      case PADV2 -> PickOperators.padded(in);
      case GATHER -> PickOperators.gathered(in);
      case EMBEDDING_LOOKUP -> PickOperators.lookedUp(in);
      case GATHER_ND -> GatherOperators.entries(in);
      case TOPK_V2 -> GatherOperators.top(in);
      case ONE_HOT -> GatherOperators.oneHot(in);
      case REVERSE_SEQUENCE -> GatherOperators.reversed(in);
      case SCATTER_ND -> ScatterOperators.scatter(in);
      case SPARSE_TO_DENSE -> ScatterOperators.dense(in);
      case MATRIX_DIAG -> ScatterOperators.diagonal(in);
      case MATRIX_SET_DIAG -> ScatterOperators.otherDiagonal(in);
      case DILATE -> ScatterOperators.dilate(in);
      case DYNAMIC_UPDATE_SLICE -> ScatterOperators.update(in);
      case ADD_N -> AccumulateOperators.all(in);
      case CUMSUM -> AccumulateOperators.running(in);
      case L2_POOL_2D -> AccumulateOperators.rootOfSquares(in);
      case LOCAL_RESPONSE_NORMALIZATION -> AccumulateOperators.localResponse(in);
      case FAKE_QUANT -> AccumulateOperators.fakeQuantized(in);
      case FILL -> PartOperators.fill(in);
      case RANGE -> PartOperators.range(in);
      case PACK -> PartOperators.pack(in);
      case UNPACK -> PartOperators.unpack(in);
      case SPLIT_V -> PartOperators.split(in);
      case TILE -> PartOperators.tile(in);
      case BROADCAST_TO -> PartOperators.broadcast(in);
      case REVERSE_V2 -> PartOperators.reverse(in);
      case DEPTH_TO_SPACE -> BlockOperators.depthToSpace(in);
      case SPACE_TO_DEPTH -> BlockOperators.spaceToDepth(in);
      case SPACE_TO_BATCH_ND -> BlockOperators.spaceToBatch(in);
      case BATCH_TO_SPACE_ND -> BlockOperators.batchToSpace(in);
      default -> throw new Unsupported("of " + in.operands());
    }
  }
}
