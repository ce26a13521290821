package dev.narrows.hardware.verilog;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Claims about a narrow register beside one of 32 bits, as Verilog modules whose output {@code ok}
 * is to be proved 1 for every input.
 *
 * @param channel whose terms are summed in index order
 * @param bits P
 * @param saturate whether the narrow register saturates; else it wraps
 * @see "docs/hardware.md, Proofs"
 */
record ProofSource(DotChannel channel, int bits, boolean saturate) {
  static final int WIDE = 32;

  private IntegerRange inputs() {
    return channel.inputs();
  }

  private int inputBits() {
    return Math.max(2, Widths.of(inputs().min(), inputs().max()));
  }

  /** Width of a product of anything in [a, b] with a weight of this layer. */
  private int termBits() {
    return inputBits() + Math.max(2, channel.weightBits());
  }

  private long lowTerm(int k) {
    long q = channel.weights()[k];
    return Math.min(q * inputs().min(), q * inputs().max());
  }

  private long highTerm(int k) {
    long q = channel.weights()[k];
    return Math.max(q * inputs().min(), q * inputs().max());
  }

  private String register(String name, int width, String held, String term, String next) {
    return "  narrows_accumulate #(.P(%d), .T(%d), .SATURATE(%d)) %s (.held(%s), .term(%s), .next(%s));%n"
        .formatted(width, termBits(), saturate && width != WIDE ? 1 : 0, name, held, term, next);
  }

  /**
   * Every product lies between those of the ends of [a, b], for each weight that occurs.
   *
   * @param weights without repetition
   */
  static String products(String module, List<Integer> weights, IntegerRange inputs) {
    int x = Math.max(2, Widths.of(inputs.min(), inputs.max()));
    int q = Math.max(2, weights.stream().mapToInt(Widths::of).max().orElse(2));
    StringBuilder text = new StringBuilder();
    text.append("module %s (input signed [%d:0] x, output ok);%n".formatted(module, x - 1));
    text.append(
        "  wire inside = x >= %s && x <= %s;%n"
            .formatted(
                VerilogText.signed(x + 1, inputs.min()), VerilogText.signed(x + 1, inputs.max())));
    for (int i = 0; i < weights.size(); i++) {
      long weight = weights.get(i);
      long low = Math.min(weight * inputs.min(), weight * inputs.max());
      long high = Math.max(weight * inputs.min(), weight * inputs.max());
      text.append(
          "  wire signed [%d:0] t%d = x * %s;%n"
              .formatted(x + q - 1, i, VerilogText.signed(q + 1, weight)));
      text.append(
          "  wire ok%d = t%d >= %s && t%d <= %s;%n"
              .formatted(
                  i,
                  i,
                  VerilogText.signed(x + q + 1, low),
                  i,
                  VerilogText.signed(x + q + 1, high)));
    }
    text.append(
        "  assign ok = !inside || (%s);%nendmodule%n"
            .formatted(
                weights.isEmpty()
                    ? "1'b1"
                    : IntStream.range(0, weights.size())
                        .mapToObj(i -> "ok" + i)
                        .collect(Collectors.joining(" && "))));
    return text.toString();
  }

  /** The terms that a step of the induction is about: those with a weight. */
  int[] steps() {
    return IntStream.range(0, channel.terms()).filter(k -> channel.weights()[k] != 0).toArray();
  }

  /**
   * If the register lies in [lo_k, hi_k] and the product between its ends, both registers take the
   * same value, and it lies in [lo_{k+1}, hi_{k+1}].
   *
   * @return a module {@code step<k>} for each of {@link #steps}
   */
  String induction() {
    StringBuilder text = new StringBuilder();
    long lo = channel.preload();
    long hi = channel.preload();
    int bound = WIDE + 1;
    for (int k : steps()) {
      long nextLo = lo + Math.min(0, lowTerm(k));
      long nextHi = hi + Math.max(0, highTerm(k));
      text.append(
          "module step%d (input signed [%d:0] r, input signed [%d:0] t, output ok);%n"
              .formatted(k, bits - 1, termBits() - 1));
      text.append("  wire signed [%d:0] next;%n".formatted(bits - 1));
      text.append("  wire signed [31:0] held = r, wide, extended = next;\n");
      text.append(register("narrow_register", bits, "r", "t", "next"));
      text.append(register("wide_register", WIDE, "held", "t", "wide"));
      text.append(
          "  wire before = r >= %s && r <= %s && t >= %s && t <= %s;%n"
              .formatted(
                  VerilogText.signed(bound, lo),
                  VerilogText.signed(bound, hi),
                  VerilogText.signed(termBits() + 1, lowTerm(k)),
                  VerilogText.signed(termBits() + 1, highTerm(k))));
      text.append(
          "  wire after = next >= %s && next <= %s && extended == wide;%n"
              .formatted(VerilogText.signed(bound, nextLo), VerilogText.signed(bound, nextHi)));
      text.append("  assign ok = !before || after;\nendmodule\n");
      lo = nextLo;
      hi = nextHi;
    }
    return text.toString();
  }

