package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FusedAccumulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Registers of matrix hardware beside what GPUs gave, as stored by Khattak and Mikaitis's model
 * checks; {@code interop/mma/leeds.py} chooses them. The numbers are theirs and not in this
 * project: NARROWS_GPU_OUTPUTS names the file that the script wrote.
 */
@EnabledIfEnvironmentVariable(
    named = "NARROWS_GPU_OUTPUTS",
    matches = ".+",
    disabledReason = "outputs of GPUs are fetched by interop/mma/leeds.py")
class GpuOutputsGoldenTest {
  @Test
  void add_operandsOfGpus_givesWhatTheyGave() throws IOException {
    List<String> lines =
        MmaSimGoldenTest.lines(Files.newInputStream(Path.of(System.getenv("NARROWS_GPU_OUTPUTS"))));
    assertThat(lines.get(0)).startsWith("# MATLAB-tensor-core b12b5a7 (BSD-2-Clause)");
    assertThat(lines.get(1)).isEqualTo("chip,register,inputs,weights,before,after,same");
    Map<String, Integer> same = new TreeMap<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] fields = line.split(",(?![^(]*\\))", -1);
      FusedAccumulator register = (FusedAccumulator) Summation.parse(fields[1]).accumulator();
      float[] inputs = floats(fields[2]);
      float[] weights = floats(fields[3]);
      float held = floats(fields[4])[0];
      FusedGroup groups = new FusedGroup(register);
      FloatSequence sequence = FloatSequence.of(IntStream.range(0, inputs.length));
      GroupOperands operands = GroupOperands.of(register, sequence, weights, inputs);
      for (int k = 0; k < inputs.length; k += register.group()) {
        int end = Math.min(inputs.length, k + register.group());
        held = groups.add(held, IntStream.range(k, end).toArray(), operands).value();
      }
      assertThat(held == floats(fields[5])[0]).as(line).isEqualTo(fields[6].equals("="));
      same.merge(fields[0] + " " + fields[6], 1, Integer::sum);
    }
    System.out.println(same);
    assertThat(same.keySet().stream().filter(key -> key.endsWith("=")).count()).isEqualTo(6);
  }

  /** Hexadecimal words without their trailing zeros. */
  private static float[] floats(String words) {
    String[] each = words.split(" ", -1);
    float[] values = new float[each.length];
    Arrays.setAll(each, i -> each[i] + "0".repeat(8 - each[i].length()));
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(each[i], 16));
    }
    return values;
  }
}
