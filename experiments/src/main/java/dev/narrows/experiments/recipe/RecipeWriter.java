package dev.narrows.experiments.recipe;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.data.Layout;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.network.execute.LayerRegisters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes a {@link Recipe} in full. */
final class RecipeWriter {
  private static final YAMLMapper MAPPER =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
              .disable(YAMLWriteFeature.SPLIT_LINES)
              .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
              .build());

  private static final String FLOAT = FloatNumbers.BINARY32;

  private RecipeWriter() {}

  static String write(Recipe recipe) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", recipe.name());
    map.put("model", recipe.model().word());
    switch (recipe.model()) {
      case Model _ -> map.put("width", recipe.width());
      case FileModel file -> file.sha256().ifPresent(hash -> map.put("sha256", hash));
    }
    map.put("data", data(recipe.data()));
    map.put("preprocess", recipe.preprocess());
    map.put("init", recipe.init().orElse("none"));
    map.put("from", recipe.from().orElse("none"));
    map.put("seed", recipe.seed());
    map.put("threads", recipe.threads());
    map.put("batch", recipe.batch());
    map.put("augment", augment(recipe.augment()));
    map.put("quantization", numbers(recipe.numbers()));
    map.put(
        "prepare",
        ordered(
            "equalize", recipe.prepare().equalize(),
            "correctBias", recipe.prepare().correctBias(),
            "calibrate", recipe.prepare().calibrate()));
    map.put(
        "pruning",
        recipe
            .pruning()
            .<Object>map(p ->
                ordered(
                    "keep", p.keep(),
                    "group", p.group(),
                    "steps", p.steps(),
                    "structure", YamlValue.word(p.structure())))
            .orElse("none"));
    map.put("order", YamlValue.word(recipe.order()));
    map.put("phases", phases(recipe.phases()));
    map.put("checkpoint", ordered("everySteps", orNone(recipe.checkpoint().everySteps())));
    return MAPPER.writeValueAsString(map);
  }

  private static Map<String, Object> data(DataChoice data) {
    Map<String, Object> map =
        ordered(
            "set", data.set(),
            "limit", orNone(data.limit()),
            "validation",
                data.validation().isPresent() ? data.validation().getAsInt() : Recipe.AUTO);
    data.own().ifPresent(own -> map.putAll(own(own))); // a known set has no such keys
    return map;
  }

  private static Map<String, Object> own(OwnData own) {
    return ordered(
        "test", own.test().orElse(Recipe.AUTO),
        "resize", own.resize().<Object>map(ImageFolder.Size::text).orElse("none"),
        "targets", own.targets().map(YamlValue::word).orElse(Recipe.AUTO),
        "layout", own.layout().<Object>map(Layout::toString).orElse(Recipe.AUTO),
        "loss", own.loss().map(YamlValue::word).orElse(Recipe.AUTO),
        "measure", own.measure().map(YamlValue::word).orElse(Recipe.AUTO),
        "sha256", own.sha256().orElse(Recipe.AUTO));
  }

  private static Map<String, Object> numbers(Numbers numbers) {
    return switch (numbers) {
      case IntegerNumbers integers -> quantization(integers);
      case FloatNumbers floats ->
          ordered(
              "weights", floats.weights().<Object>map(Object::toString).orElse(FLOAT),
              "activations", floats.activations().<Object>map(Object::toString).orElse(FLOAT),
              "exclude", excluded(floats));
    };
  }

  private static List<String> excluded(Numbers numbers) {
    return numbers.exclude().stream().sorted().map(YamlValue::word).toList();
  }

  private static Map<String, Object> quantization(IntegerNumbers q) {
    Map<String, Object> map =
        ordered(
            "weights", q.weights(),
            "activations", q.activations(),
            "scales", YamlValue.word(q.scales()),
            "observer", YamlValue.word(q.observer()),
            "firstLast", q.firstLast(),
            "exclude", excluded(q),
            "constraint", q.constraint().<Object>map(RecipeWriter::constraint).orElse("none"));
    q.start().ifPresent(file -> map.put("start", file)); // recipes stored before have no such key
    return map;
  }

  private static Map<String, Object> constraint(Constraint constraint) {
    return ordered(
        "method", constraint.method().toString(),
        "bits", constraint.bits(),
        "init", YamlValue.word(constraint.init()),
        "penalty", constraint.penalty(),
        "depthwise", constraint.depthwise().toString());
  }

  private static Map<String, Object> phases(Phases phases) {
    return ordered(
        "float", phases.floating().<Object>map(RecipeWriter::phase).orElse("none"),
        "prune", phases.prune().<Object>map(RecipeWriter::phase).orElse("none"),
        "quantize", phases.quantize().<Object>map(RecipeWriter::phase).orElse("none"),
        "register", phases.register().<Object>map(RecipeWriter::register).orElse("none"));
  }

  private static Map<String, Object> phase(Phase phase) {
    Map<String, Object> map =
        ordered(
            "epochs", phase.epochs(),
            "optimizer", YamlValue.word(phase.optimizer()),
            "rate", phase.rate(),
            "schedule", phase.schedule().toString(),
            "weightDecay", phase.weightDecay(),
            "momentum", phase.momentum());
    if (phase.precision() != Precision.FLOAT32) {
      map.put("precision", YamlValue.word(phase.precision()));
    }
    if (phase.batchNorm() != BatchNormSteps.SEPARATE) {
      map.put("batchNorm", YamlValue.word(phase.batchNorm()));
    }
    phase
        .distill()
        .ifPresent(
            d -> map.put("distill", ordered("temperature", d.temperature(), "weight", d.weight())));
    return map;
  }

  private static Map<String, Object> register(RegisterPhase register) {
    Map<String, Object> map =
        ordered(
            "accumulator", register.accumulator().toString(),
            "layers", rules(register.registers()));
    register
        .floats()
        .ifPresentOrElse(
            floats -> map.putAll(floats(floats)), () -> map.put("steps", register.steps()));
    map.putAll(phase(register.phase()));
    return map;
  }

  private static Map<String, Object> floats(FloatTraining floats) {
    Map<String, Object> map = ordered("gradient", GradientMask.text(floats.masks()));
    floats.epsilon().ifPresent(epsilon -> map.put("epsilon", epsilon));
    map.put(
        "withoutUnderflow",
        floats.withoutUnderflow().<Object>map(RecipeWriter::phase).orElse("none"));
    return map;
  }

  private static Object rules(LayerRegisters registers) {
    Map<String, Object> rules = new LinkedHashMap<>();
    registers.rules().forEach(rule -> rules.put(rule.glob(), rule.summation().toString()));
    return rules.isEmpty() ? "none" : rules;
  }

  private static Object orNone(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : "none";
  }

  private static Map<String, Object> augment(Augment augment) {
    Map<String, Object> map = ordered("pad", augment.pad(), "flip", augment.flip());
    if (augment.cutout() > 0) {
      map.put("cutout", augment.cutout());
    }
    return map;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
