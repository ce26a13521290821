package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Networks with several inputs, given by name, and with a state. */
class SeveralInputsTest {
  private static final Quantization ONE = new Quantization(IntegerFormat.signed(8), 1, 0);
  private static final TensorType PAIR = new TensorType(2, 1, 1, ONE);

  @TempDir private Path folder;
  private Path model = Path.of("");

  /** total' = total + input + step, output = (total'[0] + total'[1], −that). */
  @BeforeEach
  void writeNetwork() throws IOException {
    IntegerOperands both =
        new IntegerOperands(
            new DenseWeights(2, 2, 8, new double[] {1, 1}, new int[] {1, 1, -1, -1}),
            new int[2],
            FixedPointMultiplier.fromReals(new double[] {1}, 0, -128, 127));
    List<Layer> layers =
        List.of(
            InputLayer.given("step", PAIR),
            InputLayer.state("total", PAIR, new int[] {3, 0}, 4),
            Add.of("moved", 0, PAIR, 1, PAIR, PAIR),
            Add.of("next", 2, PAIR, 3, PAIR, PAIR),
            new Dense("sums", 4, PAIR, both));
    model = folder.resolve("total.narrows");
    NarrowsWriter.write(new Network("total", PAIR, layers, Map.of()), model);
  }

  private Path arrays(Map<String, NpyArray> arrays) throws IOException {
    Path file = folder.resolve("in.npz");
    SequencedMap<String, NpyArray> ordered = new LinkedHashMap<>(arrays);
    Npz.write(file, ordered);
    return file;
  }

  private static final NpyArray FIRST = NpyArray.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final NpyArray STEP = NpyArray.of(new float[] {0, 1, 0, 1.2f, 0, 1}, 3, 2, 1);

  private int[] sums(String... more) {
    Object[] words = {"run", model, "--input", folder.resolve("in.npz"), "--out", folder};
    Object[] all = new Object[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    Said said = Said.by(all);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("input \"step\": floats are quantised by its scale 1.0");
    assertThat(said.err()).contains(more.length == 0 ? "see --sequence" : "states are kept");
    return Npy.read(folder.resolve("5_sums.npy")).toInts();
  }

  @Test
  void run_namedArrays_eachFromTheInitialStateOrInSequence() throws IOException {
    arrays(Map.of("input", FIRST, "step", STEP));
    assertThat(sums()).containsExactly(7, -7, 11, -11, 15, -15);
    assertThat(sums("--sequence")).containsExactly(7, -7, 15, -15, 27, -27);
  }

  @Test
  void run_rowsOfAllInputs_giveTheSame() throws IOException {
    arrays(Map.of("x", NpyArray.of(new int[] {1, 2, 0, 1, 3, 4, 0, 1}, 2, 4)));
    Said said =
        Said.by("run", model, "--input", folder.resolve("in.npz"), "--out", folder, "--sequence");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("a row of 4 elements is \"input\", \"step\"");
    assertThat(Npy.read(folder.resolve("5_sums.npy")).toInts()).containsExactly(7, -7, 15, -15);
  }

  @Test
  void run_arraysThatDoNotFit_areRefusedNamingAll() throws IOException {
    String names = "the network's inputs are \"input\", \"step\"";
    refused(Map.of("input", FIRST), "no array is called \"step\"; " + names);
    refused(
        Map.of("input", FIRST, "step", STEP, "stride", STEP),
        "no input is called \"stride\"; " + names);
    refused(
        Map.of("input", FIRST, "step", NpyArray.of(new int[2], 1, 2)),
        "\"input\" holds 3 samples, \"step\" 1; " + names);
    refused(
        Map.of("input", FIRST, "step", NpyArray.of(new int[9], 3, 3)),
        "\"step\" has shape [3, 3], expected [samples, 2, 1, 1]; " + names);
    refused(Map.of("x", FIRST), "x has shape [3, 2], expected [samples, 4]; " + names);
    NpyArray large = NpyArray.of(new double[] {0, 1, 0, 1e200, 0, 1}, 3, 2, 1);
    refused(
        Map.of("input", FIRST, "step", large),
        "\"step\" holds 1.0E200, expected numbers of at most 3.4E38: networks carry them in"
            + " binary32");
    refused(
        Map.of(
            "input", NpyArray.of(new int[] {1, 200}, 1, 2), "step", NpyArray.of(new int[2], 1, 2)),
        "\"input\" takes integers of -128 to 127, got 200; " + names);
  }

  private void refused(Map<String, NpyArray> arrays, String expected) throws IOException {
    Said said = Said.by("run", model, "--input", arrays(arrays), "--out", folder);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(expected);
  }

  @Test
  void evaluateAndAnalyze_sequence_carryTheState() throws IOException {
    NpyArray first = NpyArray.of(new int[] {60, 0, 60, 0, -100, 0, -100, 0}, 4, 2);
    NpyArray labels = NpyArray.of(new int[] {0, 0, 0, 1}, 4);
    Path data = arrays(Map.of("input", first, "step", NpyArray.of(new int[8], 4, 2), "y", labels));
    JsonNode alone = evaluated(data);
    assertThat(alone.path("results").path(0).path("accuracy").asDouble()).isEqualTo(75);
    JsonNode sequence = evaluated(data, "--sequence");
    assertThat(sequence.path("results").path(0).path("accuracy").asDouble()).isEqualTo(100);
    // totals are 63, 123, 23 and -77, of which 7 bits leave 63, -5, 23 and 51
    assertThat(sequence.path("results").path(1).path("accuracy").asDouble()).isEqualTo(50);
    Said analyzed =
        Said.by("analyze", model, "--data", data, "--sequence", "--sensitivity", "--bits", "7");
    assertThat(analyzed.exitCode()).as(analyzed.err()).isZero();
    assertThat(analyzed.out()).contains("50.00");
  }

  private JsonNode evaluated(Path data, Object... more) {
    Object[] words = {"evaluate", model, "--data", data, "--format", "json"};
    Object[] all = new Object[words.length + 4 + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(
        new Object[] {"--accumulator", "exact", "--accumulator", "int7:wrap"},
        0,
        all,
        words.length,
        4);
    System.arraycopy(more, 0, all, words.length + 4, more.length);
    Said said = Said.by(all);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return JsonMapper.shared().readTree(said.out());
  }

  @Test
  void images_onSeveralInputs_areRefused() {
    Said said = Said.by("run", model, "--input", "cifar10", "--out", folder);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("expected an .npz that is there, with an array for each input");
  }
}
