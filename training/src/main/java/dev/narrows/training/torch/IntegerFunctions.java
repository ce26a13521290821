package dev.narrows.training.torch;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.ParameterNode;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Functions of floating-point numbers in a network of integers, by the very layers that the lowered
 * network has, so that both give the same bits.
 *
 * @see "docs/training.md, Functions between integers"
 */
final class IntegerFunctions {
  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final Workers workers;

  IntegerFunctions(QuantizationPlan plan, ParameterStore store, Workers workers) {
    this.plan = plan;
    this.store = store;
    this.workers = workers;
  }

  /** Codes of a function's results, or the results where the plan has no codes for them. */
  Tensor output(ImportedNode node, Function<String, Tensor> outputs) {
    List<Tensor> in = node.operands().stream().map(input -> numbers(input, outputs)).toList();
    return coded(node.name(), run(node.layer(), in));
  }

  /** Two steps in binary32: times the slopes, plus the offsets. */
  Tensor output(BatchNormNode node, Function<String, Tensor> outputs) {
    Affine affine = Affine.of(node.norm(), store::read);
    Tensor made =
        numbers(node.input(), outputs)
            .mul(Torch.vector(affine.slopes()).view(1, -1, 1, 1))
            .add(Torch.vector(affine.offsets()).view(1, -1, 1, 1));
    return coded(node.name(), made);
  }

  /** Trained numbers. */
  Tensor output(ParameterNode node) {
    FeatureMapShape shape = node.shape();
    float[] all = node.repeated(store.read(node.array()));
    return coded(
        node.name(), Torch.vector(all).view(1, shape.channels(), shape.height(), shape.width()));
  }

  /** What a node's output stands for, [N][C][H][W]. */
  private Tensor numbers(String node, Function<String, Tensor> outputs) {
    FeatureMapShape shape = plan.model().shape(node);
    Tensor tensor = outputs.apply(node);
    Tensor images = tensor.dim() == 4 ? tensor : LayerOutputs.shaped(tensor, shape);
    return plan.floats(node)
        ? images
        : images
            .to(torch.ScalarType.Double)
            .mul(new Scalar(LogScales.scale(store.read(plan.outputScale(node))[0])))
            .to(torch.ScalarType.Float);
  }

  private Tensor run(FunctionLayer layer, List<Tensor> in) {
    int batch = in.stream().mapToInt(x -> (int) x.size(0)).max().orElse(1);
    List<MemorySegment> sources = in.stream().map(x -> Torch.floats(x.contiguous())).toList();
    TensorType to = layer.output();
    Tensor result = torch.empty(batch, to.channels(), to.height(), to.width());
    MemorySegment target = Torch.floats(result);
    workers.run(
        batch,
        image -> {
          List<ImageTensor> tensors =
              IntStream.range(0, in.size())
                  .mapToObj(i -> image(in.get(i), sources.get(i), image))
                  .toList();
          float[] numbers = Words.numbers(layer.run(tensors));
          MemorySegment.copy(
              numbers,
              0,
              target,
              ValueLayout.JAVA_FLOAT,
              4L * image * numbers.length,
              numbers.length);
        });
    return result;
  }

  private static ImageTensor image(Tensor tensor, MemorySegment memory, int index) {
    TensorType type =
        TensorType.floats((int) tensor.size(1), (int) tensor.size(2), (int) tensor.size(3));
    int[] words = new int[type.elements()];
    long at = tensor.size(0) == 1 ? 0 : 4L * index * words.length;
    MemorySegment.copy(memory, ValueLayout.JAVA_INT, at, words, 0, words.length);
    return new ImageTensor(type, words);
  }

  private Tensor coded(String node, Tensor numbers) {
    if (plan.floats(node)) {
      return numbers;
    }
    CodeFormat codes = plan.output(node).orElseThrow();
    double scale = LogScales.scale(store.read(plan.outputScale(node))[0]);
    Quantization quantization =
        new Quantization(new IntegerFormat(codes.bits(), codes.signed()), scale, 0);
    Quantize quantize = new Quantize(node, 0, new TensorType(1, 1, 1, quantization));
    Tensor in = Torch.dense(numbers);
    Tensor out = torch.empty_like(in);
    IntegerKernel.map(
        workers,
        Torch.floats(in),
        Torch.floats(out),
        in.numel(),
        1,
        (_, from, to, count) -> {
          for (int i = 0; i < count; i++) {
            to[i] = quantize.code(from[i]);
          }
        });
    return out;
  }
}
