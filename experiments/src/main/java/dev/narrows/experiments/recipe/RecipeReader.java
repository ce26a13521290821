package dev.narrows.experiments.recipe;

import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.data.Layout;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets.TargetKind;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.experiments.recipe.IntegerNumbers.Excluded;
import dev.narrows.experiments.recipe.IntegerNumbers.RangeObserver;
import dev.narrows.experiments.recipe.IntegerNumbers.Scales;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Turns YAML into a {@link Recipe}: what may be written, its ranges, and what {@code auto} is. */
final class RecipeReader {
  private static final int MANY = 1_000_000_000;
  private static final String AUTO = Recipe.AUTO;

  private RecipeReader() {}

  static Recipe read(Path file) {
    return recipe(YamlFile.read(file));
  }

  static Recipe parse(String file, String text) {
    return recipe(YamlFile.parse(file, text));
  }

  static Recipe recipe(YamlMap map) {
    map.only(
        "name",
        "model",
        "width",
        "sha256",
        "data",
        "preprocess",
        "init",
        "from",
        "seed",
        "threads",
        "batch",
        "augment",
        "quantization",
        "prepare",
        "pruning",
        "order",
        "phases",
        "checkpoint");
    Architecture model = model(map);
    DataChoice data = data(map.require("data"));
    Optional<String> init = map.unless("init", "none").map(YamlValue::text);
    Optional<String> from = map.unless("from", "none").map(YamlValue::text);
    Optional<Pruning> pruning = map.unless("pruning", "none").map(RecipeReader::pruning);
    Phases phases = PhasesReader.phases(map.require("phases").map());
    Numbers numbers = numbers(map.require("quantization"), phases, map);
    if (init.isPresent() && from.isPresent()) {
      throw map.require("from").place().error("a run starts from \"init\" or \"from\", not both");
    }
    if (init.isPresent() && model.hasWeights()) {
      throw map.require("init").place().error("the weights are in the model's file");
    }
    boolean start = init.isPresent() || model.hasWeights();
    if (!start && from.isEmpty() && phases.floating().isEmpty()) {
      throw map.require("phases")
          .place()
          .error("without \"init\" or \"from\" there must be a phase \"float\"");
    }
    if (pruning.isPresent() && phases.prune().isEmpty() && from.isEmpty()) {
      throw map.require("pruning").place().error("needs a phase \"prune\" to happen in");
    }
    if (pruning.isEmpty() && phases.prune().isPresent()) {
      throw map.require("phases")
          .place()
          .error("the phase \"prune\" needs the key \"pruning\" to say what is kept");
    }
    PhaseOrder order =
        map.get("order")
            .map(v -> v.choice(PhaseOrder.class))
            .orElse(PhaseOrder.PRUNE_THEN_QUANTIZE);
    PhasesReader.check(map, phases, order, start);
    Recipe usual = Recipe.of(model, data, numbers);
    return new Recipe(
        map.get("name").map(YamlValue::name).orElse(usual.name()),
        model,
        whole(map, "width", RecipeRange.WIDTH).orElse(usual.width()),
        data,
        map.unless("preprocess", AUTO)
            .map(value -> preprocessing(value, data))
            .orElse(usual.preprocess()),
        init,
        from,
        map.get("seed").map(v -> v.integer(0, Long.MAX_VALUE)).orElse(usual.seed()),
        whole(map, "threads", RecipeRange.THREADS).orElse(usual.threads()),
        whole(map, "batch", RecipeRange.BATCH).orElse(usual.batch()),
        map.unless("augment", "none").map(RecipeReader::augment).orElse(usual.augment()),
        numbers,
        map.unless("prepare", "auto").map(RecipeReader::prepare).orElse(usual.prepare()),
        pruning,
        order,
        phases,
        map.unless("checkpoint", "auto").map(RecipeReader::checkpoint).orElse(usual.checkpoint()));
  }

