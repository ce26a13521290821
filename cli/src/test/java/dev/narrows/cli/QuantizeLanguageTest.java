package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.weights.DenseWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Integers of a one-layer language model: made, run, proved, refuted. */
class QuantizeLanguageTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");
  private static final String REGISTER = "int16:saturate:chunk(8,int32)";

  @TempDir private Path folder;
  private Path text = Path.of("");

  @BeforeEach
  void writeText() throws IOException {
    text =
        Files.writeString(folder.resolve("text.txt"), "The thing thaws; so it goes. ".repeat(40));
  }

  private Said quantize(Path out, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("quantize", MODEL, "--data", text, "--context", "32"));
    words.addAll(List.of("--calibrate", "64", "--threads", "1", "--out", out));
    words.addAll(List.of(more));
    return Said.by(words.toArray());
  }

  @Test
  void quantize_safeRegister_runsTheSameInItAndIsProved() throws IOException {
    Path out = folder.resolve("integers");
    Said said = quantize(out, "--safe", REGISTER, "--feedback", "--migrate", "--vocabulary");
    assertThat(said.exitCode()).as(said.err()).isZero();
    byte[] network = Files.readAllBytes(out.resolve("network.narrows"));
    assertThat(
            quantize(out, "--safe", REGISTER, "--feedback", "--migrate", "--vocabulary").exitCode())
        .isZero();
    assertThat(out.resolve("network.narrows")).hasBinaryContent(network);
    Said other = quantize(out, "--safe", REGISTER);
    assertThat(other.exitCode()).isNotZero();
    assertThat(other.err()).contains("holds other integers (W8A8, error feedback");
    Said loss =
        Said.by(
            "evaluate",
            out,
            "--data",
            text,
            "--limit",
            "100",
            "--context",
            "32",
            "--accumulator",
            REGISTER,
            "--accumulator",
            "int10:saturate",
            "--format",
            "csv");
    assertThat(loss.exitCode()).as(loss.err()).isZero();
    String[] rows = loss.out().lines().toArray(String[]::new);
    List<String> safe = Arrays.asList(rows[1].split(","));
    assertThat(rows[1]).contains("chunk(8");
    assertThat(loss.out()).contains("int10:saturate");
    assertThat(safe).contains("0");
    assertThat(Said.by("run", out, "--prompt", "The", "--tokens", "3").exitCode()).isZero();

    Path certificate = folder.resolve("certificate.json");
    Said proof = Said.by("certify", out, "--target", REGISTER, "--no-witnesses");
    assertThat(proof.exitCode()).as(proof.err()).isZero();
    assertThat(proof.out()).contains("\"witnesses\" : \"none\"").doesNotContain("\"witness\"");
    Files.writeString(certificate, proof.out());
    Said verdict = Said.by("verify", out, certificate);
    assertThat(verdict.exitCode()).as(verdict.err()).isZero();
    Files.writeString(
        certificate, proof.out().replaceFirst("\"witnesses\" : \"none\"", "\"zero\" : \"offset\""));
    assertThat(Said.by("verify", out, certificate).exitCode()).isNotZero();
  }

  @Test
  void quantize_activationsOfFiveBits_areProvedForTheirOwnCodes() throws IOException {
    Path out = folder.resolve("five");
    Said said = quantize(out, "--safe", "int11:saturate:chunk(8,int32)", "--activations", "5");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("W8A5");
    assertThat(Files.readString(out.resolve("language.yaml"))).contains("activations: 5");
    Said proof =
        Said.by("certify", out, "--target", "int11:saturate:chunk(8,int32)", "--no-witnesses");
    assertThat(proof.exitCode()).as(proof.err()).isZero();
    assertThat(new NarrowsReader().read(out.resolve("network.narrows")).layers())
        .anySatisfy(layer -> assertThat(layer).extracting("name").isEqualTo("hidden.codes5"));
    Said loss = Said.by("evaluate", out, "--data", text, "--limit", "60", "--context", "32");
    assertThat(loss.exitCode()).as(loss.err()).isZero();
  }

  @Test
  void quantize_turnedActivations_areProvedLikeOthers() throws IOException {
    Path out = folder.resolve("turned");
    Said said = quantize(out, "--safe", REGISTER, "--feedback", "--migrate", "--rotate");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("powers of two lent, rotated");
    assertThat(Files.readString(out.resolve("language.yaml"))).contains("rotate: true");
    Said straight = quantize(out, "--safe", REGISTER, "--feedback", "--migrate");
    assertThat(straight.err()).contains("holds other integers");
    assertThat(new NarrowsReader().read(out.resolve("network.narrows")).metadata())
        .containsKey("hadamard.layer0.feed.down");
    Said proof = Said.by("certify", out, "--target", REGISTER, "--no-witnesses");
    assertThat(proof.exitCode()).as(proof.err()).isZero();
    Said loss =
        Said.by(
            "evaluate",
            out,
            "--data",
            text,
            "--limit",
            "60",
            "--context",
            "32",
            "--accumulator",
            REGISTER);
    assertThat(loss.exitCode()).as(loss.err()).isZero();
    assertThat(Said.by("run", out, "--prompt", "The", "--tokens", "3").exitCode()).isZero();
  }

  @Test
  void verify_weightsPushedBeyond_areRefuted() throws IOException {
    Path out = folder.resolve("integers");
    assertThat(quantize(out, "--safe", REGISTER).exitCode()).isZero();
    Path file = out.resolve("network.narrows");
    Path certificate = folder.resolve("certificate.json");
    Said proof = Said.by("certify", out, "--target", REGISTER);
    Files.writeString(certificate, proof.out());
    assertThat(Said.by("verify", out, certificate).exitCode()).isZero();
    NarrowsWriter.write(pushed(new NarrowsReader().read(file)), file);
    Said verdict = Said.by("verify", out, certificate);
    assertThat(verdict.exitCode()).isEqualTo(ExitCode.NOT_GUARANTEED);
    assertThat(verdict.err()).contains("layer0.attention.query");
    Said again = Said.by("certify", out, "--target", REGISTER);
    assertThat(again.exitCode()).isEqualTo(ExitCode.NOT_GUARANTEED);
    assertThat(again.err()).contains("16 bits are not enough", "reaches");
  }

  /** Every weight of the first chunk of a row one further from zero until it is one too far. */
  private static Network pushed(Network network) {
    List<Layer> layers = new ArrayList<>(network.layers());
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Dense dense && dense.name().equals("layer0.attention.query")) {
        DenseWeights given = (DenseWeights) dense.integers().weights();
        int[] values = given.values().clone();
        long sum = Arrays.stream(values, 0, 8).mapToLong(Math::abs).sum();
        for (int k = 0; sum <= 258; k = (k + 1) % 8) {
          if (Math.abs(values[k]) < 127) {
            values[k] += values[k] < 0 ? -1 : 1;
            sum++;
          }
        }
        layers.set(
            i,
            dense.withOperands(
                dense
                    .integers()
                    .withWeights(
                        new DenseWeights(
                            given.channels(),
                            given.terms(),
                            given.bits(),
                            given.scales(),
                            values))));
      }
    }
    return new Network(network.name(), network.input(), layers, network.metadata());
  }

  @Test
  void evaluate_withoutItsModelOrWithAnother_isRefused() throws IOException {
    Path model = Files.copy(MODEL, folder.resolve("own.gguf"));
    Path out = folder.resolve("integers");
    Said made =
        Said.by(
            "quantize",
            model,
            "--data",
            text,
            "--context",
            "32",
            "--calibrate",
            "32",
            "--out",
            out);
    assertThat(made.exitCode()).as(made.err()).isZero();
    Path moved = Files.move(model, folder.resolve("moved.gguf"));
    Said none = Said.by("evaluate", out, "--data", text);
    assertThat(none.err()).contains("needs the model it was made from");
    Files.copy(moved, out.resolve("own.gguf"));
    assertThat(Said.by("evaluate", out, "--data", text, "--limit", "20").exitCode()).isZero();
    byte[] bytes = Files.readAllBytes(moved);
    bytes[bytes.length - 1]++;
    Files.write(model, bytes);
    Said other = Said.by("evaluate", out, "--data", text);
    assertThat(other.err()).contains("is not the model that", "expected SHA-256");
  }

  @Test
  void quantize_optionsThatDoNotFit_areRefused() throws IOException {
    Path out = folder.resolve("out");
    assertRefused(quantize(out, "--weights", "9"), "--weights: expected 2 to 8 bits");
    assertRefused(quantize(out, "--weights", "float"), "--weights: expected 2 to 8 bits");
    assertRefused(quantize(out, "--safe", "m7e4"), "--safe: expected a register of integers");
    assertRefused(quantize(out, "--safe", "int16:no"), "--safe: ");
    assertRefused(quantize(out, "--activations", "1"), "--activations: expected 2 to 8 bits");
    assertRefused(quantize(out, "--equalize"), "--equalize: has no effect on a language model");
    assertRefused(quantize(out, "--observer", "mse"), "--observer: has no effect");
    assertThat(out).doesNotExist();
    Path full = Files.createDirectories(folder.resolve("full"));
    Files.writeString(full.resolve("a.txt"), "a");
    assertRefused(quantize(full), "is not empty and holds no language.yaml");
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(broken.resolve("language.yaml"), "narrows: language/2\n");
    assertRefused(Said.by("evaluate", broken, "--data", text), "expected language/1");
  }

  private static void assertRefused(Said said, String message) {
    assertThat(said.exitCode()).isNotZero();
    assertThat(said.err()).contains(message);
  }
}
