package dev.narrows.training.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuantizationPlanTest {
  private static final ModelSpec RESNET =
      ModelZoo.create("resnet20", 16, new FeatureMapShape(3, 32, 32), 10);

  @Test
  void of_narrowResidualNetwork_keepsAnEightBitStream() {
    QuantizationPlan plan = QuantizationPlan.of(RESNET, QuantizationSettings.of(RESNET, 4, 4));
    assertThat(plan.output("input")).contains(new CodeFormat(8, true));
    assertThat(plan.output("conv1")).contains(new CodeFormat(8, false));
    assertThat(plan.output("layer2.0.add")).contains(new CodeFormat(8, false));
    assertThat(plan.output("layer2.0.shortcut")).contains(new CodeFormat(8, false));
    assertThat(plan.output("layer2.0.conv1")).contains(new CodeFormat(4, false));
    assertThat(plan.output("layer2.0.conv2")).contains(new CodeFormat(8, true));
    assertThat(plan.output("pool")).contains(new CodeFormat(8, false));
    assertThat(plan.output("linear")).isEmpty();
    for (DotNode dot : RESNET.dots()) {
      boolean end = dot.name().equals("conv1") || dot.name().equals("linear");
      assertThat(plan.narrow(dot)).isEqualTo(!end);
      assertThat(plan.weightBits(dot)).isEqualTo(end ? 8 : 4);
      assertThat(plan.multiplied(dot).bits()).isEqualTo(end ? 8 : 4);
      assertThat(plan.operand(dot).isPresent())
          .as(dot.name())
          .isEqualTo(dot.name().endsWith(".conv1"));
    }
  }

  @Test
  void of_eightBits_needsNoOperandOfItsOwn() {
    QuantizationPlan plan = QuantizationPlan.of(RESNET, QuantizationSettings.of(RESNET, 8, 8));
    assertThat(RESNET.dots()).allMatch(dot -> plan.operand(dot).equals(Optional.empty()));
  }

  @Test
  void scaleOwner_shortcut_isWhatItMoves() {
    QuantizationPlan plan = QuantizationPlan.of(RESNET, QuantizationSettings.of(RESNET, 4, 4));
    assertThat(plan.scaleOwner("layer2.0.shortcut")).isEqualTo("layer1.2.add");
    assertThat(plan.arrays().stream().map(TrainingPlan.PlanArray::name)).doesNotHaveDuplicates();
  }

  @Test
  void of_unknownExcludedLayer_isRefused() {
    QuantizationSettings settings =
        new QuantizationSettings(4, 4, 8, Set.of("conv9"), true, ScaleObserver.MSE);
    assertThatThrownBy(() -> QuantizationPlan.of(RESNET, settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv9")
        .hasMessageContaining("resnet20");
  }

  @Test
  void codes_ranges_followBitsAndSign() {
    for (int bits = 2; bits <= 8; bits++) {
      assertThat(new CodeFormat(bits, true).min()).isEqualTo(-(1 << (bits - 1)));
      assertThat(new CodeFormat(bits, true).max()).isEqualTo((1 << (bits - 1)) - 1);
      assertThat(new CodeFormat(bits, false).min()).isZero();
      assertThat(new CodeFormat(bits, false).max()).isEqualTo((1 << bits) - 1);
      assertThat(CodeFormat.weightLimit(bits)).isEqualTo((1 << (bits - 1)) - 1);
    }
    assertThatThrownBy(() -> new CodeFormat(9, true)).hasMessageContaining("2 to 8");
  }
}
