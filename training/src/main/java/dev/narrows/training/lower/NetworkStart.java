package dev.narrows.training.lower;

import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.Operand;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts a model from a network in integers that {@link Lowering} made and something changed since,
 * such as a repaired one: v = s·q, the scales as they are, and what became of the biases in batch
 * norms' running means. Lowered again without training it is that network, but for the rounding of
 * scales to their binary32 logarithms; integers beyond the recipe's W are clipped.
 */
public final class NetworkStart {
  private final TorchModel model;
  private final QuantizationPlan plan;
  private final Path file;
  private final Map<String, Layer> layers;

  private NetworkStart(TorchModel model, Path file, Network network) {
    this.model = model;
    this.plan = model.integers().plan();
    this.file = file;
    this.layers = network.layers().stream().collect(Collectors.toMap(Layer::name, layer -> layer));
  }

  /**
   * Writes weights, scales and biases; the class scores' layer and the input's scale stay.
   *
   * @param model calibrated
   * @throws BadInputException naming the layer that is missing or unlike the model's
   */
  public static void load(TorchModel model, Path file) {
    Network network;
    try {
      network = NetworkFiles.read(file);
    } catch (IOException e) {
      throw new BadInputException(
          e.getMessage() == null ? file + ": cannot be read" : e.getMessage(), e);
    }
    NetworkStart start = new NetworkStart(model, file, network);
    for (Node node : model.plan().model().nodes()) {
      start.scale(node);
    }
    for (DotNode dot : model.plan().model().dots()) {
      if (start.plan.output(dot.name()).isPresent()) {
        start.dot(dot);
      }
    }
  }

  private void scale(Node node) {
    for (Operand operand : Operand.all(node)) {
      plan.operand(operand)
          .ifPresent(codes -> write(operand.scale(), type(Lowering.step(node, operand), codes)));
    }
    Optional<CodeFormat> codes = plan.output(node.name());
    if (codes.isPresent()
        && plan.scaleOwner(node.name()).equals(node.name())
        && layers.containsKey(node.name())) { // the input is no layer
      write(plan.outputScale(node.name()), type(node.name(), codes.get()));
    }
  }

  private void write(String array, TensorType type) {
    model.write(array, new float[] {LogScales.log2(type.quantization().scale())});
  }

  /** The type that a layer makes, which must have the plan's codes. */
  private TensorType type(String name, CodeFormat codes) {
    TensorType type = layer(name).output();
    if (type.isFloat()
        || type.quantization().zeroPoint() != 0
        || type.quantization().format().bits() != codes.bits()
        || type.quantization().format().signed() != codes.signed()) {
      throw unlike(name, "makes " + type + ", the recipe's layer " + codes);
    }
    return type;
  }

  private void dot(DotNode dot) {
    if (!(layer(dot.name()) instanceof DotLayer layer)
        || !(layer.operands() instanceof IntegerOperands operands)
        || operands.channels() != dot.outputChannels()
        || operands.terms() != dot.terms()
        || !(operands.requantization() instanceof FixedPointMultiplier factors)) {
      throw unlike(
          dot.name(),
          "is none of %d channels of %d integers with a multiplier for each"
              .formatted(dot.outputChannels(), dot.terms()));
    }
    Affine affine = Affine.of(dot, model::read);
    double[] scales = operands.weights().scales();
    int[] codes = operands.weights().dense();
    float[] weights = new float[codes.length];
    float[] logs = new float[scales.length];
    double[] offsets = new double[scales.length];
    for (int c = 0; c < scales.length; c++) {
      logs[c] = LogScales.log2(scales[c]);
      double unit = LogScales.scale(logs[c]) * (affine.slope()[c] < 0 ? -1 : 1);
      for (int k = c * dot.terms(); k < (c + 1) * dot.terms(); k++) {
        weights[k] = (float) (unit * codes[k]);
      }
      offsets[c] =
          operands.bias()[c] * factors.realMultiplier(c) * layer.output().quantization().scale();
    }
    model.write(dot.name() + ".weight", weights);
    model.write(QuantizationPlan.weightScale(dot), logs);
    if (plan.constraint(dot).isPresent()) {
      model.write(QuantizationPlan.weightNorm(dot), norms(weights, dot.terms(), logs));
    }
    offsets(dot, affine, offsets);
  }

  /** g = ‖v‖₁, or s where that is 0: a logarithm is stored. */
  private static float[] norms(float[] weights, int terms, float[] logs) {
    float[] norms = new float[logs.length];
    for (int c = 0; c < norms.length; c++) {
      double norm = 0;
      for (int k = c * terms; k < (c + 1) * terms; k++) {
        norm += Math.abs(weights[k]);
      }
      norms[c] = norm > 0 ? LogScales.log2(norm) : logs[c];
    }
    return norms;
  }

  /** β − γμ/σ = offset, so μ = (β − offset)·σ/γ; where γ is 0 the offset is β, and cannot move. */
  private void offsets(DotNode dot, Affine affine, double[] offsets) {
    if (dot.norm().isEmpty()) {
      float[] bias = new float[offsets.length];
      for (int c = 0; c < bias.length; c++) {
        bias[c] = (float) offsets[c];
      }
      model.write(dot.name() + ".bias", bias);
      return;
    }
    float[] beta = model.read(dot.norm().get().shift());
    float[] mean = model.read(dot.norm().get().mean());
    for (int c = 0; c < mean.length; c++) {
      double moved = (beta[c] - offsets[c]) / affine.slope()[c];
      mean[c] = Double.isFinite(moved) ? (float) moved : mean[c];
    }
    model.write(dot.norm().get().mean(), mean);
  }

  private Layer layer(String name) {
    Layer layer = layers.get(name);
    if (layer == null) {
      throw new BadInputException(
          "quantization.start: %s has no layer \"%s\"".formatted(file, name));
    }
    return layer;
  }

  private BadInputException unlike(String name, String what) {
    return new BadInputException(
        "quantization.start: %s: layer \"%s\" %s".formatted(file, name, what));
  }
}
