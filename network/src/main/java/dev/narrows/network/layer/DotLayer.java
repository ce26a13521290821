package dev.narrows.network.layer;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.List;
import java.util.Optional;

/**
 * A layer of dot products: every output element is one sum of {@link #terms()} products of an input
 * value and a weight.
 */
public sealed interface DotLayer extends SummingLayer
    permits Convolution, TransposedConvolution, Dense {
  /** The tensor read. */
  int input();

  /** What is multiplied: integers or floats, with their weights. */
  Operands operands();

  /**
   * The operands of an integer layer.
   *
   * @throws FloatLayersException if they are real numbers
   */
  default IntegerOperands integers() {
    return switch (operands()) {
      case IntegerOperands integers -> integers;
      case FloatOperands _ -> throw new FloatLayersException("a sum of integers", List.of(name()));
    };
  }

  @Override
  default boolean isFloat() {
    return operands() instanceof FloatOperands;
  }

  /** Independent groups the channels fall into; 1 for an ordinary layer. */
  int groups();

  /** The taps of each dot product; {@link Window#point()} for a dense layer. */
  Window window();

  /** The same layer with other operands; the shapes must stay. */
  DotLayer withOperands(Operands operands);

  /** K, the number of terms of each dot product: kernel rows · kernel columns · group inputs. */
  default int terms() {
    return operands().terms();
  }

  @Override
  default int terms(TensorType first) {
    return terms();
  }

  @Override
  default ZeroPointConvention registerZero() {
    return isFloat() ? SummingLayer.super.registerZero() : integers().registerZero();
  }

  @Override
  default BiasPlacement registerBias() {
    return isFloat() ? SummingLayer.super.registerBias() : integers().registerBias();
  }

  @Override
  default Optional<Summation> pinned() {
    return operands().pinned();
  }

  @Override
  default Requantization requantization() {
    return integers().requantization();
  }

  @Override
  default List<Integer> inputs() {
    return List.of(input());
  }
}
