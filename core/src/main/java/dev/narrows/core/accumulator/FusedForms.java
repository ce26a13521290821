package dev.narrows.core.accumulator;

import dev.narrows.core.accumulator.AccumulatorForms.AccumulatorReading;
import dev.narrows.core.accumulator.FusedAccumulator.Output;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The registers of matrix hardware as text, and the names of those that were built. A name stands
 * for a text, which may say an order as well.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
public final class FusedForms {
  private static final Pattern REGISTER =
      Pattern.compile("(fused|floored|floored-pairs|blocks)\\((\\d{1,9}),(\\d{1,9})\\)");
  private static final Pattern TREE = Pattern.compile("(pairwise(?:-flushed)?)\\((\\d{1,9})\\)");
  private static final Pattern SCALED = Pattern.compile("(scaled|mx|nv)\\(([a-z0-9]+)\\)");
  private static final Map<String, String> HARDWARE = hardware();

  private FusedForms() {}

  private static Map<String, String> hardware() {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("volta-fp16", "fused(4,23):fp32:fp16");
    named.put("turing-fp16", "fused(8,24):fp32:fp16");
    for (String chip : List.of("ampere", "ada")) {
      named.put(chip + "-fp16", "fused(8,24):fp32:fp16");
      named.put(chip + "-bf16", "fused(8,24):fp32:bf16");
      named.put(chip + "-tf32", "fused(4,24):fp32:tf32");
    }
    named.put("ada-fp8", "fused(16,13):e8m13:scaled(e4m3)");
    for (String chip : List.of("hopper", "blackwell")) {
      named.put(chip + "-fp16", "fused(16,25):fp32:fp16");
      named.put(chip + "-bf16", "fused(16,25):fp32:bf16");
      named.put(chip + "-tf32", "fused(8,25):fp32:tf32");
    }
    named.put("hopper-fp8", "fused(32,13):e8m13:scaled(e4m3)");
    named.put("blackwell-fp8", "fused(32,25):fp32:scaled(e4m3)");
    named.put("deepgemm-fp8", named.get("hopper-fp8") + ":promote(128)");
    named.put("blackwell-mxfp8", "fused(32,25):fp32:mx(e4m3)");
    named.put("blackwell-mxfp4", "blocks(64,35):fp32:mx(e2m1)");
    named.put("blackwell-nvfp4", "blocks(64,35):fp32:nv(e2m1)");
    named.put("mi100-fp16", "pairwise(4):fp32:fp16");
    named.put("mi100-bf16", "pairwise(2):fp32:bf16");
    named.put("mi250-fp16", "pairwise-flushed(4):fp32:fp16");
    named.put("mi250-bf16", "pairwise-flushed(4):fp32:bf16");
    named.put("mi300-fp16", "floored(8,24):fp32:fp16");
    named.put("mi300-bf16", "floored(8,24):fp32:bf16");
    named.put("mi300-xf32", "floored(4,24):fp32:tf32");
    named.put("mi300-fp8", "floored-pairs(16,24):fp32:scaled(e4m3fnuz)");
    return Collections.unmodifiableMap(named);
  }

  /** The texts of registers that were built, by name, in the order in which documents list them. */
  public static Map<String, String> named() {
    return HARDWARE;
  }

  /**
   * The text of a register that was built.
   *
   * @throws IllegalArgumentException if none has that name
   */
  public static String text(String name) {
    String text = HARDWARE.get(name);
    if (text == null) {
      throw new IllegalArgumentException(
          "no hardware is named %s, only %s".formatted(name, String.join(", ", HARDWARE.keySet())));
    }
    return text;
  }

  /** Whether a text begins as one of such a register does. */
  public static boolean begins(String text) {
    return Arrays.stream(Style.values()).anyMatch(style -> text.startsWith(style.toString()));
  }

  /**
   * Reads a register from the front of the parts of a text, and takes away what it has read.
   *
   * @param parts what stands between colons; changed
   * @throws IllegalArgumentException if a number is out of range
   */
  public static AccumulatorReading take(List<String> parts) {
    String first = parts.removeFirst();
    Matcher register = REGISTER.matcher(first);
    Matcher tree = TREE.matcher(first);
    if (!register.matches() && !tree.matches()) {
      return AccumulatorReading.failed(
          first,
          "products in a group and fraction bits, as in fused(32,13):e8m13, or products alone, as in"
              + " pairwise(4):fp32");
    }
    Matcher size = register.matches() ? register : tree;
    String outputs = list(Output.values());
    if (parts.isEmpty()) {
      return AccumulatorReading.failed(first, "what the register holds after it: " + outputs);
    }
    String second = parts.removeFirst();
    Optional<Output> output = Output.named(second);
    if (output.isEmpty()) {
      return AccumulatorReading.failed(second, "what the register holds: " + outputs);
    }
    Matcher scaled = SCALED.matcher(parts.isEmpty() ? "" : parts.getFirst());
    boolean scales = scaled.matches();
    Optional<OperandFormat> operands =
        parts.isEmpty()
            ? Optional.empty()
            : OperandFormat.named(scales ? scaled.group(2) : parts.getFirst());
    if (scales && operands.isEmpty()) {
      return AccumulatorReading.failed(
          parts.getFirst(),
          "a format of operands in the brackets: " + list(OperandFormat.values()));
    }
    if (operands.isPresent()) {
      parts.removeFirst();
    }
    return AccumulatorReading.of(
        new FusedAccumulator(
            Integer.parseInt(size.group(2)),
            size == tree ? Style.BINARY32 : Integer.parseInt(size.group(3)),
            named(Style.values(), size.group(1)),
            output.get(),
            operands.orElse(OperandFormat.FP32),
            scales ? named(Scaling.values(), scaled.group(1)) : Scaling.NONE));
  }

  private static <E> E named(E[] values, String text) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no such form: " + text));
  }

  private static String list(Object[] values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
  }

  /** The forms, for messages. */
  public static String forms() {
    return "fused(g,F):e8m13 (a group of g products, F fraction bits, what the register holds, and"
        + " then what its multipliers take, such as fp16, scaled(e4m3) or mx(e4m3)), or hardware by name: "
        + String.join(", ", HARDWARE.keySet());
  }
}
