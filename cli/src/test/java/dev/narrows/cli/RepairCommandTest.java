package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RepairCommandTest {
  private static final Path TFLITE =
      Path.of("../network/src/test/resources/golden/litert/operators/conv-same-relu6.tflite");

  @TempDir private static Path shared;
  private static Path model = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetwork() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static Said repair(Object... more) {
    Object[] words = {"repair", model, "--data", "fashion-small/train", "--limit", "60"};
    return Said.by(Stream.concat(Stream.of(words), Stream.of(more)).toArray());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void repair_toFewerBits_writesANetworkWhoseCertificateHolds() throws IOException {
    assertThat(Said.by("certify", model, "--bits", "11").exitCode()).isEqualTo(3);
    Path out = folder.resolve("safe.narrows");
    Said said = repair("--bits", "11", "--test", "fashion-small/test", "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith("safe: 2 of 3 layers repaired, no input can overflow in 11-bit registers")
        .contains("sums in an exact register", "Accuracy on");
    assertThat(said.err()).contains("next: narrows verify " + out);
    assertThat(files())
        .containsExactly(
            "safe.narrows", "safe.narrows.certificate.json", "safe.narrows.repair.json");
    assertThat(Said.by("certify", out, "--bits", "11").exitCode()).isZero();
    Said verify = Said.by("verify", out, folder.resolve("safe.narrows.certificate.json"));
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    JsonNode json =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("safe.narrows.repair.json")));
    assertThat(json.path("schema").asString()).isEqualTo("narrows/repair/1");
    assertThat(json.path("holds").asBoolean()).isTrue();
    assertThat(json.path("layers").path(1).path("needs").asInt()).isLessThanOrEqualTo(11);
    assertThat(Said.by("report", folder, "--out", folder.resolve("r.html")).exitCode()).isZero();
  }

  @Test
  void repair_ofANarrowerNetwork_isTheSameForAnyThreads() throws IOException {
    Path one = folder.resolve("one.narrows");
    Path three = folder.resolve("three.narrows");
    for (Path out : List.of(one, three)) {
      Said said =
          repair(
              "--bits",
              "9",
              "--activations",
              "narrow",
              "--out",
              out,
              "--threads",
              out.equals(one) ? 1 : 3);
      assertThat(said.exitCode()).as(said.err()).isZero();
    }
    assertThat(Files.mismatch(one, three)).isEqualTo(-1);
  }

  @Test
  void repair_ofPairs_writesAProofOfThem() throws IOException {
    Path out = folder.resolve("pairs.narrows");
    Said said = repair("--pairs", "vpmaddubsw", "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    Said verify = Said.by("verify", out, folder.resolve("pairs.narrows.certificate.json"));
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out()).contains("holds");
  }

  @Test
  void repair_excludedLayers_stayExact() throws IOException {
    Path out = folder.resolve("safe.narrows");
    Said said = repair("--bits", "11", "--exclude", "last", "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("safe: 1 of 3 layers repaired", "excluded");
    Said verify = Said.by("verify", out, folder.resolve("safe.narrows.certificate.json"));
    assertThat(verify.out()).contains("pinned to an exact register");
  }

  @Test
  void repair_ofATfliteFile_keepsItsKindAndTheOriginal() throws IOException {
    byte[] before = Files.readAllBytes(TFLITE);
    TensorType type = NetworkFiles.read(TFLITE).input();
    byte[] codes = new byte[20 * type.elements()];
    new Random(1).nextBytes(codes);
    Path inputs = folder.resolve("x.npy");
    Npy.write(inputs, NpyArray.of(codes, 20, type.height(), type.width(), type.channels()));
    Path out = folder.resolve("safe.tflite");
    Said said =
        Said.by(
            "repair",
            TFLITE,
            "--bits",
            "15",
            "--data",
            inputs,
            "--preprocess",
            "none",
            "--out",
            out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Files.readAllBytes(TFLITE)).isEqualTo(before);
    assertThat(Said.by("certify", out, "--bits", "15").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | --bits: how wide | --without=bias",
        "2 | --bits: must be in [2, 62], got 1 | --bits=1",
        "2 | matches no layer with weights | --bits=11 --exclude=none*",
        "2 | --without: expected bias, feedback, growth, search | --bits=11 --without=magic",
        "2 | --activations: expected keep or narrow | --bits=11 --activations=wide",
        "2 | --activation-bits: needs --activations narrow | --bits=11 --activation-bits=4",
        "2 | --pairs: names the registers itself | --bits=11 --pairs=vpmaddubsw",
        "2 | --pairs: expected vpmaddubsw or smlal | --pairs=add",
        "2 | --out: expected a name ending in .narrows | --bits=11 --out=x.tflite",
        "2 | --out: there is no folder | --bits=11 --out=nowhere/x.narrows",
        "2 | a repair is for registers of integers | --accumulator=m7e4",
        "3 | would lose all weights in int3 | --bits=3",
      })
  void repair_badInput_saysWhat(int exitCode, String message, String options) throws IOException {
    Said said = repair((Object[]) options.split(" "));
    assertThat(said.err()).contains(message);
    assertThat(said.exitCode()).isEqualTo(exitCode);
    assertThat(files()).isEmpty();
  }

  @Test
  void repair_overItsOwnModel_isRefused() {
    Said said = repair("--bits", "11", "--out", model);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("is the network itself");
  }
}
