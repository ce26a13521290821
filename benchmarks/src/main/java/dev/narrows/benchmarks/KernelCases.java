package dev.narrows.benchmarks;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import java.util.ArrayList;
import java.util.List;

/** The kernels that are measured, with what limits them and what the project demands of them. */
final class KernelCases {
  private static final int WIDE_INPUTS = 1023; // 10 bits: sums need more than 24

  private KernelCases() {}

  /** All, in the order of the table. */
  static List<KernelCase> all() {
    List<KernelCase> all = new ArrayList<>();
    PortLimit clippedFloats = PortLimit.of(InstructionMix.CLIPPED_FLOATS);
    PortLimit saturatingShorts = PortLimit.of(InstructionMix.SATURATING_SHORTS);
    PortLimit clippedShorts = PortLimit.of(InstructionMix.CLIPPED_SHORTS);
    PortLimit paths = PortLimit.of(InstructionMix.PATH_FLOATS);
    all.add(sums("exact").limited(PortLimit.of(InstructionMix.FUSED_MULTIPLY_ADD)).atLeast(0.70));
    all.add(sums("int16:wrap").limited(PortLimit.of(InstructionMix.WRAPPING_SHORTS)).atLeast(0.70));
    all.add(sums("int16:saturate").limited(saturatingShorts).atLeast(0.70));
    all.add(sums("int15:saturate").limited(clippedShorts).atLeast(0.40));
    all.add(sums("int8:saturate").limited(clippedShorts).atLeast(0.40));
    for (int bits : new int[] {17, 20, 22}) {
      all.add(sums("int" + bits + ":saturate").limited(clippedFloats).atLeast(0.40));
    }
    all.add(
        sums("int24:saturate", "inputs of 10 bits", WIDE_INPUTS)
            .limited(PortLimit.of(InstructionMix.CLIPPED_INTS))
            .atLeast(0.40));
    all.add(sums("int16:saturate:reversed").limited(saturatingShorts));
    all.add(sums("int16:saturate:chunk(64)").limited(saturatingShorts));
    all.add(classes("sequential").limited(paths).atLeast(0.35));
    all.add(classes("chunk(64)").limited(paths));
    addOrders(all);
    addFloats(all);
    return List.copyOf(all);
  }

  /** In 16 bits nearly no dot product of these operands is settled without its order. */
  private static void addOrders(List<KernelCase> all) {
    int terms = KernelShape.MEASURED.terms();
    PortLimit pairs =
        PortLimit.sorting(InstructionMix.SHORT_MULTIPLY, InstructionMix.SHORT_COMPARATORS, terms);
    PortLimit magnitudes =
        PortLimit.sorting(InstructionMix.INT_MULTIPLY, InstructionMix.INT_COMPARATORS, terms);
    PortLimit tiles =
        PortLimit.sorting(InstructionMix.SHORT_MULTIPLY, InstructionMix.SHORT_COMPARATORS, 16);
    all.add(sums("int16:saturate:sorted(1)").limited(pairs).atLeast(0.03));
    all.add(sums("int16:saturate:tiles(16,1)").limited(tiles));
    all.add(sums("int16:saturate:ascending").limited(magnitudes));
    all.add(classes("sorted(1)").limited(pairs));
    all.add(classes("sorted"));
    all.add(classes("sign-directed"));
  }

  private static void addFloats(List<KernelCase> all) {
    PortLimit truncated = PortLimit.of(InstructionMix.TRUNCATED_FLOATS);
    PortLimit clamped = PortLimit.of(InstructionMix.CLAMPED_FLOATS);
    PortLimit counted = PortLimit.of(InstructionMix.COUNTED_FLOATS);
    Summation m7e4 = Summation.parse("m7e4");
    float small = 0.05f;
    float large = 0.5f;
    all.add(floats("m7e4", "no clamp can fire", small, m7e4).limited(truncated));
    all.add(floats("m7e4, clamps", "clamps can fire", large, m7e4).limited(clamped));
    all.add(
        KernelCase.of(
                "m7e4, counted",
                "with what happens in the registers",
                shape -> new FloatBenchmarkOperands(shape, small).counts(m7e4))
            .limited(counted));
    for (String name : List.of("hopper-fp8", "hopper-fp16", "bf16")) {
      all.add(floats(name, "as hardware has it", small, Summation.parse(name)));
    }
    all.add(
        floats("exact, floats", "in binary64", small, Summation.exact())
            .limited(PortLimit.of(InstructionMix.DOUBLE_FUSED_MULTIPLY_ADD)));
    all.add(gradients("identity").limited(PortLimit.of(InstructionMix.FUSED_MULTIPLY_ADD, 2)));
    all.add(gradients("recursive/of"));
  }

  private static KernelCase sums(String register) {
    return sums(register, "", IntegerBenchmarkOperands.INPUTS);
  }

  private static KernelCase sums(String register, String about, int inputs) {
    Summation summation = Summation.parse(register);
    return KernelCase.of(
        register,
        about,
        shape ->
            new IntegerBenchmarkOperands(shape, IntegerBenchmarkOperands.WEIGHTS, inputs)
                .sums(summation));
  }

  private static KernelCase classes(String text) {
    SummationOrder order = Summation.parseIn(new Saturating(16), text).order();
    return KernelCase.of(
        "classify " + text,
        "exact sums, and classes at every width",
        shape ->
            new IntegerBenchmarkOperands(
                    shape, IntegerBenchmarkOperands.WEIGHTS, IntegerBenchmarkOperands.INPUTS)
                .classes(order));
  }

  private static KernelCase floats(
      String name, String about, float deviation, Summation summation) {
    return KernelCase.of(
        name, about, shape -> new FloatBenchmarkOperands(shape, deviation).sums(summation));
  }

  private static KernelCase gradients(String masks) {
    return KernelCase.of(
        "m7e4, gradients " + masks,
        "of weights and inputs: two products",
        shape ->
            new FloatBenchmarkOperands(shape, 0.05f).gradients(Summation.parse("m7e4"), masks));
  }
}
