package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.markdown.MarkdownReport;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanResultTest {
  @Test
  void tables_plan_saysTheVerdictThenDrawsEachLayer() {
    String text = StatementRuns.plan(false).tables().getFirst().text();
    List<String> lines = text.lines().toList();
    assertThat(lines.getFirst())
        .startsWith("32 bits in 2 layers, 50.0 % fewer than the 64")
        .endsWith("registers of their own: pool");
    assertThat(lines.get(2))
        .isEqualTo("model/conv/Relu     " + "█".repeat(17) + "·".repeat(15) + " 17");
    assertThat(lines.get(3))
        .isEqualTo("model/dense/MatMul  " + "░".repeat(15) + "·".repeat(17) + " 15");
    assertThat(lines.get(4))
        .contains("█ always", "▓ on the search's images", "░ within the budget");
    assertThat(lines.get(6)).isEqualTo("Registers");
    assertThat(lines.get(7)).doesNotContain("unrepaired");
    assertThat(lines).allMatch(line -> line.length() < 140);
    assertThat(StatementRuns.plan(true).tables().getFirst().columns()).contains("unrepaired");
  }

  @Test
  void picture_wideRegistersAndLongNames_stayWithinATerminal() {
    PlanResult.PlannedLayer one = StatementRuns.plan(true).layers().getFirst();
    PlanResult.PlannedLayer wide =
        new PlanResult.PlannedLayer(
            "a/very/long/name/of/a/layer/that/goes/on/and/on",
            one.kind(),
            1,
            1,
            one.register(),
            40,
            64,
            60,
            40,
            one.seen(),
            "seen",
            "seen",
            "",
            one.overflowing(),
            one.before());
    List<String> lines = PlanPicture.of(List.of(one, wide));
    assertThat(lines).allMatch(line -> line.codePointCount(0, line.length()) <= 88);
    assertThat(lines.get(0)).contains(" " + "█".repeat(9) + "·".repeat(7) + " 17");
    assertThat(lines.get(1))
        .startsWith("…")
        .contains("on  " + "▓".repeat(20) + "·".repeat(12) + " 40");
  }

  @Test
  void markdown_plan_hasTheVerdictAsTextAndThePictureAsItStands() {
    String text =
        MarkdownReport.page(
            new Report("Plan", List.of(), List.of(ReportRun.of("run", StatementRuns.plan(true)))),
            MarkdownReport.ChartLinks.NONE);
    assertThat(text)
        .contains("32 bits in 2 layers, 50.0 % fewer than the 64")
        .contains("    model/conv/Relu     " + "█".repeat(17) + "·".repeat(15) + " 17")
        .contains("**Registers**");
  }
}
