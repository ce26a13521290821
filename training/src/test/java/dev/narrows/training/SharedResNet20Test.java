package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.lower.Lowering;
import dev.narrows.training.lower.WeightFile;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs CIFAR-10 and the ResNet-20 weights under roots of NARROWS_DATA; CI must have them. */
@Tag("data")
class SharedResNet20Test {
  private static final String WEIGHTS = "models/resnet-cifar10/resnet20-12fca82f.safetensors";
  private static final int IMAGES = 500;
  private static final Preprocessing PREPROCESSING =
      Preprocessing.parse("mean=0.485,0.456,0.406,std=0.229,0.224,0.225");

  @Test
  void resnet20_publishedWeights_keepTheirAccuracyThroughQuantisationAndLowering() {
    Optional<Path> weights = weights();
    Optional<ImageSet> images = images(Split.TEST);
    if (System.getenv("CI") == null) {
      assumeTrue(
          weights.isPresent() && images.isPresent(),
          "skipped: no " + WEIGHTS + " or no cifar10 under NARROWS_DATA");
    }
    ImageSet test = images.orElseThrow().limit(IMAGES);
    Batch batch = batch(test);
    ModelSpec spec = ModelZoo.create("resnet20", 16, new FeatureMapShape(3, 32, 32), 10);
    QuantizationPlan plan = QuantizationPlan.of(spec, QuantizationSettings.of(spec, 8, 8));
    try (TorchModel model = TorchModel.create(plan, 1, 2)) {
      WeightFile.load(model, weights.orElseThrow());
      // published: 91.73 % of all 10,000 images
      assertThat(correct(model.predictions(new Pass.Float(), batch), test)).isBetween(455, 465);

      model.calibrate(List.of(batch(images(Split.TRAIN).orElseThrow().limit(256))));
      Pass.Quantized quantized = new Pass.Quantized(Map.of());
      int[] predictions = model.predictions(quantized, batch);
      assertThat(correct(predictions, test)).isBetween(450, 470);

      Network network = Lowering.network(model, Optional.empty(), Map.of());
      int[] codes = InputQuantizer.of(network).codes(PREPROCESSING.apply(test));
      try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
        Execution execution = executor.run(codes, IMAGES);
        assertThat(execution.predictions()).isEqualTo(predictions);
      }
    }
  }

  private static Optional<Path> weights() {
    return DataRoots.ofProcess(Optional.empty()).roots().stream()
        .map(root -> root.resolve(WEIGHTS))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Optional<ImageSet> images(Split split) {
    try {
      DataCatalog catalog = new DataCatalog(DataRoots.ofProcess(Optional.empty()));
      return Optional.of(catalog.load(KnownSets.CIFAR10, split, DataCatalog.Validation.NONE));
    } catch (DataException absent) {
      return Optional.empty();
    }
  }

  private static Batch batch(ImageSet set) {
    float[] planes = PREPROCESSING.apply(set);
    float[] values = new float[planes.length];
    int plane = set.height() * set.width();
    int channels = set.channels();
    for (int i = 0; i < values.length; i++) {
      int image = i / set.imageLength();
      int pixel = i % set.imageLength() / channels;
      values[i] = planes[image * set.imageLength() + i % channels * plane + pixel];
    }
    return new Batch(values, set.labels(), set.size());
  }

  private static int correct(int[] predictions, ImageSet set) {
    int correct = 0;
    for (int i = 0; i < predictions.length; i++) {
      correct += predictions[i] == set.labels()[i] ? 1 : 0;
    }
    return correct;
  }
}
