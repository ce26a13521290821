package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.AttributeProto;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A function of a recurrent cell's gate, with ONNX's names and defaults; exponentials in binary64,
 * rounded to binary32.
 */
record CellActivation(String name, float alpha, float beta) {
  /** The functions that a node names, or the defaults, for its direction {@code direction}. */
  static CellActivation[] of(OnnxNode node, List<String> defaults, int direction) {
    int count = defaults.size();
    List<String> names =
        Optional.ofNullable(node.attributes().protos().get("activations"))
            .map(AttributeProto::getStringsList)
            .map(list -> list.stream().map(name -> name.toStringUtf8()).toList())
            .orElse(List.of());
    CellActivation[] all = new CellActivation[count];
    int alphas = 0; // values are given only for functions that take one
    int betas = 0;
    for (int i = 0; i < (direction + 1) * count; i++) {
      String name = i < names.size() ? names.get(i) : defaults.get(i % count);
      String key = name.toLowerCase(Locale.ROOT);
      float alpha = number(node, "activation_alpha", alphas, alphaOf(key));
      float beta = number(node, "activation_beta", betas, betaOf(key));
      alphas += hasAlpha(key) ? 1 : 0;
      betas += hasBeta(key) ? 1 : 0;
      all[i % count] = new CellActivation(key, alpha, beta);
    }
    return all;
  }

  private static float number(OnnxNode node, String name, int index, float otherwise) {
    return node.attributes()
        .numbers(name)
        .filter(values -> index < values.length)
        .map(values -> values[index])
        .orElse(otherwise);
  }

  private static boolean hasAlpha(String name) {
    return switch (name) {
      case "affine", "leakyrelu", "thresholdedrelu", "scaledtanh", "hardsigmoid", "elu" -> true;
      default -> false;
    };
  }

  private static boolean hasBeta(String name) {
    return switch (name) {
      case "affine", "scaledtanh", "hardsigmoid" -> true;
      default -> false;
    };
  }

  private static float alphaOf(String name) {
    return switch (name) {
      case "leakyrelu" -> 0.01f;
      case "hardsigmoid" -> 0.2f;
      default -> 1;
    };
  }

  private static float betaOf(String name) {
    return switch (name) {
      case "hardsigmoid" -> 0.5f;
      case "affine" -> 0;
      default -> 1;
    };
  }

  /** The function's value. */
  float of(float x) {
    return switch (name) {
      case "sigmoid" -> (float) (1 / (1 + StrictMath.exp(-(double) x)));
      case "tanh" -> (float) StrictMath.tanh(x);
      case "relu" -> Math.max(x, 0);
      case "affine" -> alpha * x + beta;
      case "leakyrelu" -> x < 0 ? alpha * x : x;
      case "thresholdedrelu" -> x > alpha ? x : 0;
      case "scaledtanh" -> alpha * (float) StrictMath.tanh(beta * x);
      case "hardsigmoid" -> Math.clamp(alpha * x + beta, 0, 1);
      case "elu" -> x < 0 ? (float) (alpha * StrictMath.expm1(x)) : x;
      case "softsign" -> x / (1 + Math.abs(x));
      case "softplus" -> (float) StrictMath.log1p(StrictMath.exp(x));
      default -> throw new IllegalArgumentException("no activation is named \"" + name + "\"");
    };
  }
}
