package dev.narrows.experiments.reproduce;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.Loss;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * A workshop that trains and measures nothing: networks are random, and accuracies are invented
 * from the names of network, data and accumulator, so that a whole figure is made in a moment, at
 * any scale, and always the same. Wider registers do better; validation images answer otherwise
 * than test images.
 *
 * @param asked what figures are made on instead of their own network
 * @param recipes every recipe asked for, once each, in order
 * @param testWord another word gives other accuracies on test images, and no others
 */
public record InventingWorkshop(
    Scale scale, Optional<AskedNetwork> asked, Path folder, List<Recipe> recipes, String testWord)
    implements Workshop {
  /** The accuracies that fixtures were made with. */
  public InventingWorkshop(Scale scale, Path folder, List<Recipe> recipes) {
    this(scale, Optional.empty(), folder, recipes, "test");
  }

  /** On another network than a figure's own. */
  public InventingWorkshop(Scale scale, AskedNetwork asked, Path folder, List<Recipe> recipes) {
    this(scale, Optional.of(asked), folder, recipes, "test");
  }

  @Override
  public DataRoots roots() {
    return new DataRoots(List.of(), folder);
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public long randomSums(long usual) {
    return Math.min(usual, 2000);
  }

  @Override
  public EvaluationListener evaluation() {
    return EvaluationListener.SILENT;
  }

  @Override
  public ModelFile trained(Recipe recipe) throws IOException {
    Path run = folder.resolve(recipe.name() + "-" + recipe.seed());
    if (!Files.isRegularFile(run.resolve("results.json"))) {
      recipes.add(recipe);
      RunFolder made = RunFolder.create(run, recipe);
      made.writeNetwork(network(recipe));
      EvaluationResult result =
          new EvaluationResult(
              new NetworkFile("n", "0"),
              "none",
              1,
              Optional.of(accuracy(run.getFileName().toString(), "float", "float", 32)),
              Optional.of(1),
              List.of());
      made.writeResults(ResultJson.write(result));
    }
    return named(ModelFile.open(run));
  }

  private static Network network(Recipe recipe) {
    long seed = recipe.toYaml().hashCode();
    if (recipe.numbers() instanceof FloatNumbers) {
      return SmallFloatNetwork.of(seed);
    }
    return recipe.model().word().startsWith("mlp") ? dense(seed) : SmallNetwork.of(seed);
  }

  private static Network dense(long seed) {
    Random random = new Random(seed);
    TensorType input = type(784, IntegerFormat.unsigned(8));
    TensorType hidden = type(64, IntegerFormat.unsigned(8));
    TensorType logits = type(10, IntegerFormat.signed(16));
    return new Network(
        "dense",
        input,
        List.of(
            new Dense("first", 0, hidden, operands(random, hidden, 784)),
            new Dense("last", 1, logits, operands(random, logits, 64))),
        Map.of("preprocess", "raw"));
  }

  private static TensorType type(int channels, IntegerFormat format) {
    return new TensorType(channels, 1, 1, new Quantization(format, 1, 0));
  }

  private static IntegerOperands operands(Random random, TensorType to, int terms) {
    int channels = to.channels();
    int[] values = random.ints((long) channels * terms, -127, 128).toArray();
    double[] scales = new double[channels];
    Arrays.fill(scales, 1);
    double[] factors = new double[channels];
    Arrays.fill(factors, 0.001);
    IntegerFormat format = to.quantization().format();
    return new IntegerOperands(
        new DenseWeights(channels, terms, 8, scales, values),
        random.ints(channels, -20, 20).toArray(),
        FixedPointMultiplier.fromReals(factors, 0, (int) format.min(), (int) format.max()));
  }

  @Override
  public Optional<ModelFile> derived(String name) throws IOException {
    Path file = folder.resolve("networks").resolve(name + ".narrows");
    return Files.isRegularFile(file) ? Optional.of(named(ModelFile.open(file))) : Optional.empty();
  }

  /** Larger numbers in a text take more. */
  @Override
  public Optional<BiFunction<String, String, Synthesis>> synthesis() {
    return Optional.of((verilog, _) -> {
      long sum =
          Pattern.compile("\\d+")
              .matcher(verilog)
              .results()
              .mapToLong(number -> Long.parseLong(number.group()))
              .sum();
      return new Synthesis(sum, 6 * sum);
    });
  }

  @Override
  public ModelFile derived(String name, Network network) throws IOException {
    Path file = folder.resolve("networks").resolve(name + ".narrows");
    Files.createDirectories(file.resolveSibling(""));
    NarrowsWriter.write(network, file);
    return named(ModelFile.open(file));
  }

  private ModelFile named(ModelFile model) {
    String name = folder.relativize(model.path()).toString();
    return new ModelFile(
        model.path(), model.network(), new NetworkFile(name, model.id().sha256()), model.run());
  }

  @Override
  public NetworkInputs inputs(ModelFile model, String set, Split split, OptionalInt limit) {
    int images = limit.isPresent() ? Math.min(limit.getAsInt(), 16) : 2000;
    TensorType type = model.network().input();
    ImageSource source =
        new ImageSource() {
          @Override
          public int images() {
            return images;
          }

          @Override
          public void read(int first, int count, int[] codes) {
            for (int i = 0; i < count * type.elements(); i++) {
              int value = (first * type.elements() + i) * 37 % 200;
              codes[i] = type.isFloat() ? Float.floatToRawIntBits(value / 255f) : value;
            }
          }
        };
    boolean text = set.contains("shakespeare");
    return new NetworkInputs(
        set + "/" + split + (limit.isPresent() ? "/" + limit.getAsInt() : ""),
        source,
        Optional.of(IntStream.range(0, images).map(i -> i % 10).toArray()),
        text
            ? Optional.of(new NetworkInputs.Masked(new int[images], 3.1))
            : Optional.<NetworkInputs.Masked>empty(),
        List.of());
  }

  @Override
  public EvaluationResult evaluated(
      ModelFile model, NetworkInputs inputs, List<String> accumulators) {
    return new EvaluationResult(
        model.id(),
        inputs.name(),
        inputs.images(),
        Optional.of(90.0),
        Optional.of(1),
        accumulators.stream().map(text -> result(model, inputs, Summation.parse(text))).toList(),
        Optional.empty(),
        Optional.empty(),
        inputs.masked().map(NetworkInputs.Masked::unigramEntropy),
        Optional.empty());
  }

  private AccumulatorResult result(ModelFile model, NetworkInputs inputs, Summation asked) {
    int bits = bits(asked);
    String data = inputs.name().replaceFirst("/test", "/" + testWord);
    double accuracy = accuracy(model.id().file(), data, asked.toString(), bits);
    long persistent = Math.round(9000 * Math.pow(2, -(bits - 7) / 3.0));
    long fleeting = Math.round(200 * Math.pow(2, (bits - 10) / 4.0)) % 900;
    return new AccumulatorResult(
        asked.toString(),
        accuracy,
        Optional.empty(),
        (int) accuracy,
        Optional.of(new OverflowCounts(10000, 10000 - persistent - fleeting, fleeting, persistent)),
        List.of(),
        Optional.empty(),
        inputs.masked().isPresent()
            ? Optional.of(Loss.of(4 - accuracy / 40, 1.5))
            : Optional.<Loss>empty());
  }

  private static int bits(Summation asked) {
    return asked.accumulator() instanceof Exact ? 32 : asked.accumulator().bits();
  }

  @Override
  public EvaluationResult classified(
      ModelFile model, NetworkInputs inputs, List<String> accumulators) {
    return evaluated(model, inputs, accumulators);
  }

  @Override
  public List<AccumulatorLoss> evaluated(LanguageEvaluation model, List<String> accumulators) {
    List<AccumulatorLoss> losses = new ArrayList<>();
    for (String text : accumulators) {
      Summation asked = Summation.parse(text);
      String data = model.text() + model.tokens().length;
      double nats = 4 - accuracy("stories", data, asked.toString(), bits(asked)) / 40;
      losses.add(
          new AccumulatorLoss(
              asked.toString(),
              nats,
              nats / Math.log(2),
              nats - 1.5,
              (int) (nats * 10),
              List.of()));
    }
    return losses;
  }

  /** An invented accuracy in percent, with two decimals. */
  public static double accuracy(String network, String data, String accumulator, int bits) {
    CRC32 crc = new CRC32();
    crc.update((network + "|" + data + "|" + accumulator).getBytes(StandardCharsets.UTF_8));
    double noise = (crc.getValue() % 1000) / 1000.0;
    double base = 10 + 80 * (1 - Math.pow(2, -Math.max(0, bits - 6) / 1.5));
    return Math.round((base + 3 * noise) * 100) / 100.0;
  }
}
