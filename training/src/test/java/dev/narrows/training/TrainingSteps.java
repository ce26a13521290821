package dev.narrows.training;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.experiments.recipe.BatchNormSteps;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.imported.ModelFileReader;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.WeightConstraint;
import dev.narrows.training.register.IntegerRegisterChoice;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.StepResult;
import dev.narrows.training.torch.TorchModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Training steps of ResNet-20 on 128 made-up images (32 × 32, ten classes), forward, backward and
 * SGD with momentum, for {@code interop/speed/compare.py}, which lets this process and its peers
 * take turns.
 *
 * <p>Steps of several networks, here and in Python, alternate within seconds to see the same
 * machine. The argument is the number of threads; with the path of the same network in ONNX as a
 * second one, steps through the file's graph are set beside the built-in one's. It prints {@code
 * ready} and the names of the variants; for each line {@code NAME STEPS} on standard input it
 * prints the wall and processor seconds taken.
 */
public final class TrainingSteps {
  private static final int BATCH = 128;
  private static final int CONSTRAINED_BITS = 12;
  private static final Summation SORTED = Summation.parse("int10:saturate:sorted");
  private static final Summation NATURAL = Summation.parse("int10:saturate");

  private final ModelSpec model =
      ModelZoo.create("resnet20", 16, new FeatureMapShape(3, 32, 32), 10);
  private final Batch batch = batch();
  private final Map<String, Variant> variants = new LinkedHashMap<>();

  private TrainingSteps(int threads) {
    QuantizationSettings plain = QuantizationSettings.of(model, 4, 4);
    compared("", model, threads);
    add("float32-fused", plain, threads, fused(Precision.FLOAT32));
    add("bf16", plain, threads, new Pass.Float(Precision.BF16));
    add("bf16-fused", plain, threads, fused(Precision.BF16));
    add("a2q", limited(plain, NormMethod.A2Q), threads, new Pass.Quantized(Map.of()));
    add("a2q+", limited(plain, NormMethod.A2Q_PLUS), threads, new Pass.Quantized(Map.of()));
    add("sign-sum", limited(plain, NormMethod.SIGN_SUM), threads, new Pass.Quantized(Map.of()));
    add("sorted", plain, threads, register(plain, SORTED));
    add("natural", plain, threads, register(plain, NATURAL));
  }

  private TrainingSteps(int threads, Path file) {
    compared("", model, threads);
    compared("file-", ModelFileReader.read(file).model(), threads);
  }

  /** Variants of a graph, from weights drawn for it. */
  private void compared(String prefix, ModelSpec graph, int threads) {
    QuantizationPlan plan = QuantizationPlan.of(graph, QuantizationSettings.of(graph, 4, 4));
    variants.put(prefix + "float32", new Variant(plan, threads, new Pass.Float()));
    variants.put(prefix + "qat", new Variant(plan, threads, new Pass.Quantized(Map.of())));
  }

  private static Pass fused(Precision precision) {
    return new Pass.Float(precision, BatchNormSteps.FUSED);
  }

  private static QuantizationSettings limited(QuantizationSettings plain, NormMethod method) {
    return plain.with(
        new WeightConstraint(method, CONSTRAINED_BITS, NormStart.StartRule.EP, 1e-3, method));
  }

  private Pass register(QuantizationSettings settings, Summation summation) {
    QuantizationPlan plan = QuantizationPlan.of(model, settings);
    return new Pass.Quantized(IntegerRegisterChoice.of(plan, LayerRegisters.of(summation)));
  }

  private void add(String name, QuantizationSettings settings, int threads, Pass pass) {
    variants.put(name, new Variant(QuantizationPlan.of(model, settings), threads, pass));
  }

  /** A network in training. */
  private final class Variant {
    private final TorchModel network;
    private final Pass pass;
    private final ParameterOptimizer optimizer;
    private final float[] values;
    private final float[] gradients;

    Variant(QuantizationPlan plan, int threads, Pass pass) {
      this.network = TorchModel.create(plan, 1, threads);
      this.pass = pass;
      network.calibrate(List.of(batch));
      this.optimizer =
          new ParameterOptimizer(
              new OptimizerSpec.Sgd(0.9, 1e-4, false), network.slots(), network.valueCount());
      this.values = new float[network.valueCount()];
      this.gradients = new float[network.valueCount()];
    }

    /** Wall and processor seconds. */
    String seconds(int steps) {
      long began = System.nanoTime();
      long worked = processorTime();
      for (int i = 0; i < steps; i++) {
        StepResult result = network.differentiate(pass, batch);
        if (!Double.isFinite(result.loss())) {
          throw new IllegalStateException("the loss is " + result.loss());
        }
        network.readValues(values);
        network.readGradients(gradients);
        optimizer.step(values, gradients, 1e-3, 1e-4);
        network.writeValues(values);
      }
      return (System.nanoTime() - began) / 1e9 + " " + (processorTime() - worked) / 1e9;
    }
  }

  /** Of all threads, in nanoseconds. */
  private static long processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private Batch batch() {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(1);
    float[] images = new float[BATCH * model.input().shape().size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      labels[i] = i % model.classes();
    }
    return new Batch(images, labels, BATCH);
  }

  private void serve() {
    System.out.println("ready " + String.join(",", variants.keySet()));
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        Variant variant = variants.get(words[0]);
        if (variant == null) {
          throw new IllegalArgumentException("unknown variant " + words[0]);
        }
        System.out.println(variant.seconds(Integer.parseInt(words[1])));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves until standard input ends. */
  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[0]);
    TrainingSteps steps =
        arguments.length > 1
            ? new TrainingSteps(threads, Path.of(arguments[1]))
            : new TrainingSteps(threads);
    steps.serve();
  }
}
