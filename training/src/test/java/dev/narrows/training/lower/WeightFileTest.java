package dev.narrows.training.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.torch.TorchModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
  private static final ModelSpec MLP = ModelZoo.create("mlp1", 1, new FeatureMapShape(1, 2, 2), 2);

  @TempDir Path temporary;

  @Test
  void load_completeFile_setsEveryArray() throws Exception {
    Path file = temporary.resolve("ok.safetensors");
    new SafetensorsWriter()
        .floats("fc1.weight", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4)
        .floats("fc1.bias", new float[] {-1, 9}, 2)
        .write(file);
    try (TorchModel model = model(MLP)) {
      WeightFile.load(model, file);
      assertThat(model.read("fc1.weight")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(model.read("fc1.bias")).containsExactly(-1, 9);
    }
  }

  @Test
  void load_convolution_isPutInFlatteningOrder() throws Exception {
    ModelSpec cnn = ModelZoo.create("cnn-small", 1, new FeatureMapShape(2, 8, 8), 2);
    Path file = temporary.resolve("cnn.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (var spec : cnn.parameters()) {
      float[] values = new float[spec.size()];
      boolean image =
          spec.name().startsWith("conv") && spec.name().endsWith("weight")
              || spec.name().startsWith("block.conv");
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      if (image) {
        writer.floats(spec.name(), values, spec.rows(), spec.columns() / 9, 3, 3);
      } else if (spec.columns() > 1) {
        writer.floats(spec.name(), values, spec.rows(), spec.columns());
      } else {
        writer.floats(spec.name(), values, spec.rows());
      }
    }
    writer.write(file);
    try (TorchModel model = model(cnn)) {
      WeightFile.load(model, file);
      // [1][2][3][3] in the file: tap t of channel c is 9c + t; in memory c changes fastest
      assertThat(model.read("conv1.weight"))
          .containsExactly(0, 9, 1, 10, 2, 11, 3, 12, 4, 13, 5, 14, 6, 15, 7, 16, 8, 17);
    }
  }

  @Test
  void load_transposedConvolution_isPutInFlatteningOrder() throws Exception {
    ModelSpec model = ModelZoo.create("upconv-small", 1, new FeatureMapShape(2, 8, 8), 2);
    Path file = temporary.resolve("up.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (var spec : model.parameters()) {
      float[] values = new float[spec.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      int[] shape =
          switch (spec.name()) {
            case "up.weight" -> new int[] {2, 1, 4, 4};
            case "linear.weight" -> new int[] {spec.rows(), spec.columns()};
            default ->
                spec.columns() == 1
                    ? new int[] {spec.rows()}
                    : new int[] {spec.rows(), spec.columns() / 9, 3, 3};
          };
      writer.floats(spec.name(), values, shape);
    }
    writer.write(file);
    try (TorchModel loaded = model(model)) {
      WeightFile.load(loaded, file);
      // [in 2][out 1][4][4] in the file: tap t of input c is 16c + t; in memory c changes fastest
      assertThat(loaded.read("up.weight")).startsWith(0, 16, 1, 17, 2, 18).endsWith(15, 31);
    }
  }

  @Test
  void load_wrongFiles_nameFileTensorAndExpectation() throws Exception {
    try (TorchModel model = model(MLP)) {
      Path missing = temporary.resolve("missing.safetensors");
      new SafetensorsWriter().floats("fc1.weight", new float[8], 2, 4).write(missing);
      assertRefused(model, missing, "fc1.bias", "[2]", "missing");

      Path shape = temporary.resolve("shape.safetensors");
      new SafetensorsWriter()
          .floats("fc1.weight", new float[8], 4, 2)
          .floats("fc1.bias", new float[2], 2)
          .write(shape);
      assertRefused(model, shape, "fc1.weight", "[2, 4]", "[4, 2]");

      Path infinite = temporary.resolve("infinite.safetensors");
      new SafetensorsWriter()
          .floats("fc1.weight", new float[] {0, 0, Float.NaN, 0, 0, 0, 0, 0}, 2, 4)
          .floats("fc1.bias", new float[2], 2)
          .write(infinite);
      assertRefused(model, infinite, "fc1.weight", "element 2", "NaN");

      Path garbage = temporary.resolve("garbage.safetensors");
      Files.write(garbage, new byte[20]);
      assertRefused(model, garbage, "garbage.safetensors");
      assertRefused(model, temporary.resolve("none.safetensors"), "none.safetensors");
    }
  }

  private static void assertRefused(TorchModel model, Path file, String... parts) {
    assertThatThrownBy(() -> WeightFile.load(model, file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(file.getFileName().toString());
  }

  private static TorchModel model(ModelSpec spec) {
    return TorchModel.create(QuantizationPlan.of(spec, QuantizationSettings.of(spec, 4, 4)), 1, 1);
  }
}
