package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistersTest {
  @Test
  void warnings_biasWithoutOne_areToldOnceWithTheRange() {
    Summation odd = Summation.parse("m4e3(9)/m4e3(4)");
    LayerRegisters registers =
        LayerRegisters.of(odd, Map.of("a", odd, "b", Summation.parse("m7e4")));
    assertThat(registers.warnings())
        .singleElement()
        .asString()
        .contains("the product format m4e3(9) cannot represent 1.0", "2^-9");
    assertThat(LayerRegisters.of(Summation.parse("int8:wrap")).warnings()).isEmpty();
  }

  private static Dense pinned(String register, ZeroPointConvention zero, BiasPlacement bias) {
    Quantization codes = new Quantization(IntegerFormat.unsigned(8), 1, 3);
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, 2, 8, new double[] {1}, new int[] {1, 1}),
            new int[] {9},
            new FloatScale(new float[] {1}, 3, 0, 255),
            zero,
            bias,
            Optional.of(Summation.parse(register)));
    return new Dense("fc", 0, new TensorType(1, 1, 1, codes), operands);
  }

  @ParameterizedTest
  @CsvSource({
    // pinned, asked by name (or not), zero, bias
    "int12:saturate:zero(raw):bias(preload), , raw, preload",
    "int12:saturate:zero(raw):bias(preload), int16:wrap, raw, preload",
    "int12:saturate:zero(raw):bias(preload), int16:wrap:zero(offset), offset, preload",
    "int12:saturate:zero(raw):bias(preload), exact:bias(after), raw, after",
    "int12:resolved:bias(preload), exact, offset, preload",
    "int12:wrap, int9:saturate, offset, after"
  })
  void conventions_ofAPinnedRegister_areTheLayersOwn(
      String pinned, @Nullable String asked, String zero, String bias) {
    Dense layer = pinned(pinned, ZeroPointConvention.OFFSET, BiasPlacement.AFTER);
    LayerRegisters registers =
        asked == null
            ? LayerRegisters.exact()
            : LayerRegisters.of(Summation.exact(), Map.of("fc", Summation.parse(asked)));
    LayerRegister register = registers.of(layer);
    assertThat(register.zero()).hasToString(zero);
    assertThat(register.bias()).hasToString(bias);
  }

  @Test
  void conventions_thatAPinnedRegisterLeavesOut_areTheFiles() {
    Dense layer = pinned("int12:wrap", ZeroPointConvention.RAW, BiasPlacement.PRELOAD);
    LayerRegister register = LayerRegisters.exact().of(layer);
    assertThat(register.zero()).isEqualTo(ZeroPointConvention.RAW);
    assertThat(register.bias()).isEqualTo(BiasPlacement.PRELOAD);
  }
}
