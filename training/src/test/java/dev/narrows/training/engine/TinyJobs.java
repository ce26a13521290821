package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.CounterRandom;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.training.model.Initializer;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small jobs on made-up images: each class is a blob in another place, under noise. */
final class TinyJobs {
  private TinyJobs() {}

  /** All four phases on a network whose checkpoint takes a moment to write. */
  static final String EVERYTHING =
      """
      name: tiny
      model: mlp2
      width: 1024
      data: {set: fashion-small, validation: 0}
      preprocess: mean=0.5,std=0.25
      seed: 3
      threads: 1
      batch: 32
      augment: {pad: 2, flip: true}
      quantization: {weights: 4, activations: 4, scales: learned, observer: mse, firstLast: 6, exclude: [last]}
      prepare: {equalize: true, correctBias: true, calibrate: 100}
      pruning: {keep: 4, group: 16, steps: 3}
      phases:
        float: {epochs: 2, optimizer: adam, rate: 1e-3, schedule: cosine, weightDecay: 1e-4}
        prune: {epochs: 2, optimizer: sgd, rate: 0.01, schedule: constant, momentum: 0.9, weightDecay: 1e-4}
        quantize: {epochs: 2, optimizer: sgd, rate: 0.01, schedule: 'step(0.5,1)', momentum: 0.9, weightDecay: 1e-4}
        register: {accumulator: 'int10:saturate:sorted', steps: [12, 10], epochs: 1, optimizer: sgd, rate: 0.01, schedule: cosine, momentum: 0.9, weightDecay: 1e-4}
      checkpoint: {everySteps: 3}
      """;

  /** A network of a file, pruned, with a teacher and through a register. */
  static final String IMPORTED =
      """
      model: hourglass.onnx
      data: {set: fashion-small, validation: 0}
      preprocess: mean=0.5,std=0.25
      seed: 3
      threads: 1
      batch: 16
      augment: {pad: 2, flip: true}
      prepare: {calibrate: 100}
      quantization: {weights: 4, activations: 4}
      pruning: {keep: 4, group: 8, steps: 2}
      phases:
        prune: {epochs: 2, optimizer: adam, rate: 2e-3}
        quantize: {epochs: 2, rate: 0.01, distill: {temperature: 2, weight: 0.5}}
        register: {accumulator: 'int9:saturate:sorted', epochs: 2, rate: 0.01}
      checkpoint: {everySteps: 3}
      """;

  static TrainingJob job(String yaml, Path folder) {
    return job(yaml, folder, Optional.empty());
  }

  /** {@link #EVERYTHING}, or {@link #IMPORTED}. */
  static TrainingJob named(String name, Path folder) {
    return switch (name) {
      case "everything" -> job(EVERYTHING, folder);
      case "imported" -> imported(folder);
      default -> throw new IllegalArgumentException("no job is called " + name);
    };
  }

  private static TrainingJob imported(Path folder) {
    return new TrainingJob(
        Recipe.parse("tiny.yaml", IMPORTED),
        images("tiny/train", 256, 1),
        images("tiny/validation", 64, 2),
        images("tiny/test", 64, 3),
        Optional.of(Path.of("src", "test", "resources", "imported", "hourglass.onnx")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        folder,
        List.of());
  }

  static TrainingJob job(String yaml, Path folder, Optional<Path> from) {
    return new TrainingJob(
        Recipe.parse("tiny.yaml", yaml),
        images("tiny/train", 256, 1),
        images("tiny/validation", 64, 2),
        images("tiny/test", 64, 3),
        Optional.empty(),
        Optional.empty(),
        from,
        folder);
  }

  /** The images of a job's part. */
  static ImageSet images(Examples examples) {
    return switch (examples) {
      case ImageSet images -> images;
      case TextSet text -> throw new IllegalArgumentException(text.name() + " is a text");
      case ArraySet arrays -> throw new IllegalArgumentException(arrays.name() + " is no images");
    };
  }

  /** A job on a made-up text, whose words tell a masked character. */
  static TrainingJob text(String yaml, Path folder) {
    CounterRandom random = CounterRandom.of(5);
    List<String> words = List.of("bound ", "carry ", "digit ", "exact ", "float ", "gauge ");
    String all =
        IntStream.range(0, 1200)
            .mapToObj(i -> words.get(random.below(words.size(), i)))
            .collect(Collectors.joining());
    TextSet set = TextSet.of("tiny", all, 12);
    int windows = set.size();
    return new TrainingJob(
        Recipe.parse("tiny.yaml", yaml),
        set.slice(0, windows - 40).named("tiny/train"),
        set.slice(windows - 40, windows - 20).named("tiny/validation"),
        set.slice(windows - 20, windows).named("tiny/test"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        folder);
  }

  static ImageSet images(String name, int count, long seed) {
    CounterRandom random = CounterRandom.of(seed);
    byte[] pixels = new byte[count * 144];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.below(4, i);
      for (int p = 0; p < 144; p++) {
        int row = p / 12;
        int column = p % 12;
        boolean blob = row / 6 == labels[i] / 2 && column / 6 == labels[i] % 2;
        pixels[i * 144 + p] = (byte) (random.below(120, 1000 + i * 144L + p) + (blob ? 90 : 40));
      }
    }
    return new ImageSet(name, 1, 12, 12, 4, pixels, labels, List.of());
  }

  /** The job with float weights to start from. */
  static TrainingJob withInit(TrainingJob job, Path weights) {
    return new TrainingJob(
        job.recipe(),
        job.train(),
        job.validation(),
        job.test(),
        Optional.of(weights),
        Optional.empty(),
        Optional.empty(),
        job.checkpoint());
  }

  /** A weight file with every parameter of a model at {@code value}, in PyTorch's shapes. */
  static void writeWeights(ModelSpec model, float value, Path file) throws IOException {
    writeWeights(
        model,
        spec -> {
          float[] values = new float[spec.size()];
          Arrays.fill(values, value);
          return values;
        },
        file);
  }

  /** A weight file of start values that depend on {@code seed} alone. */
  static void writeStartWeights(ModelSpec model, long seed, Path file) throws IOException {
    writeWeights(
        model,
        spec -> Initializer.values(model, spec, model.parameters().indexOf(spec), seed),
        file);
  }

  private static void writeWeights(
      ModelSpec model, Function<ParameterSpec, float[]> valuesOf, Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (ParameterSpec spec : model.parameters()) {
      float[] values = valuesOf.apply(spec);
      int[] shape = {spec.rows()};
      if (spec.role() == ParameterSpec.ParameterRole.WEIGHT) {
        shape = new int[] {spec.rows(), spec.columns()};
        for (DotNode dot : model.dots()) {
          int side =
              switch (dot) {
                case ConvolutionNode conv -> conv.window().kernelHeight();
                case TransposedConvolutionNode conv ->
                    throw new IllegalArgumentException(conv.name() + " has another order");
                case DenseNode _ -> 0;
              };
          if (side > 0 && dot.name().equals(spec.layer())) {
            shape = new int[] {spec.rows(), spec.columns() / side / side, side, side};
          }
        }
      }
      writer.floats(spec.name(), values, shape);
    }
    writer.write(file);
  }
}
