package dev.narrows.training.imported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.tensor.Words;
import dev.narrows.training.lower.FloatLowering;
import dev.narrows.training.lower.Lowering;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.register.IntegerRegisterChoice;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that {@code interop/pytorch/imported_models.py} wrote, with what other runtimes make. */
class ImportedModelTest {
  private static final Path FILES = Path.of("src", "test", "resources", "imported");
  private static final int INPUTS = 5;
  private static final int STEPS_BATCH = 16;

  private static ImportedModel read(String name) {
    return ModelFileReader.read(FILES.resolve(name + ".onnx"));
  }

  private static TorchModel floats(ImportedModel imported) {
    FloatPlan plan = new FloatPlan(imported.model(), Set.of(), FloatFormats.binary32());
    return started(plan, imported);
  }

  private static TorchModel started(TrainingPlan plan, ImportedModel imported) {
    TorchModel model = TorchModel.create(plan, 1, 1);
    imported.arrays().forEach(model::write);
    return model;
  }

  /** The script's numbers for inputs from {@code index} on, [N][C][H][W]. */
  private static float[] planes(FeatureMapShape shape, int index, int count) {
    float[] values = new float[count * shape.size()];
    for (int i = 0; i < values.length; i++) {
      long at = (long) index * values.length + i;
      values[i] = (at * 7919 + at / 13 * 101) % 257 % 256 / 128f - 1;
    }
    return values;
  }

  /** Inputs in our order, [N][H][W][C]. */
  private static Batch batch(FeatureMapShape shape, int index, int count, int[] labels) {
    float[] planes = planes(shape, index, count);
    float[] images = new float[planes.length];
    int positions = shape.height() * shape.width();
    for (int i = 0; i < images.length; i++) {
      int image = i / shape.size();
      int channel = i / positions % shape.channels();
      images[image * shape.size() + i % positions * shape.channels() + channel] = planes[i];
    }
    return new Batch(images, labels, count);
  }