  /** A known network, or one in a file. */
  private static Architecture model(YamlMap map) {
    YamlValue value = map.require("model");
    Optional<YamlValue> hash = map.unless("sha256", "auto");
    if (value instanceof YamlValue.Scalar && value.text().endsWith(FileModel.ENDING)) {
      map.unless("width", "auto")
          .ifPresent(width -> {
            throw width.place().error("has no effect on a model that is a file");
          });
      return hash.map(
              text -> text.parsed(digits -> new FileModel(value.text(), Optional.of(digits))))
          .orElseGet(() -> new FileModel(value.text()));
    }
    hash.ifPresent(text -> {
      throw text.place().error("has no effect on a model that has a name");
    });
    return value.choice(Model.class);
  }

  /** A whole number, or empty when the key is absent or {@code auto}. */
  private static Optional<Integer> whole(YamlMap map, String key, RecipeRange range) {
    return map.unless(key, "auto").map(range::read);
  }

  private static String preprocessing(YamlValue value, DataChoice data) {
    Preprocessing how = value.parsed(Preprocessing::parse);
    if (how instanceof Preprocessing.AsTheyAre && data.own().isEmpty()) {
      throw value
          .place()
          .error("none is for arrays of your own; %s has pixels".formatted(data.set()));
    }
    return how.text();
  }

  private static DataChoice data(YamlValue value) {
    YamlMap map =
        value
            .map()
            .only(
                "set",
                "limit",
                "validation",
                "test",
                "resize",
                "targets",
                "layout",
                "loss",
                "measure",
                "sha256");
    DataChoice usual = DataChoice.of(map.require("set").text());
    Optional<Integer> limit = map.unless("limit", "none").map(v -> (int) v.integer(1, MANY));
    Optional<Integer> validation = whole(map, "validation", new RecipeRange(0, MANY));
    DataChoice data =
        new DataChoice(
            usual.set(),
            limit.map(OptionalInt::of).orElseGet(OptionalInt::empty),
            validation.map(OptionalInt::of).orElse(usual.validation()),
            usual.own());
    Optional<YamlValue> targets = map.unless("targets", AUTO);
    OwnData own =
        new OwnData(
            map.unless("test", AUTO).map(YamlValue::text),
            map.unless("resize", "none").map(v -> v.parsed(ImageFolder.Size::parse)),
            targets.map(v -> v.choice(TargetKind.class)),
            map.unless("layout", AUTO).map(v -> v.parsed(Layout::parse)),
            map.unless("loss", AUTO).map(v -> v.choice(OwnData.DifferenceLoss.class)),
            map.unless("measure", AUTO).map(v -> v.choice(OwnData.ImageMeasure.class)),
            map.unless("sha256", AUTO).map(RecipeReader::sha256));
    if (usual.own().isEmpty()) {
      for (String key :
          List.of("test", "resize", "targets", "layout", "loss", "measure", "sha256")) {
        map.get(key)
            .ifPresent(told -> {
              throw told.place()
                  .error("is for data of your own; %s is a known set".formatted(usual.set()));
            });
      }
      return data;
    }
    return data.withOwn(Optional.of(own));
  }

  private static String sha256(YamlValue value) {
    String text = value.text();
    if (!text.matches("[0-9a-f]{64}")) {
      throw value.place().error("expected 64 hexadecimal digits, found \"" + text + "\"");
    }
    return text;
  }

  private static Augment augment(YamlValue value) {
    YamlMap map = value.map().only("pad", "flip", "cutout");
    return new Augment(
        whole(map, "pad", new RecipeRange(0, 64)).orElse(Augment.NONE.pad()),
        map.get("flip").map(YamlValue::flag).orElse(Augment.NONE.flip()),
        whole(map, "cutout", new RecipeRange(0, 64)).orElse(Augment.NONE.cutout()));
  }

  /** Integers or floating-point numbers, which ask for other phases. */
  private static Numbers numbers(YamlValue value, Phases phases, YamlMap recipe) {
    Numbers numbers =
        FloatReader.asks(value) ? FloatReader.numbers(value) : quantization(value.map());
    boolean floats = numbers instanceof FloatNumbers;
    if (floats && phases.quantize().isPresent()) {
      throw recipe
          .require("phases")
          .place()
          .error("the phase \"quantize\" trains integers, but \"quantization\" asks for floats");
    }
    if (phases.register().isPresent() && phases.register().get().floats().isPresent() != floats) {
      throw recipe
          .require("phases")
          .place()
          .error(
              "the register %s needs %s, see \"quantization\""
                  .formatted(
                      phases.register().get().accumulator(),
                      floats ? "integers" : "floating-point numbers"));
    }
    return numbers;
  }

