package dev.narrows.training.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.ZeroPadding;
import java.util.List;
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
      assertThat(plan.operand(Operand.of(dot)).isPresent())
          .as(dot.name())
          .isEqualTo(dot.name().endsWith(".conv1"));
    }
  }

  @Test
  void of_eightBits_needsNoOperandOfItsOwn() {
    QuantizationPlan plan = QuantizationPlan.of(RESNET, QuantizationSettings.of(RESNET, 8, 8));
    assertThat(RESNET.dots())
        .allMatch(dot -> plan.operand(Operand.of(dot)).equals(Optional.empty()));
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

  /** Scores over 5 features, mixed over 7 tokens, between dot layers. */
  private static ModelSpec attention() {
    return new ModelSpec(
        "attention",
        List.of(
            new InputNode("x", new FeatureMapShape(15, 7, 1)),
            features("first", "x"),
            features("query", "first"),
            features("key", "first"),
            new MatMulNode("scores", "query", "key", AttentionProduct.SCORES, 3),
            new MatMulNode("mix", "scores", "key", AttentionProduct.MIX, 3),
            features("last", "mix")));
  }

  private static ConvolutionNode features(String name, String input) {
    ZeroPadding none = ZeroPadding.all(0);
    return new ConvolutionNode(name, input, 15, 15, 1, 1, none, 1, Optional.empty(), false);
  }

  @Test
  void of_productsOfActivations_multiplyCodesOfTheWantedBits() {
    ModelSpec model = attention();
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    MatMulNode mix = model.products().getLast();
    assertThat(plan.output("query")).contains(new CodeFormat(4, true));
    assertThat(plan.output("scores")).contains(new CodeFormat(4, true));
    assertThat(plan.output("mix")).contains(new CodeFormat(8, true));
    assertThat(plan.multiplied(Operand.left(mix)).bits()).isEqualTo(4);
    assertThat(TermRange.of(plan, mix)).isEqualTo(new TermRange(-56, 64, 7));
    assertThat(TermRange.of(plan, mix).sumBits()).isEqualTo(10);
  }

  @Test
  void of_limitThatAProductOfActivationsBreaks_isRefused() {
    ModelSpec model = attention();
    assertThatThrownBy(() -> QuantizationPlan.of(model, limited(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer \"scores\"")
        .hasMessageContaining("5 products of 4-bit codes can need 10 bits");
    assertThat(QuantizationPlan.of(model, limited(10)).constraint(model.dots().get(1))).isPresent();
  }

  private static QuantizationSettings limited(int bits) {
    WeightConstraint limit =
        new WeightConstraint(
            NormMethod.SIGN_SUM, bits, NormStart.StartRule.EP, 0, NormMethod.SIGN_SUM);
    return new QuantizationSettings(4, 4, 8, Set.of(), true, ScaleObserver.MSE, Optional.of(limit));
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
