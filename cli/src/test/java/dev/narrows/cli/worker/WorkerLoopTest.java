package dev.narrows.cli.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorkerLoopTest {
  @TempDir private Path folder = Path.of("");

  private static List<JsonNode> answers(String... calls) throws IOException {
    ByteArrayOutputStream replies = new ByteArrayOutputStream();
    try (ArrayCalls arrays = new ArrayCalls(2);
        PrintStream out = new PrintStream(replies, false, StandardCharsets.UTF_8)) {
      String lines = String.join("\n", calls) + "\n";
      new WorkerLoop(
              "1.2.3",
              (data, notes, words) -> {
                data.print("said " + words);
                notes.print("noted");
                return 3;
              },
              arrays,
              Throwable::toString)
          .serve(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), out, () -> {});
    }
    return replies
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  private String saved(String name, NpyArray array) throws IOException {
    Path file = folder.resolve(name + ".npy");
    Npy.write(file, array);
    return file.toString();
  }

  @Test
  void calls_inOneGo_areAnsweredInTurn() throws IOException {
    List<JsonNode> answers =
        answers(
            "{\"id\":1,\"call\":\"hello\"}",
            "not json",
            "{\"id\":3,\"call\":\"command\",\"words\":[\"a\",\"b c\"]}");
    assertThat(answers).hasSize(3);
    assertThat(answers.get(0).path("version").asString()).isEqualTo("1.2.3");
    assertThat(answers.get(1).path("error").asString()).startsWith("a call is a line of JSON");
    assertThat(answers.get(2).path("id").asInt()).isEqualTo(3);
    assertThat(answers.get(2).path("exit").asInt()).isEqualTo(3);
    assertThat(answers.get(2).path("out").asString()).isEqualTo("said [a, b c]");
    assertThat(answers.get(2).path("err").asString()).isEqualTo("noted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1]|a call is an object, got ARRAY",
        "{}|expected a text under \"call\"",
        "{\"call\":\"dig\"}|there is no call \"dig\"",
        "{\"call\":\"command\"}|expected a list under \"words\"",
        "{\"call\":\"command\",\"words\":[1]}|expected texts under \"words\"",
        "{\"call\":\"register\",\"register\":\"int1:wrap\"}|int1:wrap",
        "{\"call\":\"dot\",\"register\":\"exact\",\"weights\":\"/no/such.npy\"}|/no/such.npy",
      })
  void call_thatIsWrong_isAnsweredInOneLine(String call, String problem) throws IOException {
    String error = answers(call).getFirst().path("error").asString();
    assertThat(error).contains(problem).doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "int10:saturate:sorted, 105, 144, clamp",
    "int10:saturate, 105, 144, other",
    "int10:saturate, 105, 4, exact",
    "int7:saturate:sorted, 105, 144, other", // a product alone does not fit
    "int16:wrap, 105, 144, exact",
    "exact, 105, 144, exact",
    "int10:saturate:sorted, 4611686018427387903, 9, other",
  })
  void register_forProducts_tellsWhatItsSumsAre(
      String register, long largest, int terms, String expected) throws IOException {
    JsonNode answer =
        answers(
                "{\"call\":\"register\",\"register\":\"%s\",\"low\":-%d,\"high\":%d,\"terms\":%d}"
                    .formatted(register, largest, largest, terms))
            .getFirst();
    assertThat(answer.path("sums").asString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"int9:saturate", "int9:wrap", "int9:saturate:sorted", "int9:saturate:chunk(4)"})
  void dot_ofIntegers_isTheReferences(String register) throws IOException {
    Random random = new Random(20261130);
    int channels = 3;
    int terms = 21;
    int rows = 40;
    int[] w = random.ints(channels * terms, -40, 41).toArray();
    int[] x = random.ints(rows * terms, -9, 17).toArray();
    JsonNode answer =
        answers(
                "{\"call\":\"dot\",\"register\":\"%s\",\"weights\":\"%s\",\"inputs\":\"%s\",\"out\":\"%s\"}"
                    .formatted(
                        register,
                        saved("w", NpyArray.of(w, channels, terms)),
                        saved("x", NpyArray.of(x, rows, terms)),
                        saved("out", NpyArray.of(new long[rows * channels], rows, channels))))
            .getFirst();
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    NpyArray out = Npy.read(folder.resolve("out.npy"));
    Summation summation = Summation.parse(register);
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < channels; c++) {
        long[] products = new long[terms];
        for (int k = 0; k < terms; k++) {
          products[k] = (long) w[c * terms + k] * x[n * terms + k];
        }
        assertThat(out.integer(n * channels + c))
            .isEqualTo(Dot.sum(summation.accumulator(), summation.order(), products).value());
      }
    }
  }

  @Test
  void dot_ofFloatsInColumns_isTheReferences() throws IOException {
    Random random = new Random(20261130);
    int terms = 19;
    int columns = 37;
    float[] w = new float[2 * terms];
    float[] x = new float[terms * columns];
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    answers(
        "{\"call\":\"dot\",\"register\":\"m7e4(12)/m7e4(10)\",\"weights\":\"%s\",\"inputs\":\"%s\",\"out\":\"%s\"}"
            .formatted(
                saved("w", NpyArray.of(w, 2, terms)),
                saved("x", NpyArray.of(x, 1, terms, columns)),
                saved("out", NpyArray.of(new float[2 * columns], 1, 2, columns))));
    NpyArray out = Npy.read(folder.resolve("out.npy"));
    Summation summation = Summation.parse("m7e4(12)/m7e4(10)");
    for (int c = 0; c < 2; c++) {
      for (int j = 0; j < columns; j++) {
        float[] own = new float[terms];
        float[] inputs = new float[terms];
        for (int k = 0; k < terms; k++) {
          own[k] = w[c * terms + k];
          inputs[k] = x[k * columns + j];
        }
        assertThat((float) out.real(c * columns + j))
            .isEqualTo(FloatDot.value(summation.accumulator(), summation.order(), own, inputs));
      }
    }
  }

  @Test
  void out_ofAnotherShape_isRefusedUntouched() throws IOException {
    String out = saved("out", NpyArray.of(new long[] {7, 7, 7}, 3));
    byte[] before = Files.readAllBytes(Path.of(out));
    String error =
        answers(
                "{\"call\":\"dot\",\"register\":\"exact\",\"weights\":\"%s\",\"inputs\":\"%s\",\"out\":\"%s\"}"
                    .formatted(
                        saved("w", NpyArray.of(new int[] {1, 2}, 1, 2)),
                        saved("x", NpyArray.of(new int[] {3, 4}, 1, 2)),
                        out))
            .getFirst()
            .path("error")
            .asString();
    assertThat(error).isEqualTo("out: expected shape [1, 1], got [3]");
    assertThat(Files.readAllBytes(Path.of(out))).isEqualTo(before);
  }
}