  private static IntegerNumbers quantization(YamlMap map) {
    map.only(
        "weights",
        "activations",
        "scales",
        "observer",
        "firstLast",
        "exclude",
        "constraint",
        "start");
    Set<Excluded> exclude = EnumSet.allOf(Excluded.class);
    map.get("exclude")
        .ifPresent(value -> {
          exclude.clear();
          exclude.addAll(value.items(item -> item.choice(Excluded.class)));
        });
    Scales scales =
        map.unless("scales", "auto").map(v -> v.choice(Scales.class)).orElse(Scales.LEARNED);
    Optional<YamlValue> constraint = map.unless("constraint", "none");
    if (constraint.isPresent() && scales != Scales.LEARNED) {
      throw constraint.get().place().error("needs scales: learned");
    }
    Optional<YamlValue> start = map.unless("start", "none");
    if (start.isPresent() && scales != Scales.LEARNED) {
      throw start.get().place().error("needs scales: learned");
    }
    IntegerNumbers usual =
        IntegerNumbers.of(
            RecipeRange.OPERAND_BITS.read(map.require("weights")),
            RecipeRange.OPERAND_BITS.read(map.require("activations")));
    return new IntegerNumbers(
        usual.weights(),
        usual.activations(),
        scales,
        map.unless("observer", "auto")
            .map(v -> v.choice(RangeObserver.class))
            .orElse(usual.observer()),
        whole(map, "firstLast", RecipeRange.OPERAND_BITS).orElse(usual.firstLast()),
        exclude,
        constraint.map(RecipeReader::constraint),
        start.map(YamlValue::text));
  }

  private static Constraint constraint(YamlValue value) {
    YamlMap map = value.map().only("method", "bits", "init", "penalty", "depthwise");
    NormMethod method = map.require("method").parsed(NormMethod::parse);
    Constraint usual = Constraint.of(method, (int) map.require("bits").integer(4, 32));
    return new Constraint(
        method,
        usual.bits(),
        map.unless("init", "auto")
            .map(v -> v.choice(NormStart.StartRule.class))
            .orElse(usual.init()),
        map.unless("penalty", "auto").map(v -> v.number(0, 1)).orElse(usual.penalty()),
        map.unless("depthwise", "auto")
            .map(v -> v.parsed(NormMethod::parse))
            .orElse(usual.depthwise()));
  }

  private static Prepare prepare(YamlValue value) {
    YamlMap map = value.map().only("equalize", "correctBias", "calibrate");
    return new Prepare(
        map.get("equalize").map(YamlValue::flag).orElse(Prepare.DEFAULT.equalize()),
        map.get("correctBias").map(YamlValue::flag).orElse(Prepare.DEFAULT.correctBias()),
        whole(map, "calibrate", RecipeRange.CALIBRATE).orElse(Prepare.DEFAULT.calibrate()));
  }

  private static Pruning pruning(YamlValue value) {
    YamlMap map = value.map().only("keep", "group", "steps", "structure");
    int group = (int) map.require("group").integer(2, 1024);
    int keep = (int) map.require("keep").integer(1, group - 1);
    Pruning usual = Pruning.of(keep, group);
    return new Pruning(
        keep,
        group,
        whole(map, "steps", new RecipeRange(1, group - keep)).orElse(usual.steps()),
        map.get("structure").map(v -> v.choice(Pruning.Structure.class)).orElse(usual.structure()));
  }

  private static Checkpoint checkpoint(YamlValue value) {
    YamlMap map = value.map().only("everySteps");
    return new Checkpoint(
        map.unless("everySteps", "none")
            .map(v -> OptionalInt.of((int) v.integer(1, MANY)))
            .orElseGet(OptionalInt::empty));
  }
}
