package dev.narrows.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.IntegerNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepReaderTest {
  private static final String BASE =
      """
      model: mlp1
      data: {set: fashion-small, validation: 100}
      threads: 1
      quantization: {weights: 4, activations: 4, exclude: []}
      phases: {float: {epochs: 1}}
      """;

  @TempDir private Path folder;

  private Sweep read(String text) throws IOException {
    Files.writeString(folder.resolve("base.yaml"), BASE);
    return Sweep.read(Files.writeString(folder.resolve("s.yaml"), text));
  }

  @Test
  void read_gridOfRecipeKeys_isEveryCombinationWithItsRecipe() throws IOException {
    Sweep sweep = read("base: base.yaml\ngrid: {quantization.weights: [4, 5], seed: [1, 2]}\n");
    assertThat(sweep.name()).isEqualTo("s");
    assertThat(sweep.trials())
        .extracting(PlannedTrial::title)
        .containsExactly(
            "base quantization.weights=4 seed=1",
            "base quantization.weights=4 seed=2",
            "base quantization.weights=5 seed=1",
            "base quantization.weights=5 seed=2");
    assertThat(sweep.trials())
        .extracting(trial -> integers(trial).weights())
        .containsExactly(4, 4, 5, 5);
    assertThat(sweep.trials()).extracting(PlannedTrial::hash).doesNotHaveDuplicates();
    assertThat(sweep.trials().getFirst().folder()).startsWith("base-weights4-seed1-");
  }

  @Test
  void read_ownData_areInTheHashByTheirContentAndNotByTheirPlace() throws IOException {
    Path data = Files.writeString(folder.resolve("mine.txt"), "abc".repeat(1000));
    String text = "base: base.yaml\ngrid: {data.set: [mine.txt]}\n";
    PlannedTrial one = read(text).trials().getFirst();
    assertThat(one.recipe().data().set()).isEqualTo(data.toString());
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(data, other.resolve("mine.txt"));
    PlannedTrial moved =
        read("base: base.yaml\ngrid: {data.set: [other/mine.txt]}\n").trials().getFirst();
    assertThat(moved.hash()).isEqualTo(one.hash());
    Files.writeString(data, "abd".repeat(1000));
    assertThat(read(text).trials().getFirst().hash()).isNotEqualTo(one.hash());
    assertThatThrownBy(() -> read("base: base.yaml\ngrid: {data.set: [nowhere.txt]}\n"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("\"nowhere.txt\" is neither a known data set");
  }

  @Test
  void read_variable_fillsMethodsAndAccumulators() throws IOException {
    Sweep sweep =
        read(
            """
            base: base.yaml
            grid: {P: [12, 9]}
            methods:
              - {label: plain}
              - label: through
                set:
                  quantization.activations: 5
                  phases.register: {accumulator: 'int${P}:wrap', steps: ['${P+2}', $P], epochs: 1}
            accumulators: ['int$P:saturate', exact, 'int7-8:saturate:sorted']
            """);
    // plain does not depend on P: one training, seen in the registers of both
    assertThat(sweep.trials())
        .extracting(PlannedTrial::title)
        .containsExactly("plain seed=1", "through P=12 seed=1", "through P=9 seed=1");
    assertThat(texts(sweep.trials().get(0)))
        .containsExactly(
            "int12:saturate", "int7:saturate:sorted", "int8:saturate:sorted", "int9:saturate");
    assertThat(texts(sweep.trials().get(2)))
        .containsExactly("int9:saturate", "int7:saturate:sorted", "int8:saturate:sorted");
    assertThat(sweep.trials().get(2).recipe().phases().register().orElseThrow().steps())
        .isEqualTo(List.of(11, 9));
    assertThat(integers(sweep.trials().get(2)).activations()).isEqualTo(5);
  }

  private static List<String> texts(PlannedTrial trial) {
    return trial.accumulators().stream().map(Object::toString).toList();
  }

  @Test
  void read_widthOfTheTrial_isThatOfItsRegister() throws IOException {
    Sweep sweep =
        read(
            """
            base: base.yaml
            grid: {phases.register.accumulator: ['int9:wrap', 'int11:saturate']}
            methods: [{label: m, set: {phases.register.epochs: 1}}]
            accumulators: ['int$P:saturate']
            """);
    assertThat(sweep.trials())
        .flatExtracting(SweepReaderTest::texts)
        .containsExactly("int9:saturate", "int11:saturate");
  }

  @Test
  void read_exclusions_leaveOutWhatMatchesAll() throws IOException {
    Sweep sweep =
        read(
            """
            base: base.yaml
            grid: {quantization.weights: [4, 5, 6], seed: [1, 2]}
            exclude:
              - {seed: 2, quantization.weights: [5, 6]}
            """);
    assertThat(sweep.trials())
        .extracting(trial -> integers(trial).weights() + "/" + trial.recipe().seed())
        .containsExactly("4/1", "4/2", "5/1", "6/1");
  }

  @Test
  void hash_nameAndCheckpoint_doNotMatterAndThreadsDo() throws IOException {
    String hash = read("name: one\nbase: base.yaml\n").trials().getFirst().hash();
    assertThat(read("name: two\nbase: base.yaml\ngrid: {checkpoint.everySteps: [3]}\n").trials())
        .extracting(PlannedTrial::hash)
        .containsExactly(hash);
    assertThat(read("base: base.yaml\ngrid: {threads: [2]}\n").trials().getFirst().hash())
        .isNotEqualTo(hash);
  }

  @Test
  void shard_allOfThem_areTheWholeSweep() throws IOException {
    Sweep sweep = read("base: base.yaml\ngrid: {seed: [1, 2, 3]}\n");
    assertThat(sweep.shard(1, 2).trials()).hasSize(2).doesNotContain(sweep.trials().get(1));
    assertThat(sweep.shard(2, 2).trials()).containsExactly(sweep.trials().get(1));
  }

  @Test
  void sweeps_inTheRecipesFolder_areRead() throws IOException {
    Path recipes = Path.of("..", "recipes", "sweeps");
    assertThat(Sweep.read(recipes.resolve("smoke.yaml")).trials()).hasSize(7);
    assertThat(Sweep.read(recipes.resolve("a2q-resnet20.yaml")).trials())
        .extracting(PlannedTrial::title)
        .hasSize(9)
        .contains("no limit seed=1", "a2q P=13 seed=1", "a2q+ P=10 seed=1");
    assertThat(Sweep.read(recipes.resolve("wa-resnet8.yaml")).trials()).hasSize(32);
    try (Stream<Path> files = Files.list(recipes)) {
      for (Path file : files.toList()) {
        assertThat(Sweep.read(file).trials()).as(file.toString()).isNotEmpty();
      }
    }
  }

  @Test
  void read_mistakes_nameFileLineKeyAndExpectation() {
    wrong("base: nothing.yaml\n", ":1:1: base: expected a recipe or the path of one");
    wrong(
        "base: base.yaml\ngrid:\n  quantization.weights: [4, 99]\n",
        ":3:29: grid.quantization.weights[1]: must be in [2, 8], got 99");
    wrong(
        "base: base.yaml\ngrid: {quantization.wheights: [4]}\n",
        "grid.quantization.wheights[0]: unknown key; known keys here: weights, activations");
    wrong("base: base.yaml\ngrid: {seed.x: [4]}\n", "grid.seed.x[0]: expected a single value");
    wrong("base: base.yaml\ngrid: {model.x: [4]}\n", "grid.model.x[0]: \"model\" has no keys");
    wrong("base: base.yaml\ngrid: {seed: 4}\n", "grid.seed: expected a list such as [a, b]");
    wrong(
        "base: base.yaml\nmethods:\n  - {label: a, set: {seed: $Q}}\n",
        ":3:22: methods[0].set.seed: nothing gives a value for \"Q\" here");
    wrong(
        "base: base.yaml\naccumulators: ['int$P:wrap']\n",
        "accumulators[0]: nothing gives a value for \"P\" here");
    wrong("base: base.yaml\ngrid: {P: [10]}\naccumulators: ['int$P:wraps']\n", "accumulators[0]: ");
    wrong(
        "base: base.yaml\naccumulators: ['int20-8:wrap']\n",
        ":2:16: accumulators[0]: accumulator \"int20-8:wrap\": a range of widths runs upwards");
    wrong(
        "base: base.yaml\naccumulators: [exact, m7e4]\n",
        "accumulators[1]: the network has integer operands; m7e4(12)/m7e4(10) is a register for");
    wrong(
        "base: base.yaml\ngrid: {quantization: [float]}\naccumulators: ['int8-9:wrap']\n",
        ":3:16: accumulators[0]: the network has float operands; int8:wrap is a register for");
    wrong(
        "base: base.yaml\ngrid: {seed: [1, 2], P: [10, 9]}\n",
        ":2:26: grid.P[0]: nothing uses the variable \"P\"; a method or an accumulator would say"
            + " $P");
    wrong(
        "base: base.yaml\nmethods: [{label: a}, {label: b}]\n",
        "\"a seed=1\" and \"b seed=1\" are the same training");
    wrong(
        "base: base.yaml\ngrid: {seed: [1]}\nexclude: [{seed: 3}]\n",
        "exclude[0].seed: \"3\" never occurs; there are [1]");
    wrong("base: base.yaml\nexclude: [{x: 3}]\n", "exclude[0].x: expected \"method\" or a key");
    wrong(
        "base: base.yaml\ngrid: {seed: [1]}\nexclude: [{method: base}]\n",
        "no trial is left; everything is excluded");
    wrong(
        "base: base.yaml\ngrid: {data.validation: [0]}\n",
        "a sweep chooses on validation images: validation must be at least 1");
  }

  private void wrong(String text, String said) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(said);
  }

  private static IntegerNumbers integers(PlannedTrial trial) {
    return (IntegerNumbers) trial.recipe().numbers();
  }
}
