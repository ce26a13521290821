package dev.narrows.hardware.verilog;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Thresholds;
import java.util.LinkedHashMap;
import java.util.Map;

/** The Verilog of one unit and the contents of its memories. */
final class UnitSource {
  private static final int MULTIPLIER_BITS = 31;
  private static final int SHIFT_BITS = 6;

  private final UnitLayer unit;

  UnitSource(UnitLayer unit) {
    this.unit = unit;
  }

  /** Texts by file name. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(unit.module() + ".v", module());
    files.put(unit.module() + "_weights.hex", weights());
    files.put(unit.module() + "_starts.hex", perChannel(unit.starts(), unit.register().bits()));
    files.put(unit.module() + "_biases.hex", perChannel(unit.biases(), unit.totalBits()));
    unit.requantization()
        .ifPresent(codes -> {
          if (codes instanceof FixedPointMultiplier fixed) {
            long[] factors = new long[unit.channels().size()];
            for (int c = 0; c < factors.length; c++) {
              FixedPoint factor = fixed.factor(c);
              factors[c] = (long) factor.shift() << MULTIPLIER_BITS | factor.multiplier();
            }
            files.put(
                unit.module() + "_factors.hex", perChannel(factors, MULTIPLIER_BITS + SHIFT_BITS));
          } else if (codes instanceof Thresholds thresholds) {
            files.put(unit.module() + "_thresholds.hex", thresholds(thresholds));
          }
        });
    return files;
  }

  private String weights() {
    StringBuilder text = new StringBuilder();
    int pe = unit.pe();
    int simd = unit.simd();
    for (int fold = 0; fold < unit.folds(); fold++) {
      for (int step = 0; step < unit.steps(); step++) {
        long[] word = new long[pe * simd];
        for (int p = 0; p < pe; p++) {
          for (int s = 0; s < simd; s++) {
            word[p * simd + s] = unit.channels().get(fold * pe + p).weights()[step * simd + s];
          }
        }
        text.append(VerilogText.hex(word, unit.weightBits())).append('\n');
      }
    }
    return text.toString();
  }

  private String perChannel(long[] values, int bits) {
    StringBuilder text = new StringBuilder();
    for (int fold = 0; fold < unit.folds(); fold++) {
      long[] word = new long[unit.pe()];
      System.arraycopy(values, fold * unit.pe(), word, 0, word.length);
      text.append(VerilogText.hex(word, bits)).append('\n');
    }
    return text.toString();
  }

  /** One bit wider than totals, so that a threshold above all of them stays above. */
  private String thresholds(Thresholds thresholds) {
    long most = 1L << (unit.totalBits() - 1);
    int count = thresholds.max() - thresholds.min();
    long[][] rows = thresholds.thresholds();
    StringBuilder text = new StringBuilder();
    for (int fold = 0; fold < unit.folds(); fold++) {
      long[] word = new long[unit.pe() * count];
      for (int p = 0; p < unit.pe(); p++) {
        long[] row = rows[rows.length == 1 ? 0 : fold * unit.pe() + p];
        for (int i = 0; i < count; i++) {
          word[p * count + i] = Math.clamp(row[i], -most, most);
        }
      }
      text.append(VerilogText.hex(word, unit.totalBits() + 1)).append('\n');
    }
    return text.toString();
  }

