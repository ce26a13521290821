package dev.narrows.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EqualizationTest {
  private static final FeatureMapShape IMAGE = new FeatureMapShape(3, 12, 12);

  static List<String> zoo() {
    return ModelZoo.OF_IMAGES;
  }

  private static TorchModel model(String name, long seed) {
    ModelSpec model = ModelZoo.create(name, 8, IMAGE, 5);
    TorchModel made =
        TorchModel.create(QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4)), 1, 1);
    Random random = new Random(seed);
    for (ParameterSpec spec : model.parameters()) {
      float[] values = made.read(spec.name());
      for (int i = 0; i < values.length; i++) {
        // e^±3 between channels; where numbers are cut at 6, those before would be far larger
        double spread = Math.exp((name.equals("mobilenetv2") ? 0.3 : 1.5) * random.nextGaussian());
        switch (spec.role()) {
          case WEIGHT -> {} // as initialised
          case NORM_SCALE -> values[i] = (float) (spread * (random.nextInt(5) == 0 ? -1 : 1));
          case BIAS, NORM_SHIFT, RUNNING_MEAN -> values[i] = (float) random.nextGaussian();
          case RUNNING_VARIANCE -> values[i] = (float) spread;
        }
      }
      made.write(spec.name(), values);
    }
    return made;
  }

  private static Batch batch(long seed) {
    Random random = new Random(seed);
    float[] images = new float[16 * IMAGE.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return new Batch(images, new int[16], 16);
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void apply_everyNetwork_keepsTheFloatFunctionAndBalancesRanges(String name) {
    try (TorchModel model = model(name, 5)) {
      Batch batch = batch(6);
      double[] before = model.scores(new Pass.Float(), batch);
      List<Equalization.Pair> pairs =
          Equalization.apply(model.plan().model(), model::read, model::write);
      double[] after = model.scores(new Pass.Float(), batch);
      double largest = Arrays.stream(before).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < before.length; i++) {
        // about √K·L roundings of 2^-24 of values up to the largest; seen: 1e-6
        assertThat(after[i]).isCloseTo(before[i], within(1e-5 * largest));
      }
      for (Equalization.Pair pair : pairs) {
        assertThat(pair.before()).as(pair.toString()).isGreaterThan(1.5);
        assertThat(pair.after()).as(pair.toString()).isLessThan(1.01); // 27 layers go on moving
      }
    }
  }

  @Test
  void apply_networksOfTheZoo_linksLayersThatAloneReadAnother() {
    Map<String, List<String>> expected =
        Map.of(
            "mlp1",
            List.of(),
            "mlp2",
            List.of("fc1>fc2"),
            "cnn-small",
            List.of("conv1>conv2", "block.conv1>block.conv2"),
            "resnet8",
            List.of(
                "stack1.conv1>stack1.conv2",
                "stack2.conv1>stack2.conv2",
                "stack3.conv1>stack3.conv2"));
    expected.forEach((name, links) -> {
      try (TorchModel model = model(name, 1)) {
        assertThat(Equalization.apply(model.plan().model(), model::read, model::write))
            .extracting(pair -> pair.first() + ">" + pair.second())
            .containsExactlyElementsOf(links);
      }
    });
    try (TorchModel model = model("dscnn", 1)) {
      assertThat(Equalization.apply(model.plan().model(), model::read, model::write)).hasSize(9);
    }
  }

  @Test
  void apply_channelsWithoutWeights_staysFinite() {
    try (TorchModel model = model("mlp2", 2)) {
      float[] first = model.read("fc1.weight");
      Arrays.fill(first, 0, first.length / 8, 0); // hidden unit 0 is a constant
      model.write("fc1.weight", first);
      float[] bias = model.read("fc1.bias");
      Equalization.apply(model.plan().model(), model::read, model::write);
      assertThat(model.read("fc1.bias")[0]).isEqualTo(bias[0]);
      for (String array : List.of("fc1.weight", "fc1.bias", "fc2.weight")) {
        for (float value : model.read(array)) {
          assertThat(Float.isFinite(value)).isTrue();
        }
      }
    }
  }
}
