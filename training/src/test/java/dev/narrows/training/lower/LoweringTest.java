package dev.narrows.training.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.prune.NmPruning;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.TensorSink;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.weights.PackedWeights;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.TermRange;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.register.IntegerRegisterChoice;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.BatchTargets;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class LoweringTest {
  private static final long SEED = 21;
  private static final int IMAGES = 64;
  private static final FeatureMapShape SHAPE = new FeatureMapShape(3, 16, 16);

  static List<String> zoo() {
    return ModelZoo.OF_IMAGES;
  }

  /**
   * Factors are 31-bit numbers without structure, so an exact rounding tie, the only place where
   * the two may differ, is not expected among these few million products; {@code FoldedDotTest}
   * covers ties.
   */
  @ParameterizedTest
  @MethodSource("zoo")
  void network_ofEveryModel_givesTheScoresOfTheFakeQuantisedModel(String name) {
    for (int bits : new int[] {2, 4, 8}) {
      ModelSpec model = ModelZoo.create(name, 8, SHAPE, 10);
      QuantizationPlan plan =
          QuantizationPlan.of(model, QuantizationSettings.of(model, bits, bits));
      try (TorchModel trained = trained(plan)) {
        Network network = Lowering.network(trained, Optional.empty(), Map.of("classes", "10"));
        compare(trained, network, Map.of(), Summation.exact());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"espcn", "unet"})
  void network_thatMakesLargerImages_givesTheCodesOfTheFakeQuantisedModel(String name) {
    for (int bits : new int[] {3, 8}) {
      ModelSpec model = ModelZoo.create(name, 8, SHAPE, 9 * SHAPE.size());
      assertThat(model.shape(model.output().name())).isEqualTo(new FeatureMapShape(3, 48, 48));
      QuantizationPlan plan =
          QuantizationPlan.of(model, QuantizationSettings.of(model, bits, bits));
      try (TorchModel trained = trained(plan)) {
        Network network = Lowering.network(trained, Optional.empty(), Map.of());
        compare(trained, network, Map.of(), Summation.exact());
        assertThat(trained.scoreScale(new Pass.Quantized(Map.of())))
            .isEqualTo(network.output().quantization().scale());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-small", "upconv-small"})
  void network_throughARegister_givesTheScoresOfTheModelTrainedThroughIt(String name) {
    ModelSpec model = ModelZoo.create(name, 8, SHAPE, 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    for (String text :
        List.of(
            "int8:saturate:sorted",
            "int9:saturate",
            "int8:saturate:tiles(16,1)",
            "int8:wrap",
            "int8:resolved(transient)")) {
      Summation summation = Summation.parse(text);
      try (TorchModel trained = trained(plan)) {
        Network network = Lowering.network(trained, Optional.empty(), Map.of());
        compare(
            trained,
            network,
            IntegerRegisterChoice.of(plan, LayerRegisters.of(summation)),
            summation);
      }
    }
  }

  /** Sums of 1,030 products of 8-bit codes can be more than float32 holds. */
  @Test
  void network_longProductsOfActivations_givesTheCodesOfTheFakeQuantisedModel() {
    Window row = new Window(1, 16, 1, 1, 1, 1, 0, 0, 0, 0);
    ModelSpec model =
        new ModelSpec(
            "products",
            List.of(
                new InputNode("input", SHAPE),
                new ConvolutionNode(
                    "query", "input", 3, 1030, row, 1, Optional.empty(), Rectifier.NONE),
                new ConvolutionNode(
                    "key", "input", 3, 1030, row, 1, Optional.empty(), Rectifier.NONE),
                new MatMulNode("scores", "query", "key", AttentionProduct.SCORES, 1),
                new FlattenNode("flatten", "scores"),
                new DenseNode("linear", "flatten", 256, 10, Optional.empty(), false)));
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 8, 8));
    assertThat(TermRange.of(plan, model.products().getFirst()).sumBits()).isEqualTo(26);
    try (TorchModel trained = trained(plan)) {
      Network network = Lowering.network(trained, Optional.empty(), Map.of());
      compare(trained, network, Map.of(), Summation.exact());
      Summation narrow = Summation.parse("int18:saturate");
      compare(trained, network, IntegerRegisterChoice.of(plan, LayerRegisters.of(narrow)), narrow);
    }
  }

  @Test
  void network_scaleOfBatchNormNegativeZeroAndTiny_givesTheSameScores() {
    ModelSpec model = ModelZoo.create("resnet20", 4, SHAPE, 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    try (TorchModel trained = trained(plan)) {
      for (DotNode dot : model.dots()) {
        if (dot.norm().isPresent()) {
          String array = dot.norm().get().scale();
          float[] gamma = trained.read(array);
          gamma[0] = -gamma[0];
          gamma[1] = 0;
          gamma[2] = 1e-20f;
          gamma[3] = -1e-7f;
          trained.write(array, gamma);
        }
      }
      Network network = Lowering.network(trained, Optional.empty(), Map.of());
      compare(trained, network, Map.of(), Summation.exact());
      Summation narrow = Summation.parse("int7:saturate:sorted");
      compare(trained, network, IntegerRegisterChoice.of(plan, LayerRegisters.of(narrow)), narrow);
    }
  }

  /**
   * The classes that real numbers choose, from the codes that the last layer reads: a class with
   * tiny weights must not make the scores of the others leave 32 bits.
   */
  @ParameterizedTest
  @ValueSource(floats = {1, 1e-5f, 1e-9f, 1e-20f})
  void network_oneClassOfTinyWeights_choosesAsRealNumbersDo(float tiny) {
    ModelSpec model = ModelZoo.create("cnn-small", 8, SHAPE, 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 8, 8));
    DotNode last = model.dots().getLast();
    try (TorchModel trained = trained(plan)) {
      float[] weights = trained.read(last.name() + ".weight");
      float[] scales = trained.read(QuantizationPlan.weightScale(last));
      for (int k = 0; k < last.terms(); k++) {
        weights[k] *= tiny;
      }
      scales[0] += (float) (Math.log(tiny) / Math.log(2));
      trained.write(last.name() + ".weight", weights);
      trained.write(QuantizationPlan.weightScale(last), scales);
      Network network = Lowering.network(trained, Optional.empty(), Map.of());
      compare(trained, network, Map.of(), Summation.exact());
      Execution execution = chosenAsRealNumbersDo(network, trained.read(last.name() + ".bias"));
      for (int score : execution.outputs()) {
        assertThat(score).isNotIn(Integer.MIN_VALUE, Integer.MAX_VALUE);
      }
    }
  }

  private static Execution chosenAsRealNumbersDo(Network network, float[] bias) {
    DotLayer last = network.dotLayers().getLast();
    int read = network.layer(last.name()).inputs().getFirst();
    int terms = last.terms();
    int classes = last.output().channels();
    int[] weights = last.integers().weights().dense();
    double[] scales = last.integers().weights().scales();
    double unit = network.tensor(read).quantization().scale();
    int[] inputs = new int[IMAGES * terms];
    int[] codes = InputQuantizer.of(network).codes(channelsFirst(batch(SEED + 1, IMAGES).images()));
    Execution execution;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      TensorSink keep =
          (tensor, first, found) -> {
            if (tensor == read) {
              System.arraycopy(found, 0, inputs, first * terms, found.length);
            }
          };
      execution = executor.run(codes, IMAGES, RunOptions.none().withTensors(keep));
    }
    for (int image = 0; image < IMAGES; image++) {
      double[] scores = new double[classes];
      for (int c = 0; c < classes; c++) {
        long sum = 0;
        for (int k = 0; k < terms; k++) {
          sum += (long) weights[c * terms + k] * inputs[image * terms + k];
        }
        scores[c] = sum * scales[c] * unit + bias[c];
      }
      int chosen = execution.predictions()[image];
      assertThat(scores[chosen])
          .as("image %d, seed %d", image, SEED)
          .isCloseTo(Arrays.stream(scores).max().orElseThrow(), within(1e-6));
    }
    return execution;
  }

  @Test
  void network_prunedModel_isStoredPackedAndRunsTheSame() {
    ModelSpec model = ModelZoo.create("cnn-small", 8, SHAPE, 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    try (TorchModel trained = trained(plan)) {
      for (DotNode dot : model.dots()) {
        if (plan.narrow(dot)) {
          float[] weights = trained.read(dot.name() + ".weight");
          boolean[] mask = NmPruning.mask(weights, dot.outputChannels(), dot.terms(), 3, 10);
          trained.write(dot.name() + ".weight", NmPruning.apply(weights, mask));
        }
      }
      Network packed = Lowering.network(trained, Optional.of(new NmRatio(3, 10)), Map.of());
      Network dense = Lowering.network(trained, Optional.empty(), Map.of());
      List<DotLayer> layers = packed.dotLayers();
      for (int i = 0; i < layers.size(); i++) {
        boolean end = i == 0 || i == layers.size() - 1;
        assertThat(layers.get(i).integers().weights() instanceof PackedWeights).isEqualTo(!end);
        assertThat(layers.get(i).integers().pinned().isPresent()).isEqualTo(end);
        assertThat(layers.get(i).integers().weights().dense())
            .isEqualTo(dense.dotLayers().get(i).integers().weights().dense());
      }
      compare(trained, packed, Map.of(), Summation.exact());
    }
  }

  private static void compare(
      TorchModel trained,
      Network network,
      Map<String, TrainingRegister> registers,
      Summation summation) {
    Batch batch = batch(SEED + 1, IMAGES);
    double[] scores = trained.scores(new Pass.Quantized(registers), batch);
    Map<String, int[]> expected = trained.integers().codes(new Pass.Quantized(registers), batch);
    int[] codes = InputQuantizer.of(network).codes(channelsFirst(batch.images()));
    try (Executor executor = Executor.of(network, LayerRegisters.of(summation), 2)) {
      TensorSink sameCodes =
          (tensor, first, found) -> {
            String node = network.tensorName(tensor);
            int size = network.tensor(tensor).elements();
            if (expected.containsKey(node)) {
              assertThat(found)
                  .as("%s of %s, seed %d, %s", node, network.name(), SEED, summation)
                  .isEqualTo(
                      Arrays.copyOfRange(
                          expected.getOrDefault(node, new int[0]),
                          first * size,
                          first * size + found.length));
            }
          };
      Execution execution = executor.run(codes, IMAGES, RunOptions.none().withTensors(sameCodes));
      double[] integers = new double[scores.length];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = execution.outputs()[i];
        scores[i] += 0.0; // a zero has no sign
      }
      assertThat(integers).as("%s, seed %d", summation, SEED).isEqualTo(scores);
      if (trained.plan().model().positions() == 1) {
        assertThat(execution.predictions())
            .isEqualTo(trained.predictions(new Pass.Quantized(registers), batch));
      }
    }
  }

  /** Some steps in float and some quantised, so that nothing is at its start value. */
  private static TorchModel trained(QuantizationPlan plan) {
    TorchModel model = TorchModel.create(plan, SEED, 1);
    Batch batch = withTargets(batch(SEED, 32), plan.model());
    step(model, new Pass.Float(), batch, 3);
    model.calibrate(List.of(batch));
    step(model, new Pass.Quantized(Map.of()), batch, 3);
    return model;
  }

  private static void step(TorchModel model, Pass pass, Batch batch, int steps) {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(
            new OptimizerSpec.Sgd(0.9, 1e-4, false), model.slots(), model.valueCount());
    float[] values = new float[model.valueCount()];
    float[] gradients = new float[model.valueCount()];
    for (int i = 0; i < steps; i++) {
      model.differentiate(pass, batch);
      model.readValues(values);
      model.readGradients(gradients);
      optimizer.step(values, gradients, 0.05, 0.01);
      model.writeValues(values);
    }
  }

  private static Batch batch(long seed, int images) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(seed);
    float[] values = new float[images * SHAPE.size()];
    int[] labels = new int[images];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < images; i++) {
      labels[i] = i % 10;
    }
    return new Batch(values, labels, images);
  }

  /** Networks that make images learn from such. */
  private static Batch withTargets(Batch batch, ModelSpec model) {
    if (model.positions() == 1) {
      return batch;
    }
    float[] wanted = new float[batch.size() * model.shape(model.output().name()).size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = (float) Math.sin(i);
    }
    return new Batch(
        batch.images(),
        batch.labels(),
        Optional.of(new BatchTargets(wanted, TrainingLoss.SQUARED)),
        batch.size());
  }

  private static float[] channelsFirst(float[] images) {
    float[] moved = new float[images.length];
    int plane = SHAPE.height() * SHAPE.width();
    for (int i = 0; i < images.length; i++) {
      int image = i / SHAPE.size();
      int pixel = i % SHAPE.size() / SHAPE.channels();
      int channel = i % SHAPE.channels();
      moved[image * SHAPE.size() + channel * plane + pixel] = images[i];
    }
    return moved;
  }
}
