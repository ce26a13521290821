package dev.narrows.core.lane;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registry of instructions by name: the levels each of them stands for, as text. Names are
 * joined by +, so {@code vpmaddubsw+paddsw} is a saturating pair, then saturating adds. Lanes are
 * those of 256 bits on x86, of 128 bits on Arm and WebAssembly.
 *
 * @see "docs/lanes.md, Instructions"
 */
public final class LaneInstructions {
  /** The names that stand for a whole reduction, for lists and documents. */
  public static final List<String> PRESETS =
      List.of(
          "vpmaddubsw",
          "vpmaddubsw+paddsw",
          "vpmaddubsw+paddw",
          "vpmaddubsw+vpmaddwd+vpaddd",
          "vpdpbusd",
          "vpdpbusds",
          "vpdpwssd",
          "pmaddwd",
          "smull+smlal+sadalp",
          "sdot",
          "udot",
          "smlad",
          "swar16",
          "i32x4.dot_i16x8_s",
          "vwmacc");

  private static final Map<String, Instruction> ALL = all();

  private LaneInstructions() {}

  /**
   * One instruction, or a sequence of them that shares a register.
   *
   * @param operands that it multiplies, as text; empty where it only adds
   * @param levels as text
   * @param words what it does
   */
  public record Instruction(Optional<String> operands, String levels, String words) {}

  private static Map<String, Instruction> all() {
    Map<String, Instruction> all = new LinkedHashMap<>();
    products(all, "vpmaddubsw", "u8*s8", "i16s*2", "x86: two products in an i16 that saturates");
    products(all, "vpmaddwd", "s16*s16", "i32*2", "x86: two products in an i32; adds pairs too");
    products(all, "vpdpbusd", "u8*s8", "i32*4+i32*n/8", "x86 VNNI: four products, added to an i32");
    products(
        all, "vpdpbusds", "u8*s8", "i32*4+i32s*n/8", "x86 VNNI: the same, but the i32 saturates");
    products(
        all, "vpdpwssd", "s16*s16", "i32*2+i32*n/8", "x86 VNNI: two products, added to an i32");
    products(
        all,
        "smull+smlal+sadalp",
        "s8*s8",
        "i16*n/8+i32",
        "Arm: n products in an i16 that wraps, then pairs into an i32");
    products(all, "smull+smlal", "s8*s8", "i16*n/8", "Arm: n products in an i16 that wraps");
    products(all, "umull+umlal", "u8*u8", "u16*n/8", "Arm: n unsigned products in a u16");
    products(all, "sdot", "s8*s8", "i32*4+i32*n/4", "Arm: four products, added to an i32");
    products(all, "udot", "u8*u8", "u32*4+u32*n/4", "Arm: four products, added to a u32");
    products(all, "smlad", "s16*s16", "i32*2+i32*n", "Cortex-M: two products, added to an i32");
    adds(
        all,
        "swar16",
        "i16*n+i32",
        "two rows in one 32-bit multiply; the high one is mended of the low one's borrow");
    products(
        all,
        "i32x4.dot_i16x8_s",
        "s16*s16",
        "i32*2+i32*n/4",
        "WebAssembly: two products, then i32x4.add");
    products(all, "vwmacc", "s8*s8", "i16*n+i32", "RISC-V: n products in an i16, then vwredsum");
    products(all, "vwmaccu", "u8*u8", "u16*n+u32", "RISC-V: n unsigned products in a u16");
    adds(all, "vpaddsw", "i16s*n/16", "x86: n saturating adds in i16");
    adds(all, "vpaddw", "i16*n/16", "x86: n wrapping adds in i16");
    adds(all, "vpaddusw", "u16s*n/16", "x86: n saturating adds in u16");
    adds(all, "vpaddd", "i32*n/8", "x86: n wrapping adds in i32");
    adds(all, "sqadd", "i16s*n/8", "Arm: n saturating adds in i16");
    adds(all, "sadalp", "i32", "Arm: pairs of i16 into an i32, to the end");
    adds(all, "vwredsum", "i32", "RISC-V: all i16 lanes into an i32");
    return Collections.unmodifiableMap(all);
  }

  private static void products(
      Map<String, Instruction> all, String name, String operands, String levels, String words) {
    all.put(name, new Instruction(Optional.of(operands), levels, words));
  }

  private static void adds(Map<String, Instruction> all, String name, String levels, String words) {
    all.put(name, new Instruction(Optional.empty(), levels, words));
  }

  /** The instruction of a name; the v of AVX may be left out: {@code pmaddwd}, {@code paddsw}. */
  static Optional<Instruction> named(String name) {
    return Optional.ofNullable(ALL.get(name)).or(() -> Optional.ofNullable(ALL.get("v" + name)));
  }

  /** All instructions by name, in order. */
  public static Map<String, Instruction> byName() {
    return ALL;
  }

  static String list() {
    return ALL.keySet().stream().collect(Collectors.joining(", "));
  }
}
