package dev.narrows.experiments.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.SumTree;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.LayerOrders;
import dev.narrows.report.OrderResult.OrderFreedom;
import dev.narrows.report.OrderResult.OrderVerdict;
import dev.narrows.report.OrderResult.OrderWitness;
import dev.narrows.report.ResultJson;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderCheckTest {
  private static final int IMAGES = 6;
  private static final Network SMALL = SmallNetwork.of(3);

  private static ModelFile file(Network network) {
    return new ModelFile(
        Path.of("small"), network, new NetworkFile("small", "0"), Optional.empty());
  }

  private static NetworkInputs inputs(Network network) {
    int[] codes = new Random(8).ints((long) IMAGES * network.inputElements(), 0, 256).toArray();
    return new NetworkInputs(
        "random",
        ImageSource.of(network, codes, IMAGES),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static OrderResult check(boolean all, int threads, String... registers) {
    return new OrderCheck(file(SMALL), all, 20, threads)
        .of(
            inputs(SMALL),
            Arrays.stream(registers).map(Summation::parse).toList(),
            EvaluationListener.SILENT);
  }

  private static OrderFreedom one(boolean all, String register) {
    return check(all, 2, register).registers().getFirst();
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
  void registersWideEnough_areProvedForEveryInput() {
    for (String register : List.of("int32:saturate", "m23e8(127)", "int9:wrap", "int5:resolved")) {
      OrderFreedom found = one(true, register);
      assertComplete(found);
      assertThat(found.verdict()).as(register).isEqualTo(OrderVerdict.EVERY_INPUT);
      assertThat(found.layers()).hasSize(3);
      assertThat(found.answers().orElseThrow().proved()).isEqualTo(IMAGES);
      assertThat(found.answers().orElseThrow().seenChanged()).isEmpty();
    }
  }

  @Test
  void everyDot_ofALayer_isCountedOnceAndPinnedLayersOnlyWithAll() {
    OrderFreedom without = one(false, "int11:saturate");
    OrderFreedom with = one(true, "int11:saturate");
    assertThat(without.layers()).extracting(LayerOrders::name).containsExactly("second", "last");
    assertThat(without.notCovered()).extracting(layer -> layer.name()).containsExactly("first");
    assertThat(with.layers())
        .extracting(LayerOrders::dots)
        .containsExactly(4L * 196 * IMAGES, 8L * 49 * IMAGES, 10L * IMAGES);
    assertComplete(without);
    assertComplete(with);
  }

  @Test
  void witnesses_addedUpByTheirSteps_endWhereTheySay() {
    for (String register : List.of("int15:saturate", "int16:saturate", "fp16", "bf16", "m7e4")) {
      Summation summation = Summation.parse(register);
      OrderFreedom found = one(true, register);
      assertComplete(found);
      assertThat(found.verdict()).as(register).isEqualTo(OrderVerdict.REFUTED);
      int witnesses = 0;
      for (LayerOrders layer : found.layers()) {
        if (layer.witness().isPresent()) {
          OrderWitness witness = layer.witness().get();
          double[] ends = ends(summation, layer, witness);
          assertThat(ends)
              .as("%s, %s", register, layer.name())
              .containsExactly(witness.first().value(), witness.second().value());
          assertThat(witness.first().code()).isNotEqualTo(witness.second().code());
          witnesses++;
        }
      }
      assertThat(witnesses).isPositive();
    }
  }

  @Test
  void registersThatRoundOperands_areJudgedByCodesAndPromiseNothingOfImages() {
    for (String register : List.of("hopper-fp8", "fused(32,5):e8m13:mx(e4m3)")) {
      OrderFreedom found = one(true, register);
      assertComplete(found);
      assertThat(found.layers()).as(register).hasSize(3);
      assertThat(found.answers()).isEmpty();
      for (LayerOrders layer : found.layers()) {
        layer
            .witness()
            .ifPresent(witness ->
                assertThat(ends(Summation.parse(register), layer, witness))
                    .containsExactly(witness.first().value(), witness.second().value()));
      }
    }
    OrderFreedom coarse = one(true, "fused(32,5):e8m13:mx(e4m3)");
    assertThat(coarse.verdict()).isEqualTo(OrderVerdict.REFUTED);
    assertThat(coarse.sentence()).contains("whole blocks of 32 operands, which share a scale");
  }

  private static double[] ends(Summation summation, LayerOrders layer, OrderWitness witness) {
    DotOperands operands =
        new DotOperands(
            witness.weights().stream().mapToDouble(w -> w).toArray(),
            witness.inputs().stream().mapToDouble(x -> x).toArray());
    double[] products = operands.products();
    double[] ends = new double[2];
    for (int i = 0; i < 2; i++) {
      SumTree tree =
          SumTree.ofSteps(
              (i == 0 ? witness.first() : witness.second())
                  .steps().stream().mapToInt(step -> step).toArray());
      ends[i] =
          summation.accumulator() instanceof IntegerAccumulator integers
              ? tree.sum(
                  integers,
                  Arrays.stream(products).mapToLong(p -> (long) p).toArray(),
                  witness.preload())
              : FloatOrders.of(
                      summation.accumulator(),
                      layer.scale().map(all -> all.get(witness.channel())).orElse(0),
                      products.length)
                  .sums(operands)
                  .applyAsDouble(tree);
    }
    return ends;
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 13, 14, 15, 16, 17, 18, 20})
  void provedAnswers_inEveryOrderOfTheProject_areTheSame(int bits) {
    Network network = SMALL;
    NetworkInputs inputs = inputs(network);
    OrderFreedom found = one(true, "int" + bits + ":saturate");
    int proved = found.answers().orElseThrow().proved();
    boolean[] same = new boolean[IMAGES];
    Arrays.fill(same, true);
    int[] index = predictions(inputs, bits, "sequential");
    for (String order :
        List.of("reversed", "ascending", "chunk(3)", "sorted", "sorted(1)", "sign-directed")) {
      int[] other = predictions(inputs, bits, order);
      for (int image = 0; image < IMAGES; image++) {
        same[image] &= other[image] == index[image];
      }
    }
    int unchanged = 0;
    for (boolean one : same) {
      unchanged += one ? 1 : 0;
    }
    assertThat(proved).isLessThanOrEqualTo(unchanged);
    if (bits == 20) {
      assertThat(proved).isEqualTo(IMAGES);
    }
  }

  private static int[] predictions(NetworkInputs inputs, int bits, String order) {
    Summation summation = Summation.parse("int" + bits + ":saturate:" + order);
    LayerRegisters registers = LayerRegisters.of(summation, java.util.Map.of("first", summation));
    try (Executor executor = Executor.of(SMALL, registers, 1)) {
      return executor.run(inputs.source(), inputs.options()).predictions();
    }
  }

  @Test
  void result_anyNumberOfThreads_isTheSameAndSurvivesItsFile() {
    OrderResult two = check(true, 2, "int15:saturate", "fp16", "m7e4");
    assertThat(check(true, 1, "int15:saturate", "fp16", "m7e4")).isEqualTo(two);
    assertThat(ResultJson.read("order.json", ResultJson.write(two))).isEqualTo(two);
    assertThat(two.tables().getFirst().lead()).hasSize(3);
  }

  @Test
  void networkOfRealNumbers_inFloatRegisters_isJudgedByValue() {
    Network network = SmallFloatNetwork.of(4);
    float[] numbers = new float[IMAGES * network.inputElements()];
    Random random = new Random(9);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextFloat();
    }
    NetworkInputs inputs =
        new NetworkInputs(
            "random",
            ImageSource.of(network.input(), dev.narrows.network.tensor.Words.of(numbers), IMAGES),
            Optional.empty(),
            Optional.empty(),
            List.of());
    OrderResult result =
        new OrderCheck(file(network), false, 20, 2)
            .of(
                inputs,
                List.of(Summation.parse("m7e4"), Summation.parse("m23e8(127)")),
                EvaluationListener.SILENT);
    for (OrderFreedom found : result.registers()) {
      assertComplete(found);
      assertThat(found.verdict()).isEqualTo(OrderVerdict.REFUTED);
      assertThat(found.answers()).isEmpty();
      for (LayerOrders layer : found.layers()) {
        assertThat(network.layer(layer.name())).isInstanceOf(DotLayer.class);
        layer
            .witness()
            .ifPresent(witness ->
                assertThat(ends(Summation.parse(found.register()), layer, witness))
                    .containsExactly(witness.first().value(), witness.second().value()));
      }
    }
  }

  @Test
  void registersThatCannotBeAsked_areRefused() {
    assertThatThrownBy(() -> one(false, "int9:saturate:sorted"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("about every order");
    assertThatThrownBy(() -> one(false, "int9:saturate:chunk(8,int32)"))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> one(false, "m7e4:chunk(32)")).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> one(false, "exact")).hasMessageContaining("no order changes them");
  }
}