  private static double[] numbers(String file) throws IOException {
    return Files.readAllLines(FILES.resolve(file)).stream()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hourglass", "branches", "sequence", "super-resolution", "squeeze", "attention"})
  void scores_importedFile_areThoseOfOnnxRuntime(String name) throws IOException {
    ImportedModel imported = read(name);
    double[] theirs = numbers(name + ".csv");
    int each = theirs.length / INPUTS;
    try (TorchModel model = floats(imported)) {
      assertThat(model.arrays()).hasSameElementsAs(imported.arrays().keySet());
      for (int i = 0; i < INPUTS; i++) {
        Batch one = batch(imported.model().input().shape(), i, 1, new int[0]);
        double[] mine = model.scores(new Pass.Float(), one);
        assertThat(mine)
            .containsExactly(Arrays.copyOfRange(theirs, i * each, (i + 1) * each), within(2e-5));
      }
    }
  }

  @Test
  void differentiate_fiftySteps_giveTheLossesOfPyTorch() throws IOException {
    ImportedModel imported = read("branches");
    double[] theirs = numbers("losses.csv");
    FeatureMapShape shape = imported.model().input().shape();
    try (TorchModel model = floats(imported)) {
      ParameterOptimizer optimizer =
          new ParameterOptimizer(
              new OptimizerSpec.Sgd(0.9, 5e-4, false), model.slots(), model.valueCount());
      float[] values = new float[model.valueCount()];
      float[] gradients = new float[model.valueCount()];
      for (int step = 0; step < theirs.length; step++) {
        int[] labels = new int[STEPS_BATCH];
        for (int i = 0; i < labels.length; i++) {
          labels[i] = (step * STEPS_BATCH + i) * 31 % 10;
        }
        Batch batch = batch(shape, step, STEPS_BATCH, labels);
        assertThat(model.differentiate(new Pass.Float(), batch).loss())
            .as("step %d", step)
            .isCloseTo(theirs[step], within(1e-4));
        model.readValues(values);
        model.readGradients(gradients);
        optimizer.step(values, gradients, 0.01, 0);
        model.writeValues(values);
      }
    }
    assertThat(theirs).hasSize(50);
  }

  @ParameterizedTest
  @CsvSource({
    "hourglass,exact",
    "branches,exact",
    "sequence,exact",
    "super-resolution,exact",
    "squeeze,exact",
    "attention,exact",
    "attention,int10:saturate",
    "attention,int9:wrap",
    "attention,'int16:saturate:sorted'"
  })
  void network_quantizedImport_computesTheIntegersThatTrainingEvaluates(
      String name, String accumulator) {
    ImportedModel imported = read(name);
    LayerRegisters asked = LayerRegisters.of(Summation.parse(accumulator), Map.of());
    ModelSpec spec = imported.model();
    FeatureMapShape shape = spec.input().shape();
    QuantizationSettings settings = QuantizationSettings.of(spec, 8, 8);
    QuantizationPlan plan = QuantizationPlan.of(spec, settings);
    Pass.Quantized pass = new Pass.Quantized(IntegerRegisterChoice.of(plan, asked));
    try (TorchModel model = started(plan, imported)) {
      Batch batch = batch(shape, 0, INPUTS, labels(spec));
      model.calibrate(List.of(batch));
      model.differentiate(pass, batch); // moves running statistics
      double[] mine = model.scores(pass, batch);
      Network network = Lowering.network(model, Optional.empty(), Map.of());
      ReferenceExecutor reference = new ReferenceExecutor(network, asked);
      float[] planes = planes(shape, 0, INPUTS);
      int each = mine.length / INPUTS;
      int differing = 0;
      for (int i = 0; i < INPUTS; i++) {
        float[] image = Arrays.copyOfRange(planes, i * shape.size(), (i + 1) * shape.size());
        int[] theirs = reference.tensors(codes(network, image)).getLast();
        for (int j = 0; j < each; j++) {
          double difference = Math.abs(theirs[j] - mine[i * each + j]);
          assertThat(difference).isLessThanOrEqualTo(1);
          differing += difference > 0 ? 1 : 0;
        }
      }
      // of an addition's ties, which go to even here and upwards there
      assertThat(differing).isLessThanOrEqualTo(mine.length / 200);
    }
  }

  private static int[] labels(ModelSpec model) {
    int[] labels = new int[INPUTS * model.positions()];
    Arrays.setAll(labels, i -> i % model.classes());
    return labels;
  }

  private static int[] codes(Network network, float[] image) {
    var quantization = network.input().quantization();
    int[] codes = new int[image.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          (int) quantization.format().clamp((long) Math.rint(image[i] / quantization.scale()));
    }
    return codes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hourglass", "branches", "sequence", "super-resolution", "squeeze", "attention"})
  void network_floatImport_computesWhatTrainingEvaluates(String name) {
    ImportedModel imported = read(name);
    FeatureMapShape shape = imported.model().input().shape();
    try (TorchModel model = floats(imported)) {
      double[] mine = model.scores(new Pass.Float(), batch(shape, 0, INPUTS, new int[0]));
      Network network = FloatLowering.network(model, (FloatPlan) model.plan(), Map.of());
      ReferenceExecutor reference =
          new ReferenceExecutor(network, LayerRegisters.of(Summation.exact(), Map.of()));
      float[] planes = planes(shape, 0, INPUTS);
      int each = mine.length / INPUTS;
      for (int i = 0; i < INPUTS; i++) {
        int[] words =
            Words.of(Arrays.copyOfRange(planes, i * shape.size(), (i + 1) * shape.size()));
        float[] theirs = Words.numbers(reference.tensors(words).getLast());
        for (int j = 0; j < each; j++) {
          assertThat(theirs[j]).isCloseTo((float) mine[i * each + j], within(2e-5f));
        }
      }
    }
  }

  @Test
  void read_normsBehindConvolutions_becomePartsOfThem() {
    ModelSpec model = read("branches").model();
    assertThat(model.dots().stream().filter(dot -> dot.norm().isPresent()).map(DotNode::name))
        .containsExactly("/c1/Conv", "/c2/Conv");
  }

  @Test
  void read_operatorsThatAreNoLayers_cannotBeTrained() {
    assertThatThrownBy(() -> read("unread"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("unread.onnx: 1 cannot be trained: node 1 NonZero \"places\"");
  }

  @Test
  void read_operatorsWithoutGradient_areAllNamed() {
    assertThatThrownBy(() -> read("untrainable"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("untrainable.onnx: 2 cannot be trained")
        .hasMessageContaining("node 1 Floor \"floor\"")
        .hasMessageContaining("node 2 Round \"round\"");
  }

  @Test
  void read_weightsThatAreMissing_namesTheNodeThatReadsThem() {
    assertThatThrownBy(() -> read("missing"))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith(
            "missing.onnx: expected one input, got [x, kernel]; weights that are missing count as"
                + " inputs, as \"kernel\" of node 0 Conv \"first\"");
  }

  @Test
  void read_severalImagesAtOnce_saysHowToExport() {
    assertThatThrownBy(() -> read("batch"))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith(
            "batch.onnx: input \"x\", FLOAT [2, 3, 4, 4], takes 2 images at once; export it for"
                + " one, or with its first dimension free");
  }

  @Test
  void read_sharedWeights_namesBothNodes() {
    assertThatThrownBy(() -> read("shared"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("node 0 Conv \"first\" and node 1 Conv \"second\"")
        .hasMessageContaining("\"kernel\"");
  }
}
