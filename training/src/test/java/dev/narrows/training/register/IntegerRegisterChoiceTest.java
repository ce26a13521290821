package dev.narrows.training.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntegerRegisterChoiceTest {
  private static final ModelSpec MODEL =
      ModelZoo.create("cnn-small", 16, new FeatureMapShape(1, 28, 28), 10);

  @Test
  void of_sortedSaturation_isAClampWhereEachTermFits() {
    // W4A4: |term| ≤ 7·15 = 105 needs 8 bits
    assertThat(register(4, "int8:saturate:sorted")).isEqualTo(new ResolvedRegister(8));
    assertThat(register(4, "int9:saturate:sign-directed")).isEqualTo(new ResolvedRegister(9));
    assertThat(register(4, "int7:saturate:sorted")).isInstanceOf(SimulatedRegister.class);
    assertThat(register(4, "int7:resolved")).isEqualTo(new ResolvedRegister(7));
  }

  @Test
  void of_otherOrders_areSimulated() {
    for (String text :
        new String[] {
          "int9:saturate",
          "int9:saturate:sorted(1)",
          "int9:saturate:tiles(16)",
          "int9:wrap",
          "int9:saturate:ascending",
          "int9:resolved(transient)",
          "int9:resolved:chunk(16,int32)", // each chunk's sum is clamped, not the whole
          "int15:saturate:chunk(16,int9)" // fits the inner register, not the outer one
        }) {
      assertThat(register(4, text)).as(text).isInstanceOf(SimulatedRegister.class);
    }
  }

  @Test
  void of_registerThatNothingOverflows_isExact() {
    // K = 144: 144·105 < 2^14
    assertThat(register(4, "int15:saturate")).isEqualTo(new ExactRegister());
    assertThat(register(4, "int14:saturate")).isInstanceOf(SimulatedRegister.class);
    assertThat(register(8, "int40:wrap")).isEqualTo(new ExactRegister());
  }

  @Test
  void of_excludedLayers_haveNone() {
    Map<String, TrainingRegister> all = all(4, "int9:saturate");
    assertThat(all).containsOnlyKeys("conv2", "block.conv1", "block.conv2");
  }

  @Test
  void of_preloadedBias_isRefused() {
    assertThatThrownBy(() -> all(4, "int9:saturate:bias(preload)"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("bias");
  }

  @Test
  void of_rules_giveLayersTheirOwnRegisters() {
    LayerRegisters asked =
        LayerRegisters.of(
            Summation.parse("int9:resolved"),
            Map.of("block.*", Summation.parse("int10:resolved"), "linear", Summation.exact()));
    Map<String, TrainingRegister> all = IntegerRegisterChoice.of(plan(4), asked);
    assertThat(all)
        .containsEntry("conv2", new ResolvedRegister(9))
        .containsEntry("block.conv1", new ResolvedRegister(10))
        .containsEntry("block.conv2", new ResolvedRegister(10))
        .containsEntry("linear", new ExactRegister());
  }

  @Test
  void of_ruleThatMatchesNothing_isRefusedByName() {
    LayerRegisters asked =
        LayerRegisters.of(
            Summation.parse("int9:resolved"), Map.of("blok.*", Summation.parse("int10:resolved")));
    assertThatThrownBy(() -> IntegerRegisterChoice.of(plan(4), asked))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("\"blok.*\" matches no layer; layers are [conv1");
  }

  private static TrainingRegister register(int bits, String text) {
    Map<String, TrainingRegister> all = all(bits, text);
    assertThat(all).containsKey("conv2");
    return all.getOrDefault("conv2", new ExactRegister());
  }

  private static Map<String, TrainingRegister> all(int bits, String text) {
    return IntegerRegisterChoice.of(plan(bits), LayerRegisters.of(Summation.parse(text)));
  }

  private static QuantizationPlan plan(int bits) {
    return QuantizationPlan.of(MODEL, QuantizationSettings.of(MODEL, bits, bits));
  }
}
