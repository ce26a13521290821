package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that would change nothing is refused, or a note says so. */
class OptionsWithoutEffectTest {
  @TempDir private static Path shared;
  private static Path model = Path.of("");
  private static Path array = Path.of("");
  private static Path weights = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    array = shared.resolve("x.npy");
    Npy.write(array, NpyArray.of(new int[2 * 784], 2, 1, 28, 28));
    weights = shared.resolve("float.safetensors");
    new SafetensorsWriter().floats("w", new float[1], 1).write(weights);
  }

  private Said said(String words) {
    List<Object> all = new ArrayList<>();
    for (String word : words.split(" ")) {
      all.add(
          switch (word) {
            case "MODEL" -> model;
            case "ARRAY" -> array;
            case "WEIGHTS" -> weights;
            case "OUT" -> folder.resolve("out");
            default -> word;
          });
    }
    return Said.by(all.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "analyze MODEL --order sorted | --order: needs --data",
        "analyze MODEL --order sequential | --order: needs --data",
        "analyze MODEL --order reversed:zero(raw) | --order: needs --data",
        "analyze MODEL --limit 4 | --limit: needs --data",
        "analyze MODEL --master local | --master: needs --data",
        "analyze MODEL --data fashion-small --partitions 3 | --partitions: goes with --master",
        "analyze MODEL --data fashion-small --skip-unreadable | --skip-unreadable: goes with"
            + " --master",
        "evaluate MODEL --data fashion-small --master local --spark a=b | --spark: expected"
            + " settings",
        "evaluate MODEL --data fashion-small --master local --spark spark.my.secret=b | is a"
            + " secret",
        "analyze MODEL --data generated/5 --layout nchw | --layout: has no effect on generated",
        "certify MODEL --bits 9 --accumulator fp16 | --accumulator: goes with --order-free",
        "certify MODEL --bits 9 --trees 4 | --trees: goes with --order-free",
        "certify MODEL --bits 9 --every 4 | --every: goes with --order-free",
        "certify MODEL --bits 9 --context 4 | --context: goes with --order-free",
        "certify MODEL --bits 9 --data fashion-small | --data: goes with --order-free",
        "certify MODEL --order-free --bits 9 | --bits: not beside --order-free",
        "certify MODEL --order-free --target 16 | --target: not beside --order-free",
        "certify MODEL --order-free --guarantee terms | --guarantee: not beside --order-free",
        "analyze MODEL --preprocess raw | --preprocess: needs --data",
        "analyze MODEL --resize 28x28 | --resize: needs --data",
        "analyze MODEL --layout nhwc | --layout: needs --data",
        "analyze MODEL --data fashion-small --layout nhwc | --layout: fashion-small/test holds"
            + " images",
        "evaluate MODEL --data fashion-small --layout nchw | --layout: fashion-small/test holds"
            + " images",
        "evaluate MODEL --data fashion-small --context 8 | --context: is for a language model",
        "evaluate MODEL --data fashion-small --tokenizer t.bin | --tokenizer: is for a language"
            + " model",
        "run MODEL --input ARRAY --data fashion-small --out OUT | --data: --input names the inputs"
            + " already",
        "run MODEL --input ARRAY --resize 3x3 --out OUT | only images can be resized",
        "quantize WEIGHTS --model mlp1 --data fashion-small --weights m4e3 --first-last 4 |"
            + " --first-last: is for integers",
        "quantize WEIGHTS --model mlp1 --data fashion-small --weights m4e3 --observer mse |"
            + " --observer: is for integers",
        "quantize WEIGHTS --model mlp1 --data fashion-small --weights float --calibrate 9 |"
            + " --calibrate: has no effect",
        "quantize WEIGHTS --model mlp1 --data fashion-small --weights float --correct-bias |"
            + " --correct-bias: has no effect",
        "export MODEL --to qonnx --target-cpu neon --out OUT | --target-cpu: has no effect on"
            + " qonnx",
        "export MODEL --to onnx-qdq --accumulator int9:wrap --out OUT | --accumulator: has no"
            + " effect on onnx-qdq",
        "export MODEL --to narrows --vectors 3 --out OUT | --vectors: has no effect on narrows",
        "export MODEL --to safetensors --flash 3 --out OUT | --flash: has no effect on safetensors",
        "export MODEL --to qonnx --ram 3 --out OUT | --ram: has no effect on qonnx",
        "export MODEL --to c --exact --out OUT | --exact: has no effect on c",
        "sweep --jobs 2 merge OUT --out OUT | --jobs: has no effect on sweep merge",
        "sweep some.yaml merge OUT --out OUT | FILE: has no effect on sweep merge",
      })
  void option_withoutEffect_isBadInput(String words, String complaint) {
    Said said = said(words);
    assertThat(said.err()).contains(complaint);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "analyze MODEL --threads 1 | --threads: has no effect without --data",
        "certify MODEL --bits 20 --threads 1 | --threads: has no effect without --order-free",
        "analyze MODEL --data-root OUT | --data-root: has no effect without --data",
        "analyze MODEL --data ARRAY --data-root OUT | --data-root: has no effect on",
        "evaluate MODEL --data fashion-small --limit 2 --fold-norms | no float layer has a batch"
            + " norm",
        "analyze MODEL --data fashion-small --limit 2 --sensitivity --bits 9 --accumulator"
            + " int9:wrap | --bits: --sensitivity tries --accumulator",
      })
  void option_withoutEffectAndWithoutHarm_isNoted(String words, String note) {
    Said said = said(words);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains(note);
  }

  @Test
  void order_conventionsAlone_changeBoundsWithoutData() {
    Said raw = said("analyze MODEL --order zero(raw):bias(preload)");
    assertThat(raw.exitCode()).as(raw.err()).isZero();
  }

  @Test
  @Tag("data")
  void evaluate_languageModel_refusesWhatIsAboutImages() throws IOException {
    Path language = SharedData.file("models/stories260k/stories260K.bin");
    Path text = Files.writeString(folder.resolve("text.txt"), "Once upon a time.");
    for (String option :
        List.of("--fold-norms", "--preprocess raw", "--resize 8x8", "--layout nchw")) {
      List<Object> words = new ArrayList<>(List.of("evaluate", language, "--data", text));
      words.addAll(List.of(option.split(" ")));
      Said said = Said.by(words.toArray());
      assertThat(said.exitCode()).isEqualTo(2);
      assertThat(said.err()).contains(option.split(" ")[0] + ": has no effect on a language model");
    }
  }
}
