package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.Narrows;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.network.safetensors.SafetensorsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code train}, with recipes that cannot end well. */
class BadTrainingTest {
  private static final String RECIPE =
      """
      name: bad
      model: cnn-small
      width: 4
      data: {set: fashion-small, validation: 10, limit: 128}
      threads: 1
      batch: 32
      quantization: {weights: 4, activations: 4}
      phases:
        float: {epochs: 1, rate: 0.05}
      """;

  @TempDir private Path folder;

  private record Said(int exitCode, String err) {}

  private int runs;

  private Said train(String yaml) throws IOException {
    runs++;
    Path recipe = Files.writeString(folder.resolve("bad.yaml"), yaml);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(new ByteArrayOutputStream());
        PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      int exitCode =
          Narrows.run(
              new Terminal(out, said, false),
              "train",
              recipe.toString(),
              "--out",
              folder.resolve("run" + runs).toString());
      return new Said(exitCode, err.toString(StandardCharsets.UTF_8));
    }
  }

  /** Decay of 1 at a rate of 1000 makes weights a thousand times larger at every step. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          constraint a2q+         | constraint: {method: a2q+, bits: 12}     | quantize: {
          constraint sign-sum     | constraint: {method: sign-sum, bits: 10} | quantize: {
          sorted register         | constraint: none | register: {accumulator: 'int10:saturate:sorted',
          natural-order register  | constraint: none | register: {accumulator: 'int10:saturate',
          wrapping register       | constraint: none | register: {accumulator: 'int12:wrap',
          """)
  @Tag("slow")
  void train_weightsThatDiverge_exitsOneAndKeepsTheLastGoodCheckpoint(
      String name, String constraint, String phase) throws IOException {
    String wild = "epochs: 20, rate: 1000, weightDecay: 1, schedule: constant}\n";
    Said said =
        train(
            RECIPE.replace("activations: 4}", "activations: 4, " + constraint + "}")
                + "  "
                + phase
                + " "
                + wild);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(1);
    String kind = phase.substring(0, phase.indexOf(':'));
    assertThat(said.err()).containsPattern("narrows: phase " + kind + ", epoch \\d+, step \\d+: ");
    assertThat(said.err()).contains("a smaller rate may help").doesNotContain("internal error");
    Path run = folder.resolve("run1");
    assertThat(run.resolve("results.json")).doesNotExist();
    try (SafetensorsFile checkpoint =
        SafetensorsFile.open(run.resolve("checkpoint/state.safetensors"))) {
      assertThat(checkpoint.longs("run.counters")[0]).as("the float phase is done").isEqualTo(1);
      for (String array : checkpoint.entries().keySet()) {
        if (array.startsWith("model.")) {
          for (float value : checkpoint.floats(array)) {
            assertThat(value).as(array).isFinite();
          }
        }
      }
    }
  }

  @Test
  void train_cutoutOfTheWholeImage_exitsTwo() throws IOException {
    Said said = train("augment: {cutout: 28}\n" + RECIPE);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains(
            "augment.cutout: must be less than the 28 pixels of the shorter side of images of"
                + " fashion-small/train, got 28");
    assertThat(folder.resolve("run1/recipe.yaml")).doesNotExist();
  }

  @Test
  void train_constraintThatAsksForTheImpossible_exitsTwoAndNamesTheLayer() throws IOException {
    String limit = "constraint: {method: a2q+, bits: 12}";
    String limited = RECIPE.replace("activations: 4}", "activations: 4, " + limit + "}");
    Said oneTerm = train(limited.replace("cnn-small\nwidth: 4", "dscnn\nwidth: 1"));
    assertThat(oneTerm.exitCode()).isEqualTo(2);
    assertThat(oneTerm.err())
        .contains("layer \"block1.pointwise\" has one weight a channel (K = 1)");
    assertThat(folder.resolve("run1").resolve("recipe.yaml")).doesNotExist();
    Said unknown = train(limited.replace("a2q+", "a2q-"));
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("quantization.constraint.method: expected one of a2q, a2q+, sign-sum");
    Said nothing = train(limited.replace("cnn-small\nwidth: 4", "mlp1"));
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("mlp1 has no layer to constrain");
  }

  @Test
  void train_registerTooNarrowForAnyWeight_warnsNamingTheLayer() throws IOException {
    Said said =
        train(
            RECIPE.replace(
                "activations: 4}", "activations: 4, constraint: {method: a2q+, bits: 4}}"));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err())
        .contains("warning: layer \"conv2\": 4 bits leave no weight other than 0")
        .contains("all of its 8 channels become zero");
  }
}
