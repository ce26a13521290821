package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LanesCommandTest {
  @TempDir private Path folder;

  private Said said(String reduction, String... words) {
    List<Object> all = new ArrayList<>(List.of("lanes", "--reduction", reduction));
    all.addAll(List.of(words));
    return Said.by(all.toArray());
  }

  @Test
  void lanes_answer_comesFirst() {
    Said said = said("vpmaddubsw+paddsw+i32", "--b", "-1..1");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith(
            "largest safe chain: 64 steps, 128 products in each lane of saturating i16; 65 break:");
  }

  @Test
  void lanes_out_isResultGuardAndWitness() throws IOException {
    Path out = folder.resolve("out");
    Said said = said("smull+smlal+sadalp", "--out", out.toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode json = JsonMapper.shared().readTree(Files.readString(out.resolve("reduction.json")));
    assertThat(json.path("schema").asString()).isEqualTo("narrows/lanes/1");
    assertThat(json.path("largest").asInt()).isEqualTo(1);
    assertThat(json.path("breaks").path("sum").asLong()).isEqualTo(32_768);
    NpyArray a = Npy.read(out.resolve("witness-a.npy"));
    NpyArray b = Npy.read(out.resolve("witness-b.npy"));
    assertThat(a.shape()).containsExactly(16);
    assertThat(a.integer(0) * b.integer(0) + a.integer(8) * b.integer(8)).isEqualTo(32_768);
    assertThat(Files.readString(out.resolve("guard.h"))).contains("#define NARROWS_CHAIN 1");
    assertThat(out.resolve("witness.c")).isNotEmptyFile();
  }

  @Test
  void lanes_chainAskedFor_isThreeWhereItIsNotSafe() {
    assertThat(said("vpmaddubsw+paddsw", "--b", "-1..1", "--chain", "64").exitCode()).isZero();
    Said unsafe = said("vpmaddubsw+paddsw", "--b", "-1..1", "--chain", "65");
    assertThat(unsafe.exitCode()).isEqualTo(3);
    assertThat(unsafe.out()).startsWith("a chain of 65 is NOT safe: at step 65");
    assertThat(said("vpmaddubsw").exitCode()).isEqualTo(3);
    assertThat(said("vpmaddubsw", "--b", "-64..64").exitCode()).isZero();
  }

  @Test
  void lanes_weights_areLookedAtTermByTerm() throws IOException {
    Path file = folder.resolve("w.npy");
    Npy.write(file, NpyArray.of(new int[] {100, 20, -100, -28, 1, 1, 1, 127}, 2, 4));
    Said safe = said("vpmaddubsw", "--weights", file.toString());
    assertThat(safe.exitCode()).as(safe.out()).isZero();
    Npy.write(file, NpyArray.of(new int[] {100, 20, -100, -28, 1, 1, 2, 127}, 2, 4));
    Said unsafe = said("vpmaddubsw", "--weights", file.toString());
    assertThat(unsafe.exitCode()).isEqualTo(3);
    assertThat(unsafe.out())
        .contains("at step 2 a lane of saturating i16 would have to hold 32895");
  }

  @Test
  void lanes_list_namesTheInstructions() {
    Said said = Said.by("lanes", "--list");
    assertThat(said.exitCode()).isZero();
    assertThat(said.out()).contains("vpmaddubsw", "smull+smlal+sadalp", "i32x4.dot_i16x8_s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubs | | | --reduction: reduction \"vpmaddubs\": found \"vpmaddubs\", expected",
        "i16: add n pears | | | --reduction: reduction \"i16: add n pears\": found",
        "vpmaddubsw | --a | s8 | a: values [-128, 127] are out of range",
        "vpmaddubsw | --a | 9..1 | --a: range [9, 1] is empty",
        "vpmaddubsw | --a | u8 but 3 | --a: expected a type or a range",
        "vpmaddubsw | --chain | 3 | leaves no length open",
        "vpmaddubsw | --nonzeros | 0 | needs a number of at least 1",
        "vpmaddubsw | --one-of | 2 | its number of terms has to be known",
        "i16: add n | | | --a: needed, as the reduction does not say what it multiplies",
        "vpmaddubsw | --weights | nowhere.npy | nowhere.npy",
        "vpmaddubsw | --terms | 0 | the number of terms must be in",
      })
  void lanes_badInput_isOneLineAndWritesNothing(
      String reduction, String option, String value, String problem) {
    Path out = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of("--out", out.toString()));
    if (option != null) {
      words.add(option);
      words.add(value);
    }
    Said said = said(reduction, words.toArray(String[]::new));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(problem);
    assertThat(said.err().strip().lines()).hasSize(1);
    assertThat(out).doesNotExist();
  }

  /** Lanes that hold everything change nothing; narrow ones do, and are counted. */
  @Test
  void evaluate_lanes_areWhatTheKernelDoes() throws IOException {
    Path model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    Path registers = folder.resolve("registers.yaml");
    Files.writeString(registers, "\"*\": int32:wrap:lanes(i10s*2+i10s*3/4)\n");
    Said wide =
        Said.by(
            "evaluate",
            model,
            "--data",
            "fashion-small",
            "--limit",
            40,
            "--accumulator",
            "int32:wrap:lanes(i40s*2+i40*8/16)",
            "--format",
            "json");
    assertThat(wide.exitCode()).as(wide.err()).isZero();
    JsonNode exact = JsonMapper.shared().readTree(wide.out()).path("results").path(0);
    assertThat(exact.path("accumulator").asString()).isEqualTo("int32:wrap:lanes(i40s*2+i40*8/16)");
    assertThat(exact.path("differing").asInt(-1)).isZero();
    Said narrow =
        Said.by(
            "evaluate",
            model,
            "--data",
            "fashion-small",
            "--limit",
            40,
            "--accumulators",
            registers,
            "--format",
            "json");
    assertThat(narrow.exitCode()).as(narrow.err()).isZero();
    assertThat(narrow.out()).contains("\"persistent\"");
    assertThat(Said.by("narrow", model, "--data", "fashion-small", "--order", "lanes(i16*2)").err())
        .contains("lanes of a SIMD kernel have widths of their own");
  }

  @Test
  void lanes_withoutReduction_saysWhatIsNeeded() {
    Said said = Said.by("lanes");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--reduction: needed");
    assertThat(Said.by("lanes", "--list", "--reduction", "vpmaddubsw").exitCode()).isEqualTo(2);
  }
}
