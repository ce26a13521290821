package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeNetwork() throws IOException {
    model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static void refused(String expected, Object... words) {
    Said said = Said.by(words);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err().strip()).startsWith("narrows: ").contains(expected);
    assertThat(said.err().strip().lines()).hasSize(1);
  }

  @Test
  void anyCommand_badUsage_exitTwoInOneLine() {
    refused("no option --nonsense; see narrows evaluate", "evaluate", model, "--nonsense");
    refused("--bits: needed, or registers by --accumulators, or --target", "certify", model);
    refused("no command frobnicate; see narrows --help", "frobnicate");
    refused("more words than expected: \"12\"", "evaluate", model, "12");
    refused("'10k' is no whole number", "analyze", model, "--limit", "10k");
    refused("'soon' is no number", "bench", "--seconds", "soon");
    refused("expected one of [table, json, csv]", "analyze", model, "--format", "xml");
  }

  @Test
  void out_aFile_isBadInputAndUntouched() throws IOException {
    Path file = Files.writeString(folder.resolve("notes"), "mine");
    refused("notes: is a file, expected a folder", "analyze", model, "--out", file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void recipe_folderOrProgram_saysWhatWasExpected() throws IOException {
    refused(folder + ": is a folder, expected a YAML file", "train", folder);
    Path bytes = Files.write(folder.resolve("a.out"), new byte[] {(byte) 0xff, 0, 1});
    refused("a.out: cannot be read as UTF-8 text", "train", bytes);
  }

  @Test
  void evaluate_unknownAccumulator_quotesItAndTheForms() {
    refused(
        "accumulator \"int8:clip\": found \"clip\"",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--accumulator",
        "int8:clip");
    refused(
        "accumulator width must be in [2, 62] bits, got 70",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--accumulator",
        "int70:wrap");
    refused(
        "a range of widths runs upwards",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--accumulator",
        "int12-8:wrap");
  }

  @Test
  void evaluate_floatRegisterOnIntegerLayers_namesTheFirstLayer() {
    refused(
        "has integer operands; m7e4(12)/m7e4(10) is a register for float operands",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--accumulator",
        "m7e4");
  }

  @Test
  void evaluate_ruleThatMatchesNothing_listsTheLayers() throws IOException {
    Path rules = Files.writeString(folder.resolve("a.yaml"), "nowhere: exact\n");
    refused(
        "accumulator rule \"nowhere\" matches no layer",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--accumulators",
        rules);
  }

  @Test
  void model_missingTruncatedOrOfAnotherKind_namesFile() throws IOException {
    refused("none.narrows: no such file", "analyze", folder.resolve("none.narrows"));
    byte[] bytes = Files.readAllBytes(model);
    Path cut = folder.resolve("cut.narrows");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 100));
    refused("cut.narrows", "analyze", cut);
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
    refused("notes.txt", "analyze", text);
    refused("not a run folder", "analyze", folder);
  }

  @Test
  void data_unknownOrMissing_namesItAndWhatIsKnown() {
    refused("cifar11", "evaluate", model, "--data", "cifar11");
    refused("unknown split", "evaluate", model, "--data", "fashion-small/dev");
    refused(
        "mnist: mnist/t10k-images-idx3-ubyte not found",
        "evaluate",
        model,
        "--data",
        "mnist",
        "--data-root",
        folder.resolve("nowhere"));
    refused("--data: a network file needs a data set", "evaluate", model);
    refused(
        "--limit: must be at least 1", "analyze", model, "--data", "fashion-small", "--limit", "0");
    refused(
        "--resize: expected HEIGHTxWIDTH",
        "analyze",
        model,
        "--data",
        "fashion-small",
        "--resize",
        "32");
    refused("inputs are 1×32×32", "analyze", model, "--data", "fashion-small", "--resize", "32x32");
    refused(
        "unknown preprocessing 'half'",
        "analyze",
        model,
        "--data",
        "fashion-small",
        "--preprocess",
        "half");
  }

  @Test
  void numbers_outOfRange_nameTheOption() {
    refused("--bits: must be in [2, 62], got 1", "certify", model, "--bits", "1");
    refused(
        "--threads: must be in [1, 1024], got 0",
        "evaluate",
        model,
        "--data",
        "fashion-small",
        "--threads",
        "0");
    refused("--seed: must not be negative", "demo", "--seed", "-1");
  }

  @Test
  void train_badRecipe_namesFileLineAndKey() throws IOException {
    Path recipe = Files.writeString(folder.resolve("r.yaml"), "model: mlp1\nepochs: 3\n");
    refused("r.yaml:2:1: epochs: unknown key; known keys here: name, model", "train", recipe);
    refused("gone.yaml: no such file", "train", folder.resolve("gone.yaml"));
  }

  @Test
  void verify_notACertificate_namesFile() throws IOException {
    Path file = Files.writeString(folder.resolve("c.json"), "{}");
    refused("c.json", "verify", model, file);
    refused("none.json", "verify", model, folder.resolve("none.json"));
  }

  @Test
  void failure_fullDisk_isToldInOneLineAndExitsOne() {
    Failure failure =
        Failure.of(new UncheckedIOException(new IOException("runs/x: No space left on device")));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.line()).contains("the disk is full", "runs/x");
  }

  @Test
  void failure_libraryThatWasNotUnpacked_saysWhereAndHowMuchIsFree() {
    Failure failure =
        Failure.of(
            new UnsatisfiedLinkError("no jniopenblas_nolapack in java.library.path: /usr/lib"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.line())
        .startsWith("libtorch could not be loaded (no jniopenblas_nolapack): it is unpacked into ")
        .containsPattern("needs 450 MB and has [\\d,]+ MB free")
        .doesNotContain("internal error");
  }

  @Test
  void failure_controlCharactersOfAHostileFile_areShownNotSent() {
    Failure failure = Failure.of(new BadInputException("f: layer \"\u001b[2Jx\u0007\""));
    assertThat(failure.line()).isEqualTo("f: layer \"\\u001b[2Jx\\u0007\"");
  }

  @Test
  void failure_unexpected_saysHowToSeeMore() {
    Failure failure = Failure.of(new IllegalStateException("odd"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.line()).contains("internal error", "--verbose");
  }

  @Test
  void help_ofEveryCommand_exitsZero() {
    Said help = Said.by("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains(
            "demo", "train", "evaluate", "run", "analyze", "certify", "verify", "data", "test");
    assertThat(Said.by("evaluate", "--help").out()).contains("--accumulator");
    assertThat(Said.by("--version").out()).startsWith("narrows ");
    assertThat(Said.by().exitCode()).isEqualTo(2);
  }
}
