package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.LanguagePlan;
import dev.narrows.experiments.narrow.LanguagePlanSearch;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.PlainText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrow} of a language model: which parts may be summed in which registers.
 *
 * @param registers the narrowest first
 * @param budget in percent of perplexity
 * @param search predictions of the validation text
 * @param confirm predictions of the test text
 */
record LanguageNarrowing(
    Path model,
    String set,
    DataRoots roots,
    LanguageOptions language,
    List<Summation> registers,
    LanguageParts parts,
    double budget,
    Optional<Integer> search,
    Optional<Integer> confirm,
    int threads) {
  private static final int SEARCH = 1024;
  private static final int CONFIRM = 4096;

  /** What {@code --registers} says: texts of accumulators, a semicolon between them. */
  static List<Summation> registers(String text) {
    List<Summation> registers = new ArrayList<>();
    for (String each : text.split(";")) {
      Summation one;
      try {
        one = Summation.parse(each.strip());
      } catch (IllegalArgumentException e) {
        throw new BadInputException(
            "--registers: of a language model these are accumulators with a semicolon between"
                + " them, as in 'm7e5(15)/m7e5(15);m10e5(15)/m10e5(15)': "
                + e.getMessage(),
            e);
      }
      if (!one.accumulator().takesFloats()) {
        throw new BadInputException("--registers: " + each.strip() + " is not for real numbers");
      }
      registers.add(one);
    }
    return registers;
  }

  /** Searches, confirms once, writes the plan and tells of it. */
  int run(Commands commands, OutputOptions output, Path written) throws IOException {
    if (KnownSets.named(set).isEmpty()) {
      throw new BadInputException(
          "--data: expected a known text with a validation part, such as wikitext-2, found \""
              + set
              + "\"");
    }
    if (!(budget >= 0)) {
      throw new BadInputException("--budget: must not be negative, got " + budget);
    }
    LanguageEvaluation searched = open(set + "/" + Split.VALIDATION, search.orElse(SEARCH));
    registers.forEach(
        each -> EvaluateCommand.checked(searched.model().sums(), LayerRegisters.of(each)));
    LanguagePlan plan;
    LanguageResult result;
    LanguageEvaluation confirming = open(set, confirm.orElse(CONFIRM));
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      plan = new LanguagePlanSearch(searched, registers, parts, budget, threads, progress).find();
      result = confirming.of(List.of(plan.registers()), threads, progress);
    }
    Path folder = written.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    AtomicFile.write(written, plan.yaml(searched.id().sha256(), searched.text()));
    output.tell(commands, result, "plan");
    commands
        .terminal()
        .note(
            PlainText.text(
                "%d parts, %.1f %% of the multiplications, are narrow; %+.3f %% of perplexity on %s",
                plan.parts().size(), plan.share(), plan.above(), searched.text()));
    commands.terminal().note("plan: " + written);
    commands
        .terminal()
        .note("./narrows evaluate %s --data %s --accumulators %s".formatted(model, set, written));
    return held(result.results().getFirst()) ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private boolean held(AccumulatorLoss confirmed) {
    return confirmed.perplexity().map(p -> p.above() <= budget).orElse(false);
  }

  private LanguageEvaluation open(String text, int predictions) throws IOException {
    return language.open(model, text, roots, Optional.of(predictions), threads);
  }
}