  /** All inputs free at once: module {@code whole}. */
  String onePiece() {
    int x = inputBits();
    int terms = channel.terms();
    StringBuilder text = new StringBuilder();
    text.append(
        "module whole (input [%d:0] all, output ok);%n".formatted(Math.max(1, x * terms) - 1));
    for (int k = 0; k < terms; k++) {
      text.append(
          "  wire signed [%d:0] x%d = all[%d:%d];%n".formatted(x - 1, k, x * (k + 1) - 1, x * k));
    }
    text.append(chains(bits, IntStream.range(0, terms).toArray(), channel.preload(), k -> "x" + k));
    text.append("  wire inside = 1'b1");
    for (int k = 0; k < terms; k++) {
      text.append(
          " && x%d >= %s && x%d <= %s"
              .formatted(
                  k,
                  VerilogText.signed(x + 1, inputs().min()),
                  k,
                  VerilogText.signed(x + 1, inputs().max())));
    }
    text.append(";\n  assign ok = !inside || same;\nendmodule\n");
    return text.toString();
  }

  /**
   * The witness in this register and in 32 bits: module {@code refutation}, whose {@code same} is
   * to be proved 0.
   *
   * @param stored what to subtract from a stored code
   */
  String refutation(Witness witness, long stored) {
    int[] order = witness.order();
    // the terms after the write may lead back: the register that matters is the one at the write
    int reached = 0;
    long sum = witness.start();
    while (sum != witness.write() && reached < order.length) {
      int k = order[reached++];
      sum += channel.weights()[k] * (witness.input()[k] - stored);
    }
    int[] taken = IntStream.range(0, reached).map(i -> order[i]).toArray();
    return "module refutation (output ok);\n"
        + chains(
            bits,
            taken,
            witness.start(),
            k -> VerilogText.signed(inputBits(), witness.input()[k] - stored))
        + "  assign ok = !same;\nendmodule\n";
  }

  /** Both registers over terms in an order, and {@code same} for whether they end alike. */
  private String chains(
      int width, int[] order, long start, java.util.function.IntFunction<String> x) {
    StringBuilder text = new StringBuilder();
    String narrow = VerilogText.field(start, width) + "";
    text.append("  wire signed [%d:0] n0 = %d'd%s;%n".formatted(width - 1, width, narrow));
    text.append("  wire signed [31:0] w0 = %s;%n".formatted(VerilogText.signed(WIDE, start)));
    for (int i = 0; i < order.length; i++) {
      int k = order[i];
      text.append(
          "  wire signed [%d:0] f%d = %s; wire signed [%d:0] t%d = f%d * %s;%n"
              .formatted(
                  inputBits() - 1,
                  i,
                  x.apply(k),
                  termBits() - 1,
                  i,
                  i,
                  VerilogText.signed(channel.weightBits() + 1, channel.weights()[k])));
      text.append(
          "  wire signed [%d:0] n%d; wire signed [31:0] w%d;%n".formatted(width - 1, i + 1, i + 1));
      text.append(register("narrow" + i, width, "n" + i, "t" + i, "n" + (i + 1)));
      text.append(register("wide" + i, WIDE, "w" + i, "t" + i, "w" + (i + 1)));
    }
    int last = order.length;
    text.append(
        "  wire signed [31:0] extended = n%d; wire same = extended == w%d;%n"
            .formatted(last, last));
    return text.toString();
  }
}
