package dev.narrows.report;

import java.util.List;

/** Something found out that can be printed as a table and stored as JSON. */
public sealed interface Result
    permits AnalysisResult,
        EvaluationResult,
        LanguageResult,
        CertificateResult,
        DemoResult,
        ReproductionResult,
        SweepResult,
        VerdictResult,
        ListingResult {
  /** What JSON carries as {@code schema}: {@code narrows/<kind>/<version>}. */
  String schema();

  /** The same numbers for people; more than one table where one would mix things. */
  List<Table> tables();
}
