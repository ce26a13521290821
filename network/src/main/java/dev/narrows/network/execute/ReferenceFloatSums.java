package dev.narrows.network.execute;

import dev.narrows.core.dot.FloatDot;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatOperands;
import java.util.Arrays;

/** Layers that sum floats, one output element at a time; tensors are words, [C][H][W]. */
final class ReferenceFloatSums {
  private ReferenceFloatSums() {}

  static int[] dots(
      DotLayer layer, FloatOperands operands, int[] in, TensorType from, LayerRegister register) {
    int terms = layer.terms();
    return ImageTensor.fill(
        layer.output(),
        (c, y, x) -> {
          float[] inputs =
              Words.numbers(ReferenceTaps.multiplied(layer, c, y, x, in, from, Words.ZERO));
          float[] weights =
              Arrays.copyOfRange(operands.weights().values(), c * terms, (c + 1) * terms);
          return Words.of(operands.finish(c, sum(register, inputs, weights)));
        });
  }

  static int[] product(
      MatMul layer, ImageTensor queriesOrScores, ImageTensor keysOrValues, LayerRegister register) {
    TensorType from = queriesOrScores.type();
    float[] left = Words.numbers(queriesOrScores.words());
    float[] right = Words.numbers(keysOrValues.words());
    int terms = layer.terms(from);
    int queries = from.height();
    int keys = layer.form() == MatMul.Role.SCORES ? layer.output().width() : from.width();
    int size = right.length / layer.rightHeads() / keys;
    return ImageTensor.fill(
        layer.output(),
        (c, y, x) -> {
          float[] a = new float[terms];
          float[] b = new float[terms];
          for (int k = 0; k < terms; k++) {
            switch (layer.form()) {
              case SCORES -> {
                a[k] = left[(c * size + k) * queries + y];
                b[k] = right[(layer.rightHead(c) * size + k) * keys + x];
              }
              case MIX -> {
                a[k] = left[(c / size * queries + y) * keys + k];
                b[k] = right[(layer.rightHead(c / size) * size + c % size) * keys + k];
              }
            }
          }
          return Words.of(sum(register, a, b));
        });
  }

  private static float sum(LayerRegister register, float[] x, float[] w) {
    return FloatDot.value(register.accumulator(), register.order(), w, x);
  }
}
