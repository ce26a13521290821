package dev.narrows.experiments.reproduce.gates;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.hardware.verilog.SorterUnit;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What it takes to sort terms in hardware, beside what the narrow register behind the sorter saves:
 * PQS has no such figure, and a designer needs it.
 */
public final class PqsHardware implements Figure {
  private static final Prose PROSE = Prose.of(PqsHardware.class, "pqs-hardware");

  private static final int TERM_BITS = 16;

  /** The widest first: the others are compared with it. */
  private static List<Integer> widths(Scale scale) {
    return scale == Scale.SMOKE ? List.of(32, 16, 14) : List.of(32, 24, 20, 18, 16, 14, 12);
  }

  /** Registers of a library module, named as in its text. */
  private enum RegisterUnit {
    SATURATING("saturating register", "narrows_accumulate", "SATURATE(1)"),
    WRAPPING("wrapping register", "narrows_accumulate", "SATURATE(0)");

    private final String words;
    private final String module;
    private final String policy;

    RegisterUnit(String words, String module, String policy) {
      this.words = words;
      this.module = module;
      this.policy = policy;
    }

    String verilog(int bits) {
      return """
      module unit (input wire clk, input wire clear, input wire signed [%d:0] term, output reg signed [%d:0] held);
        wire signed [%d:0] next;
        %s #(.P(%d), .T(%d), .%s) add (.held(held), .term(term), .next(next));
        always @(posedge clk) held <= clear ? 0 : next;
      endmodule
      """
          .formatted(TERM_BITS - 1, bits - 1, bits - 1, module, bits, TERM_BITS, policy);
    }
  }

  /** Needs no network. */
  public PqsHardware() {}

  @Override
  public String name() {
    return "pqs-hardware";
  }

  @Override
  public String title() {
    return "PQS in hardware: what a sorter costs and what it saves";
  }

  @Override
  public ReproductionResult make(Workshop workshop) {
    Optional<BiFunction<String, String, Synthesis>> tool = workshop.synthesis();
    List<Grid> grids = new ArrayList<>();
    List<PaperClaim> claims = new ArrayList<>();
    List<String> notes = new ArrayList<>(List.of(PROSE.text("wrap"), PROSE.text("directed")));
    if (tool.isPresent()) {
      made(tool.get(), workshop.scale(), grids, claims);
    } else {
      notes.add(PROSE.text("no tool"));
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text("about", "bits", TERM_BITS),
        claims,
        grids,
        List.of(),
        notes,
        List.of());
  }

  private static void made(
      BiFunction<String, String, Synthesis> tool,
      Scale scale,
      List<Grid> grids,
      List<PaperClaim> claims) {
    List<List<Object>> registers = new ArrayList<>();
    long most = 1;
    for (RegisterUnit unit : RegisterUnit.values()) {
      long wide = 0;
      for (int bits : widths(scale)) {
        long luts = tool.apply(unit.verilog(bits), "unit").luts();
        wide = Math.max(wide, luts);
        registers.add(List.of(unit.words, bits, luts, wide - luts));
        most = Math.max(most, wide - luts);
      }
    }
    grids.add(
        new Grid("One register", List.of("unit", "P", "LUT", "fewer than at 32 bits"), registers));
    List<List<Object>> sorters = new ArrayList<>();
    List<Integer> sizes = scale == Scale.SMOKE ? List.of(4, 8) : List.of(4, 8, 16);
    for (int inputs : sizes) {
      SorterUnit sorter = new SorterUnit(inputs, TERM_BITS);
      long luts = tool.apply(sorter.module("unit"), "unit").luts();
      sorters.add(List.of(inputs, sorter.size(), luts, (double) luts / most));
      if (inputs == 8) {
        claims.add(
            PaperClaim.ofOurs(
                "a sorter of eight terms beside what a narrow register saves",
                text(
                    "%d LUTs against at most %d: it pays back if it serves more than %d registers",
                    luts, most, luts / most)));
      }
    }
    grids.add(
        new Grid(
            "Sorters of %d-bit terms".formatted(TERM_BITS),
            List.of("terms at once", "comparators", "LUT", "registers that pay for it"),
            sorters));
    long directed =
        tool.apply(
                """
                module unit (input wire clk, input wire clear, input wire valid, input wire signed [15:0] term,
                    input wire ended, output wire ready, output wire done, output wire signed [15:0] held);
                  narrows_sign_directed #(.P(16), .T(16), .D(16), .A(4)) take (.clk(clk), .clear(clear),
                      .valid(valid), .term(term), .ended(ended), .ready(ready), .done(done), .held(held));
                endmodule
                """,
                "unit")
            .luts();
    grids.add(
        new Grid(
            "Taking terms by the register's sign",
            List.of("unit", "LUT", "registers that pay for it"),
            List.of(
                List.<Object>of(
                    "16-bit register, two queues of 16 terms",
                    directed,
                    (double) directed / most))));
  }
}
