package dev.narrows.experiments.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.SumTree;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaShape;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.network.llama.TokenPreparation;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderFreedom;
import dev.narrows.report.OrderResult.OrderVerdict;
import dev.narrows.report.OrderResult.OrderWitness;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A one-layer language model, in real numbers and in random integers. */
class LanguageOrdersTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");
  private static final int CONTEXT = 8;
  private static final int PREDICTIONS = 12; // the second window is shorter

  private static LanguageEvaluation real = evaluation(Optional.empty());
  private static LanguageEvaluation integers = real;

  @BeforeAll
  static void open() {
    GgufLlama model = (GgufLlama) real.model();
    integers = evaluation(Optional.of(new QuantizedLlama(model, integers(model.shape()))));
  }

  private static LanguageEvaluation evaluation(Optional<LlamaModel> model) {
    try {
      GgufLlama file = GgufLlama.open(MODEL);
      int[] tokens = file.tokenizer().encode("The thing thaws, then thinks. ".repeat(9), 40);
      int begins = file.begin().isPresent() ? 0 : 1;
      return new LanguageEvaluation(
          model.orElse(file),
          new NetworkFile("tiny", "0"),
          "text",
          Arrays.copyOf(tokens, PREDICTIONS + begins),
          CONTEXT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, IntegerMatrix> integers(LlamaShape shape) {
    Random random = new Random(17);
    Map<String, IntegerMatrix> matrices = new LinkedHashMap<>();
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      if (matrix.inLayers()) {
        byte[] codes = new byte[matrix.rows(shape) * matrix.terms(shape)];
        float[] scales = new float[matrix.rows(shape)];
        for (int i = 0; i < codes.length; i++) {
          codes[i] = (byte) (random.nextInt(255) - 127);
        }
        for (int r = 0; r < scales.length; r++) {
          scales[r] = (1 + random.nextFloat()) / 300;
        }
        matrices.put(
            matrix.name(0),
            new IntegerMatrix(
                matrix.rows(shape),
                matrix.terms(shape),
                codes,
                scales,
                TokenPreparation.NONE,
                TokenCodes.EIGHT));
      }
    }
    return matrices;
  }

  private static OrderResult check(
      LanguageEvaluation of, int every, int threads, String... registers) {
    return new LanguageOrders(of, 20, every, threads)
        .of(Arrays.stream(registers).map(Summation::parse).toList(), EvaluationListener.SILENT);
  }

  private static void assertComplete(OrderFreedom found) {
    for (LayerOrders layer : found.layers()) {
      assertThat(layer.oneValue() + layer.oneCode() + layer.refuted() + layer.undecided())
          .as(layer.name())
          .isEqualTo(layer.dots());
      assertThat(layer.witness().isPresent()).isEqualTo(layer.refuted() > 0);
    }
  }

  @Test
  void integers_inWideRegisters_areProvedForEveryInput() {
    OrderResult result =
        check(integers, 1, 2, "int32:saturate", "fp32", "m23e8(127)", "hopper-fp16", "int9:wrap");
    for (OrderFreedom found : result.registers()) {
      assertComplete(found);
      boolean floats = Summation.parse(found.register()).accumulator().takesFloats();
      for (LayerOrders layer : found.layers()) {
        if (!layer.name().equals("classifier")) {
          assertThat(layer.everyInput()).as(found.register()).isEqualTo(layer.channels());
          assertThat(layer.oneValue()).isEqualTo((long) layer.channels() * PREDICTIONS);
        }
      }
      // the product with the vocabulary is one of real numbers
      assertThat(found.layers()).hasSize(floats ? 8 : 7);
      assertThat(found.verdict())
          .isEqualTo(floats ? OrderVerdict.REFUTED : OrderVerdict.EVERY_INPUT);
      assertThat(found.answers()).isEmpty();
      assertThat(found.notCovered()).hasSize(floats ? 2 : 3);
    }
  }

  @Test
  void witnesses_addedUpByTheirSteps_endWhereTheySay() {
    String[] registers = {
      "int12:saturate", "fp16", "bf16", "m7e4", "hopper-fp8", "blackwell-mxfp8", "blackwell-nvfp4"
    };
    int witnesses = 0;
    for (OrderFreedom found : check(integers, 1, 2, registers).registers()) {
      assertComplete(found);
      for (LayerOrders layer : found.layers()) {
        if (layer.witness().isPresent()) {
          assertEnds(Summation.parse(found.register()), layer.witness().get());
          witnesses++;
        }
      }
    }
    for (OrderFreedom found : check(real, 1, 2, "bf16", "hopper-fp16", "fp32").registers()) {
      assertComplete(found);
      assertThat(found.layers()).hasSize(8);
      assertThat(found.verdict()).isEqualTo(OrderVerdict.REFUTED);
      for (LayerOrders layer : found.layers()) {
        layer.witness().ifPresent(one -> assertEnds(Summation.parse(found.register()), one));
      }
    }
    assertThat(witnesses).isGreaterThan(20);
  }

  private static void assertEnds(Summation register, OrderWitness witness) {
    DotOperands operands =
        new DotOperands(
            witness.weights().stream().mapToDouble(w -> w).toArray(),
            witness.inputs().stream().mapToDouble(x -> x).toArray());
    double[] ends = new double[2];
    for (int i = 0; i < 2; i++) {
      SumTree tree =
          SumTree.ofSteps(
              (i == 0 ? witness.first() : witness.second())
                  .steps().stream().mapToInt(step -> step).toArray());
      ends[i] =
          register.accumulator() instanceof IntegerAccumulator saturating
              ? tree.sum(
                  saturating,
                  Arrays.stream(operands.products()).mapToLong(p -> (long) p).toArray(),
                  0)
              : FloatOrders.of(register.accumulator(), 0, operands.weights().length)
                  .sums(operands)
                  .applyAsDouble(tree);
    }
    assertThat(ends)
        .as("%s", register)
        .containsExactly(witness.first().value(), witness.second().value());
    assertThat(ends[0]).isNotEqualTo(ends[1]);
  }

  @Test
  void every_aPartOfTheDots_isTheSameForAnyNumberOfThreads() {
    OrderResult part = check(integers, 7, 1, "int12:saturate", "int32:saturate", "bf16");
    assertThat(check(integers, 7, 2, "int12:saturate", "int32:saturate", "bf16")).isEqualTo(part);
    OrderResult all = check(integers, 1, 2, "int12:saturate", "int32:saturate", "bf16");
    for (int i = 0; i < 3; i++) {
      assertComplete(part.registers().get(i));
      double share = (double) part.registers().get(i).dots() / all.registers().get(i).dots();
      assertThat(share).isBetween(0.1, 0.2);
    }
    assertThat(part.registers().get(1).layers())
        .extracting(LayerOrders::dots)
        .isEqualTo(part.registers().get(0).layers().stream().map(LayerOrders::dots).toList());
    assertThat(part.registers().get(0).sentence()).contains("one of 7 dot products was looked at");
    assertThat(part.registers().get(1).sentence()).doesNotContain("one of 7");
    assertThat(part.tables().getFirst().title())
        .isEqualTo("In any order, on 12 tokens of text in windows of 8, one of 7 dot products");
    assertThat(ResultJson.read("order.json", ResultJson.write(part))).isEqualTo(part);
  }

  @Test
  void registersForIntegers_ofAModelOfRealNumbers_areRefused() {
    assertThatThrownBy(() -> check(real, 1, 1, "int32:saturate"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("narrows quantize makes some");
    assertThatThrownBy(() -> check(integers, 1, 1, "int9:saturate:chunk(8,int32)"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("about every order");
  }

  @Test
  void scale_ofRowTimesToken_isTheNearestPowerOfTwoWithinSixty() {
    assertThat(MatrixOrders.scale(0)).isZero();
    assertThat(MatrixOrders.scale(0.26)).isEqualTo(-2);
    assertThat(MatrixOrders.scale(0x1p-90)).isEqualTo(-60);
    assertThat(MatrixOrders.scale(0x1p99)).isEqualTo(60);
    assertThat(List.of(MatrixOrders.scale(1.5), MatrixOrders.scale(1.4))).containsExactly(1, 0);
  }
}
