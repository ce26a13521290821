// Registers of narrow accumulators, as Narrows' reference computes them. docs/hardware.md has the equations.
`default_nettype none

// One addition to a register of P bits. A sum that leaves it wraps, or saturates.
module narrows_accumulate #(
    parameter P = 16,
    parameter T = 16,
    parameter SATURATE = 0
) (
    input  wire signed [P-1:0] held,
    input  wire signed [T-1:0] term,
    output wire signed [P-1:0] next
);
  localparam W = (P > T ? P : T) + 1;
  wire signed [W-1:0] sum = held + term;
  wire fits = &sum[W-1:P-1] | ~|sum[W-1:P-1];
  assign next = (SATURATE == 0 || fits) ? sum[P-1:0] : {sum[W-1], {(P - 1) {~sum[W-1]}}};
endmodule

// A register of P bits that hands its value to one of Q bits before it would overflow. A term that
// does not fit P bits goes straight to the wide register.
module narrows_spill #(
    parameter P = 12,
    parameter Q = 32,
    parameter T = 16
) (
    input  wire                clk,
    input  wire                clear,
    input  wire                valid,
    input  wire signed [T-1:0] term,
    output wire signed [Q-1:0] sum,
    output reg         [ 31:0] spills
);
  localparam W = (P > T ? P : T) + 1;
  reg signed [P-1:0] narrow;
  reg signed [Q-1:0] wide;
  wire signed [W-1:0] next = narrow + term;
  wire fits = &next[W-1:P-1] | ~|next[W-1:P-1];
  wire signed [W-1:0] extended = term;
  wire term_fits = &extended[W-1:P-1] | ~|extended[W-1:P-1];
  wire signed [W-1:0] kept = narrow;
  wire signed [W-1:0] handed = term_fits ? kept : extended;
  wire signed [Q-1:0] added = wide + handed;
  assign sum = wide + narrow;
  always @(posedge clk)
    if (clear) begin
      narrow <= {P{1'b0}};
      wide   <= {Q{1'b0}};
      spills <= 32'd0;
    end else if (valid) begin
      if (fits) narrow <= next[P-1:0];
      else begin
        wide   <= added;
        spills <= spills + 32'd1;
        if (term_fits) narrow <= extended[P-1:0];
      end
    end
endmodule

// Takes the next term whose sign is opposite to the register's, else the next of the other sign.
// Exact order as long as neither queue of D terms fills up; a full queue is served out of turn.
module narrows_sign_directed #(
    parameter P = 16,
    parameter T = 16,
    parameter D = 16,
    parameter A = 4
) (
    input  wire                clk,
    input  wire                clear,
    input  wire                valid,
    input  wire signed [T-1:0] term,
    input  wire                ended,
    output wire                ready,
    output wire                done,
    output reg  signed [P-1:0] held
);
  reg signed [T-1:0] positive[0:D-1];
  reg signed [T-1:0] negative[0:D-1];
  reg [A-1:0] positive_head, negative_head, positive_tail, negative_tail;
  reg [A:0] positives, negatives;
  wire any_positive = positives != 0;
  wire any_negative = negatives != 0;
  wire full_positive = positives == D;
  wire full_negative = negatives == D;
  wire below = held[P-1];
  wire take_negative = any_negative && (!below || full_negative || (ended && !any_positive));
  wire take_positive = any_positive && !take_negative && (below || full_positive || ended);
  wire signed [T-1:0] taken = take_negative ? negative[negative_head] : positive[positive_head];
  wire signed [P-1:0] next;
  wire push_positive = valid && ready && !term[T-1] && term != 0;
  wire push_negative = valid && ready && term[T-1];
  assign ready = !full_positive && !full_negative;
  assign done  = ended && !any_positive && !any_negative;
  narrows_accumulate #(.P(P), .T(T), .SATURATE(1)) add (.held(held), .term(taken), .next(next));
  always @(posedge clk)
    if (clear) begin
      held <= {P{1'b0}};
      positives <= 0;
      negatives <= 0;
      positive_head <= 0;
      negative_head <= 0;
      positive_tail <= 0;
      negative_tail <= 0;
    end else begin
      if (push_positive) begin
        positive[positive_tail] <= term;
        positive_tail <= positive_tail + 1'b1;
      end
      if (push_negative) begin
        negative[negative_tail] <= term;
        negative_tail <= negative_tail + 1'b1;
      end
      if (take_positive) positive_head <= positive_head + 1'b1;
      if (take_negative) negative_head <= negative_head + 1'b1;
      if (take_positive || take_negative) held <= next;
      positives <= positives + {{A{1'b0}}, push_positive} - {{A{1'b0}}, take_positive};
      negatives <= negatives + {{A{1'b0}}, push_negative} - {{A{1'b0}}, take_negative};
    end
endmodule

// A multiply-add without subnormal numbers, infinities or NaN that truncates toward zero: the
// product to m{M}e{E} with bias PB, the sum to m{M}e{E} with bias SB. An operand is {sign, OE
// exponent bits, OM fraction bits}, 0 when all but the sign is 0. A sum is {zero, sign, exponent,
// fraction}: one bit more than a packed code, so that 2^-SB and 0 are told apart.
module narrows_float_multiply_add #(
    parameter OM = 4,
    parameter OE = 3,
    parameter OB = 4,
    parameter M  = 7,
    parameter E  = 4,
    parameter PB = 12,
    parameter SB = 10,
    parameter XW = 8  // bits of a signed exponent without bias, wide enough for all on the way
) (
    input  wire [OM+OE:0] x,
    input  wire [OM+OE:0] w,
    input  wire [M+E+1:0] sum,
    output wire [M+E+1:0] next
);
  localparam PW = 2 * OM + 2;
  localparam FW = (PW > M + 2 ? PW : M + 2);
  localparam L = M + 5;  // sum of significands: a carry, the leading one, M bits and 3 guard bits
  localparam signed [XW-1:0] PLOW = -PB;
  localparam signed [XW-1:0] PHIGH = (1 << E) - 1 - PB;
  localparam signed [XW-1:0] SLOW = -SB;
  localparam signed [XW-1:0] SHIGH = (1 << E) - 1 - SB;
  localparam signed [XW-1:0] TWICE = 2 * OB;

  // product
  wire x_zero = ~|x[OM+OE-1:0];
  wire w_zero = ~|w[OM+OE-1:0];
  wire [PW-1:0] product = {1'b1, x[OM-1:0]} * {1'b1, w[OM-1:0]};
  wire carried = product[PW-1];
  wire [FW-1:0] aligned = {product, {(FW - PW) {1'b0}}} << !carried;
  wire signed [XW-1:0] x_exponent = {{(XW - OE) {1'b0}}, x[OM+:OE]};
  wire signed [XW-1:0] w_exponent = {{(XW - OE) {1'b0}}, w[OM+:OE]};
  wire signed [XW-1:0] top = {{(XW - 1) {1'b0}}, carried};
  wire signed [XW-1:0] exact = x_exponent + w_exponent - TWICE + top;
  wire p_over = exact > PHIGH;
  wire p_zero = x_zero | w_zero | (exact < PLOW);
  wire p_sign = x[OM+OE] ^ w[OM+OE];
  wire signed [XW-1:0] p_exponent = p_over ? PHIGH : exact;
  wire [M-1:0] p_fraction = p_over ? {M{1'b1}} : aligned[FW-2-:M];

  // sum
  wire s_zero = sum[M+E+1];
  wire s_sign = sum[M+E];
  wire signed [XW-1:0] s_exponent = {{(XW - E) {1'b0}}, sum[M+:E]} + SLOW;
  wire [M-1:0] s_fraction = sum[M-1:0];
  wire p_larger = s_zero | (!p_zero & ((p_exponent > s_exponent) |
      ((p_exponent == s_exponent) & (p_fraction > s_fraction))));
  wire signed [XW-1:0] l_exponent = p_larger ? p_exponent : s_exponent;
  wire signed [XW-1:0] distance = p_larger ? p_exponent - s_exponent : s_exponent - p_exponent;
  wire l_sign = p_larger ? p_sign : s_sign;
  wire [M+3:0] bigger = {1'b1, p_larger ? p_fraction : s_fraction, 3'b000};
  wire none = p_zero | s_zero;
  wire [M+3:0] smaller = none ? {(M + 4) {1'b0}} : {1'b1, p_larger ? s_fraction : p_fraction, 3'b000};
  wire [XW-1:0] shift = distance;
  wire [M+3:0] shifted = smaller >> shift;
  wire [M+3:0] restored = shifted << shift;
  wire lost = restored != smaller;
  wire subtract = (p_sign ^ s_sign) & !none;
  wire [L-1:0] total = subtract ? {1'b0, bigger} - {1'b0, shifted} - {{(L - 1) {1'b0}}, lost}
                                : {1'b0, bigger} + {1'b0, shifted};

  // leading one
  integer i;
  reg [XW-1:0] leading;
  always @* begin
    leading = 0;
    for (i = 0; i < L; i = i + 1) if (total[i]) leading = L - 1 - i;
  end
  wire [L-1:0] normal = total << leading;
  wire signed [XW-1:0] lead = leading;
  wire signed [XW-1:0] one = 1;
  wire signed [XW-1:0] exponent = l_exponent + one - lead;
  wire over = exponent > SHIGH;
  wire zero = (p_zero & s_zero) | ~|total | (!over & (exponent < SLOW));
  wire [XW-1:0] biased = exponent - SLOW;
  assign next = zero ? {1'b1, {(M + E + 1) {1'b0}}}
      : over ? {1'b0, l_sign, {(M + E) {1'b1}}}
      : {1'b0, l_sign, biased[E-1:0], normal[L-2-:M]};
endmodule

// A group of G products added to a register of matrix hardware: all are shifted to the largest
// exponent among them, cut to F fraction bits toward zero, added exactly, and cut again (NEAREST:
// rounded to nearest even). Operands are finite codes {sign, OE exponent bits, OM fraction bits} of
// bias OB with subnormal numbers; zero has the exponent -126. The register is a finite code {sign, E,
// M} of bias B; what is too large for it becomes infinite.
module narrows_fused_add #(
    parameter G = 4,
    parameter F = 13,
    parameter OM = 3,
    parameter OE = 4,
    parameter OB = 7,
    parameter M = 13,
    parameter E = 8,
    parameter B = 127,
    parameter NEAREST = 0,
    parameter C = 3,   // bits that hold G + 1
    parameter XW = 12  // bits of a signed exponent without bias, wide enough for all on the way
) (
    input  wire [G*(1+OE+OM)-1:0] x,
    input  wire [G*(1+OE+OM)-1:0] w,
    input  wire [E+M:0] sum,
    output wire [E+M:0] next
);
  localparam OW = 1 + OE + OM;
  localparam PW = 2 * OM + 2 + F;  // a product of significands above F places
  localparam RW = M + 1 + F;
  localparam SW = F + 3 + C;       // magnitude of the sum
  localparam KW = (SW > M + 2 ? SW : M + 2) + M + 1;
  localparam signed [XW-1:0] ZERO = -126;
  localparam signed [XW-1:0] BIAS = B;
  localparam signed [XW-1:0] LEAST = 1 - B;
  localparam signed [XW-1:0] MOST = (1 << E) - 2 - B;
  localparam signed [XW-1:0] TWICE = 2 * OB;
  localparam signed [XW-1:0] OWN = OB;
  localparam signed [XW-1:0] ONE = 1;
  localparam signed [XW-1:0] PLACES = F;
  localparam signed [XW-1:0] HELD = M;

  // exponents
  function signed [XW-1:0] exponent(input [OE+OM-1:0] code);
    exponent = ~|code ? ZERO : {{(XW - OE) {1'b0}}, code[OM+:OE]} - OWN + (~|code[OM+:OE] ? ONE : ONE - ONE);
  endfunction

  wire [E+M-1:0] register = sum[E+M-1:0];
  wire signed [XW-1:0] own = ~|register ? ZERO
      : {{(XW - E) {1'b0}}, register[M+:E]} - BIAS + (~|register[M+:E] ? ONE : ONE - ONE);
  integer i;
  reg signed [XW-1:0] top, each;
  always @* begin
    top = own;
    each = ZERO;
    for (i = 0; i < G; i = i + 1) begin
      each = exponent(x[i*OW+:OE+OM]) + exponent(w[i*OW+:OE+OM]);
      if (each > top) top = each;
    end
  end

  // significands at the largest exponent
  integer k;
  reg signed [SW:0] total;
  reg [XW-1:0] distance;
  reg [OM:0] left, right;
  reg [PW-1:0] product;
  reg [RW-1:0] held;
  always @* begin
    distance = top - own;
    held = {|register[M+:E], register[M-1:0], {F{1'b0}}};
    held = held >> distance >> M;
    total = sum[E+M] ? -$signed({{(SW + 1 - F - 2) {1'b0}}, held[F+1:0]})
                     : $signed({{(SW + 1 - F - 2) {1'b0}}, held[F+1:0]});
    left = 0;
    right = 0;
    product = 0;
    for (k = 0; k < G; k = k + 1) begin
      left = {|x[k*OW+OM+:OE], x[k*OW+:OM]};
      right = {|w[k*OW+OM+:OE], w[k*OW+:OM]};
      distance = top - exponent(x[k*OW+:OE+OM]) - exponent(w[k*OW+:OE+OM]);
      product = {{(PW - OM - 1) {1'b0}}, left} * {{(PW - OM - 1) {1'b0}}, right};
      product = product << F;
      product = product >> distance >> (2 * OM);
      if (x[k*OW+OW-1] ^ w[k*OW+OW-1])
        total = total - $signed({{(SW + 1 - F - 2) {1'b0}}, product[F+1:0]});
      else total = total + $signed({{(SW + 1 - F - 2) {1'b0}}, product[F+1:0]});
    end
  end

  // the register: the exact sum is {magnitude} in units of 2^(top - F)
  wire negative = total[SW];
  wire [SW-1:0] magnitude = negative ? -total[SW-1:0] : total[SW-1:0];
  integer j;
  reg signed [XW-1:0] leading;
  always @* begin
    leading = 0;
    for (j = 0; j < SW; j = j + 1) if (magnitude[j]) leading = j;
  end
  wire signed [XW-1:0] exact = leading + top - PLACES;
  wire signed [XW-1:0] scale = exact > LEAST ? exact : LEAST;  // of the result, before rounding
  wire signed [XW-1:0] right_by = scale - HELD - top + PLACES;
  wire [XW-1:0] lost = right_by;
  wire [XW-1:0] gained = -right_by;
  wire [KW-1:0] wide = {{(KW - SW) {1'b0}}, magnitude};
  wire [KW-1:0] cut = right_by > 0 ? wide >> lost : wide << gained;
  wire [KW-1:0] back = cut << lost;
  wire [KW-1:0] rest = right_by > 0 && lost < KW ? wide - back : right_by > 0 ? wide : {KW{1'b0}};
  wire [KW-1:0] half = right_by > 0 && lost <= KW ? {{(KW - 1) {1'b0}}, 1'b1} << (lost - 1) : {KW{1'b0}};
  wire up = NEAREST != 0 && right_by > 0 && lost <= KW && (rest > half || (rest == half && cut[0]));
  wire [KW-1:0] kept = cut + {{(KW - 1) {1'b0}}, up};
  wire carried = kept[M+1];
  wire [XW-1:0] biased = scale + BIAS + {{(XW - 1) {1'b0}}, carried};
  wire normal = kept[M] | carried;
  wire over = normal && $signed(biased) - BIAS > MOST;
  wire nothing = ~|kept;
  assign next = nothing ? {(E + M + 1) {1'b0}}
      : over ? {negative, {E{1'b1}}, {M{1'b0}}}
      : {negative, normal ? biased[E-1:0] : {E{1'b0}}, carried ? kept[M:1] : kept[M-1:0]};
endmodule

`default_nettype wire
