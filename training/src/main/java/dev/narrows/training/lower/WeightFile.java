package dev.narrows.training.lower;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.safetensors.SafetensorsEntry;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.model.ParameterSpec.ParameterRole;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Float weights in PyTorch's names and shapes: convolutions [out][in/groups][kernel][kernel],
 * transposed ones [in][out][kernel][kernel], dense layers [out][in].
 */
public final class WeightFile {
  private WeightFile() {}

  /**
   * Loads every parameter and batch-norm statistic of a model.
   *
   * @throws BadInputException naming the tensor that is missing or has another shape
   */
  public static void load(TorchModel model, Path file) {
    Map<String, DotNode> dots = new HashMap<>();
    model.plan().model().dots().forEach(dot -> dots.put(dot.name(), dot));
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      for (ParameterSpec spec : model.plan().model().parameters()) {
        SafetensorsEntry entry = tensors.entries().get(spec.name());
        DotNode dot = dots.get(spec.layer());
        if (dot == null) {
          throw new IllegalStateException("array " + spec.name() + " belongs to no layer");
        }
        List<Integer> shape = shape(spec, dot);
        if (entry == null) {
          throw new BadInputException(
              file + ": tensor \"" + spec.name() + "\" of shape " + shape + " is missing");
        }
        List<Integer> found = entry.shape();
        if (!found.equals(shape)) {
          throw new BadInputException(
              file
                  + ": tensor \""
                  + spec.name()
                  + "\" must have shape "
                  + shape
                  + ", got "
                  + found);
        }
        float[] values = tensors.floats(spec.name());
        for (int i = 0; i < values.length; i++) {
          if (!Float.isFinite(values[i])) {
            throw new BadInputException(
                file
                    + ": tensor \""
                    + spec.name()
                    + "\" must be finite, element "
                    + i
                    + " is "
                    + values[i]);
          }
        }
        model.write(
            spec.name(), spec.role() == ParameterRole.WEIGHT ? inMemory(values, dot) : values);
      }
    } catch (IOException e) {
      throw new BadInputException(
          e.getMessage() == null ? file + ": cannot be read" : e.getMessage(), e);
    }
  }

  private static List<Integer> shape(ParameterSpec spec, DotNode dot) {
    if (spec.role() != ParameterRole.WEIGHT) {
      return List.of(spec.rows());
    }
    return switch (dot) {
      case ConvolutionNode conv ->
          List.of(
              conv.outputChannels(),
              conv.inputChannels() / conv.groups(),
              conv.window().kernelHeight(),
              conv.window().kernelWidth());
      case TransposedConvolutionNode conv ->
          List.of(
              conv.inputChannels(),
              conv.outputChannels() / conv.groups(),
              conv.window().kernelHeight(),
              conv.window().kernelWidth());
      case DenseNode dense -> List.of(dense.outputChannels(), dense.terms());
    };
  }

  private static float[] inMemory(float[] values, DotNode dot) {
    return switch (dot) {
      case ConvolutionNode conv -> {
        int in = conv.inputChannels() / conv.groups();
        yield channelsLast(values, conv.outputChannels(), in, in, 1);
      }
      case TransposedConvolutionNode conv ->
          channelsLast(
              values, conv.outputChannels(), conv.inputChannels(), 1, conv.outputChannels());
      case DenseNode _ -> values;
    };
  }

  /**
   * To [out][row][column][in].
   *
   * @param outStep kernels from one output channel to the next
   * @param inStep kernels from one input channel to the next
   */
  private static float[] channelsLast(float[] values, int outs, int ins, int outStep, int inStep) {
    int taps = values.length / outs / ins;
    float[] moved = new float[values.length];
    for (int out = 0; out < outs; out++) {
      for (int in = 0; in < ins; in++) {
        for (int tap = 0; tap < taps; tap++) {
          moved[(out * taps + tap) * ins + in] = values[(out * outStep + in * inStep) * taps + tap];
        }
      }
    }
    return moved;
  }
}
