package dev.narrows.network;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.DynamicCodes;
import dev.narrows.network.layer.FloatFunction;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Resize.Interpolation;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.Optional;

/** Why a layer is no part of what a certificate of integer sums says. */
public enum Uncovered {
  /** Sums products in an exact register that the network pins it to. */
  PINNED("pinned to an exact register"),
  /** Averages codes. */
  POOLING("pooling, which adds in an exact register"),
  /** Sums products and could be covered. */
  LEFT_OUT("left out of the certificate"),
  /** Multiplies what an instruction for pairs of products does not take. */
  UNPAIRED("operands that the instruction does not multiply: not 8 bits on both sides"),
  /** Softmax of codes. */
  SOFTMAX("softmax: fixed-point arithmetic of its own, without a proof"),
  /** Divides codes by their length. */
  LENGTH("normalises codes in fixed-point arithmetic of its own, without a proof"),
  /** Adds or multiplies two tensors, such as a residual addition. */
  ELEMENTWISE("adds or multiplies two tensors in 32 bits, outside any narrow register"),
  /** Requantises codes. */
  REQUANTIZATION("requantises codes, outside any narrow register"),
  /** Mixes neighbouring codes. */
  MIXTURE("mixes neighbouring codes, outside any narrow register"),
  /** Reads or makes floating-point numbers. */
  FLOAT("computes in floating point"),
  /** Is given by the caller, or kept from the call before. */
  INPUT("is an input, or a state kept from the call before"),
  /** Moves, compares or looks up codes. */
  NO_SUM("sums nothing: moves, compares or looks up codes");

  private final String reason;

  Uncovered(String reason) {
    this.reason = reason;
  }

  /** The reason in words. */
  public String reason() {
    return reason;
  }

  /**
   * Why no certificate covers a layer that a run leaves as it is; empty for a layer that sums
   * products of integers, unless it is pinned to an exact register.
   */
  public static Optional<Uncovered> of(Layer layer) {
    return switch (layer) {
      case DotLayer dot -> of(dot.operands());
      case IntegerMatMul _ -> Optional.empty();
      case AveragePool _ -> Optional.of(POOLING);
      case IntegerSoftmax _, IntegerLogSoftmax _, WideSoftmax _, TableSoftmax _ ->
          Optional.of(SOFTMAX);
      case UnitLength _ -> Optional.of(LENGTH);
      case CodePair _ -> Optional.of(ELEMENTWISE);
      case Rescale _ -> Optional.of(REQUANTIZATION);
      case Resize resize ->
          Optional.of(resize.method() == Interpolation.BILINEAR ? MIXTURE : NO_SUM);
      case MatMul _, FloatFunction _ -> Optional.of(FLOAT);
      case Quantize _, RoundedQuantize _, DynamicCodes _ -> Optional.of(FLOAT);
      case InputLayer _ -> Optional.of(INPUT);
      case FunctionLayer _ -> Optional.of(NO_SUM);
    };
  }

  private static Optional<Uncovered> of(Operands operands) {
    return switch (operands) {
      case FloatOperands _ -> Optional.of(FLOAT);
      case IntegerOperands integers ->
          integers.pinned().map(own -> own.accumulator() instanceof Exact).orElse(false)
              ? Optional.of(PINNED)
              : Optional.empty();
    };
  }
}
