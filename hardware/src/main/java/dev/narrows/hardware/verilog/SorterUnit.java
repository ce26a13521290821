package dev.narrows.hardware.verilog;

/**
 * A sorting network as one combinational module between two registers: Batcher's odd-even merges.
 *
 * @param inputs a power of two, at least 2
 * @param bits of each, signed
 */
public record SorterUnit(int inputs, int bits) {
  /** Checks the sizes. */
  public SorterUnit {
    if (inputs < 2 || Integer.bitCount(inputs) != 1 || bits < 1) {
      throw new IllegalArgumentException(
          "a sorter has 2, 4, 8 … inputs of at least a bit, got %d of %d bits"
              .formatted(inputs, bits));
    }
  }

  /** Takes the places of a comparator: the smaller value goes to {@code low}. */
  interface Comparators {
    /** One comparator. */
    void take(int low, int high);
  }

  /** The comparators in an order that respects what each waits for (Knuth, 5.3.4, algorithm M). */
  void comparators(Comparators each) {
    for (int p = 1; p < inputs; p *= 2) {
      for (int k = p; k >= 1; k /= 2) {
        for (int j = k % p; j + k < inputs; j += 2 * k) {
          for (int i = 0; i < Math.min(k, inputs - j - k); i++) {
            if ((i + j) / (2 * p) == (i + j + k) / (2 * p)) {
              each.take(i + j, i + j + k);
            }
          }
        }
      }
    }
  }

  /** How many comparators. */
  public int size() {
    int[] count = {0};
    comparators((_, _) -> count[0]++);
    return count[0];
  }

  /** The module, its values side by side in {@code x} and {@code y}. */
  public String module(String name) {
    StringBuilder text = new StringBuilder();
    int last = inputs * bits - 1;
    text.append(
        "module %s (input wire clk, input wire [%d:0] x, output reg [%d:0] y);\n"
            .formatted(name, last, last));
    text.append("  reg [%d:0] held;\n".formatted(last));
    int[] version = new int[inputs];
    for (int i = 0; i < inputs; i++) {
      text.append(
          "  wire signed [%d:0] v%d_0 = held[%d +: %d];\n".formatted(bits - 1, i, i * bits, bits));
    }
    comparators((low, high) -> {
      String a = "v%d_%d".formatted(low, version[low]++);
      String b = "v%d_%d".formatted(high, version[high]++);
      text.append("  wire c%d_%d = %s > %s;\n".formatted(low, version[low], a, b));
      String swap = "c%d_%d".formatted(low, version[low]);
      text.append(
          "  wire signed [%d:0] v%d_%d = %s ? %s : %s;\n"
              .formatted(bits - 1, low, version[low], swap, b, a));
      text.append(
          "  wire signed [%d:0] v%d_%d = %s ? %s : %s;\n"
              .formatted(bits - 1, high, version[high], swap, a, b));
    });
    text.append("  always @(posedge clk) begin\n    held <= x;\n    y <= {");
    for (int i = inputs - 1; i >= 0; i--) {
      text.append("v%d_%d%s".formatted(i, version[i], i == 0 ? "" : ", "));
    }
    return text.append("};\n  end\nendmodule\n").toString();
  }
}