  private String module() {
    int productBits = unit.weightBits() + unit.inputBits();
    String requantise =
        switch (unit.requantization().orElse(null)) {
          case FixedPointMultiplier fixed -> multiplier(fixed);
          case Thresholds thresholds -> comparators(thresholds);
          case null, default ->
              """
                    wire signed [OB-1:0] code = total;  // requantised elsewhere
              """;
        };
    return """
    // %s: %d channels of %d terms, %d at once of %d terms each, register %s
    module %s #(
        parameter P = %d,   // register
        parameter PE = %d,
        parameter SIMD = %d
    ) (
        input  wire                clk,
        input  wire                rst,
        input  wire                in_valid,  // SIMD stored codes; all K again for each PE channels
        input  wire [SIMD*%d-1:0]   in,
        output reg                 out_valid,
        output reg  [PE*%d-1:0]    out,
        output reg  [PE*P-1:0]     sums
    );
      localparam XB = %d;  // stored code
      localparam XW = %d;  // what is multiplied
      localparam WB = %d;  // weight
      localparam T = %d;  // product
      localparam TREE = %d;  // sum of SIMD products
      localparam TB = %d;  // sum and bias
      localparam OB = %d;  // output
      localparam FOLDS = %d;
      localparam STEPS = %d;

      reg [PE*SIMD*WB-1:0] weights[0:FOLDS*STEPS-1];
      reg [PE*P-1:0] starts[0:FOLDS-1];
      reg [PE*TB-1:0] biases[0:FOLDS-1];
      initial $readmemh("%s_weights.hex", weights);
      initial $readmemh("%s_starts.hex", starts);
      initial $readmemh("%s_biases.hex", biases);
    %s
      reg [%d:0] fold, fold1, fold2;
      reg [%d:0] step;
      reg [%d:0] address;
      reg valid1, valid2, first1, last1;
      wire last = step == STEPS - 1;
      wire [PE*SIMD*WB-1:0] word = weights[address];
      reg [PE*SIMD*T-1:0] products;
      reg [PE*P-1:0] held;
      wire [PE*P-1:0] next;
      wire [PE*OB-1:0] codes;

      always @(posedge clk)
        if (rst) begin
          fold <= 0;
          step <= 0;
          address <= 0;
          valid1 <= 1'b0;
          valid2 <= 1'b0;
          out_valid <= 1'b0;
        end else begin
          valid1 <= in_valid;
          first1 <= step == 0;
          last1 <= last;
          fold1 <= fold;
          valid2 <= valid1 && last1;
          fold2 <= fold1;
          out_valid <= valid2;
          if (in_valid) begin
            step <= last ? 0 : step + 1'b1;
            if (last) fold <= fold == FOLDS - 1 ? 0 : fold + 1'b1;
            address <= last && fold == FOLDS - 1 ? 0 : address + 1'b1;
          end
          if (valid1) held <= next;
          if (valid2) begin
            out  <= codes;
            sums <= held;
          end
        end

      genvar p, s;
      generate
        for (p = 0; p < PE; p = p + 1) begin : element
          for (s = 0; s < SIMD; s = s + 1) begin : lane
            wire signed [XW-1:0] x = $signed({%s, in[s*XB+:XB]}) - %s;
            wire signed [WB-1:0] q = word[(p*SIMD+s)*WB+:WB];
            wire signed [T-1:0] product = x * q;
            always @(posedge clk) products[(p*SIMD+s)*T+:T] <= product;
          end
          reg signed [TREE-1:0] tree;
          integer i;
          always @* begin
            tree = 0;
            for (i = 0; i < SIMD; i = i + 1) tree = tree + $signed(products[(p*SIMD+i)*T+:T]);
          end
          wire signed [P-1:0] from = first1 ? starts[fold1][p*P+:P] : held[p*P+:P];
          narrows_accumulate #(.P(P), .T(TREE), .SATURATE(%d)) register (
              .held(from), .term(tree), .next(next[p*P+:P]));
          wire signed [P-1:0] sum = held[p*P+:P];
          wire signed [TB-1:0] bias = biases[fold2][p*TB+:TB];
          wire signed [TB-1:0] total = sum + bias;
    %s      assign codes[p*OB+:OB] = code;
        end
      endgenerate
    endmodule
    """
        .formatted(
            unit.layer().replaceAll("[^\\x20-\\x7e]", "?").replace("\\", "/"),
            unit.channels().size(),
            unit.terms(),
            unit.pe(),
            unit.simd(),
            unit.register(),
            unit.module(),
            unit.register().bits(),
            unit.pe(),
            unit.simd(),
            unit.codes().bits(),
            unit.outputBits(),
            unit.codes().bits(),
            unit.inputBits(),
            unit.weightBits(),
            productBits,
            productBits + VerilogText.indexBits(unit.simd()),
            unit.totalBits(),
            unit.outputBits(),
            unit.folds(),
            unit.steps(),
            unit.module(),
            unit.module(),
            unit.module(),
            memory(),
            VerilogText.indexBits(unit.folds()) - 1,
            VerilogText.indexBits(unit.steps()) - 1,
            VerilogText.indexBits(unit.folds() * unit.steps()) - 1,
            unit.codes().signed() ? "in[(s+1)*XB-1]" : "1'b0",
            VerilogText.signed(unit.inputBits() + 2, unit.zero()),
            unit.register() instanceof Saturating ? 1 : 0,
            requantise);
  }

  private String memory() {
    String name = unit.module();
    return switch (unit.requantization().orElse(null)) {
      case FixedPointMultiplier _ ->
          """
            reg [PE*%d-1:0] factors[0:FOLDS-1];
            initial $readmemh("%s_factors.hex", factors);
          """
              .formatted(MULTIPLIER_BITS + SHIFT_BITS, name);
      case Thresholds thresholds ->
          """
            localparam N = %d;
            reg [PE*N*(TB+1)-1:0] thresholds[0:FOLDS-1];
            initial $readmemh("%s_thresholds.hex", thresholds);
          """
              .formatted(thresholds.max() - thresholds.min(), name);
      case null, default -> "";
    };
  }

  /** code = offset + the number of thresholds that are not above the total. */
  private static String comparators(Thresholds thresholds) {
    return """
          wire [PE*N*(TB+1)-1:0] rows = thresholds[fold2];
          reg signed [OB-1:0] code;
          integer n;
          always @* begin
            code = %s;
            for (n = 0; n < N; n = n + 1)
              if ($signed(rows[(p*N+n)*(TB+1)+:TB+1]) <= total) code = code + 1'b1;
          end
    """
        .formatted(thresholds.min() < 0 ? "-" + -(long) thresholds.min() : thresholds.min());
  }

  /** TFLite's doubling high multiplication and rounding shift, {@link FixedPoint#code}. */
  private String multiplier(FixedPointMultiplier fixed) {
    String clamped =
        unit.totalBits() <= 32
            ? "total"
            : "total > 2147483647 ? 2147483647 : total < -64'sd2147483648 ? -64'sd2147483648 : total";
    return """
          wire [%d:0] factor = factors[fold2][p*%d+:%d];
          wire signed [5:0] shift = factor[36:31];
          wire [5:0] left = shift > 0 ? shift : 6'd0;
          wire [5:0] right = shift < 0 ? -shift : 6'd0;
          wire signed [31:0] clamped = %s;
          wire signed [31:0] shifted = clamped <<< left;
          wire signed [31:0] multiplied = {1'b0, factor[30:0]};
          wire signed [63:0] doubled = shifted * multiplied + 64'sd1073741824;
          wire signed [63:0] quotient = doubled >>> 31;
          wire signed [31:0] high = quotient > 64'sd2147483647 ? 32'sd2147483647 : quotient[31:0];
          wire [31:0] mask = (33'd1 << right) - 33'd1;
          wire [31:0] remainder = high & mask;
          wire [31:0] threshold = (mask >> 1) + {31'd0, high[31]};
          wire signed [31:0] halved = high >>> right;
          wire signed [31:0] rounded = halved + (remainder > threshold ? 32'sd1 : 32'sd0);
          wire signed [31:0] offset = rounded + %s;
          wire signed [OB-1:0] code = offset < %s ? %s : offset > %s ? %s : offset;
    """
        .formatted(
            MULTIPLIER_BITS + SHIFT_BITS - 1,
            MULTIPLIER_BITS + SHIFT_BITS,
            MULTIPLIER_BITS + SHIFT_BITS,
            clamped,
            VerilogText.signed(32, fixed.zeroPoint()),
            VerilogText.signed(32, fixed.min()),
            VerilogText.signed(32, fixed.min()),
            VerilogText.signed(32, fixed.max()),
            VerilogText.signed(32, fixed.max()));
  }
}
