package dev.narrows.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registry of result kinds: what writers name in {@code schema}, readers read back, and pages
 * show. A new kind is its record, a line here, and a section of the page where tables are not
 * enough.
 */
public enum ResultKind {
  /** What each layer's sums need. */
  ANALYSIS("analysis", AnalysisResult.class, Page.SECTIONS, Stored.READ),
  /** Accuracy under several accumulators. */
  EVALUATION("evaluation", EvaluationResult.class, Page.SECTIONS, Stored.READ),
  /** Outputs under several accumulators beside exact ones, without labels. */
  AGREEMENT("agreement", AgreementResult.class, Page.TABLES, Stored.READ),
  /** A register for each layer, chosen together. */
  PLAN("plan", PlanResult.class, Page.TABLES, Stored.READ),
  /** What no input can overflow, and why fewer bits are not enough. */
  CERTIFICATE("certificate", CertificateResult.class, Page.SECTIONS, Stored.READ),
  /** The loss of a language model under several accumulators. */
  LANGUAGE("language", LanguageResult.class, Page.TABLES, Stored.READ),
  /** What an encoder's vectors say of sentences under several accumulators. */
  SIMILARITY("similarity", SimilarityResult.class, Page.TABLES, Stored.READ),
  /** What registers cost in hardware. */
  COST("cost", CostResult.class, Page.TABLES, Stored.READ),
  /** The demo's two networks. */
  DEMO("demo", DemoResult.class, Page.SECTIONS, Stored.READ),
  /** A figure of a paper beside ours. */
  REPRODUCTION("reproduction", ReproductionResult.class, Page.SECTIONS, Stored.READ),
  /** Trials and their Pareto front. */
  SWEEP("sweep", SweepResult.class, Page.SECTIONS, Stored.READ),
  /** What became of a network that was put under a guarantee without training. */
  REPAIR("repair", RepairResult.class, Page.TABLES, Stored.READ),
  /** How many products the lanes of a SIMD reduction may add. */
  LANES("lanes", LanesResult.class, Page.TABLES, Stored.READ),
  /** Whether the order of additions can change anything. */
  ORDER("order", OrderResult.class, Page.TABLES, Stored.READ),
  /** Kernels and commands beside the machine's own limit. */
  BENCHMARK("benchmark", BenchmarkResult.class, Page.TABLES, Stored.READ),
  /** What the checker found of a certificate; files of older versions lack most of it. */
  VERDICT("verdict", VerdictResult.class, Page.TABLES, Stored.WRITTEN),
  /** A plain list, which names its own schema. */
  LISTING("listing", ListingResult.class, Page.TABLES, Stored.WRITTEN);

  private static final int VERSION = 1;
  private static final String PREFIX = "narrows/";

  private final String name;
  private final Class<? extends Result> type;
  private final Page page;
  private final Stored stored;

  ResultKind(String name, Class<? extends Result> type, Page page, Stored stored) {
    this.name = name;
    this.type = type;
    this.page = page;
    this.stored = stored;
  }

  /** How a page shows a kind. */
  private enum Page {
    /** By sections of its own. */
    SECTIONS,
    /** By its tables. */
    TABLES
  }

  /** Whether reports are made of stored results of a kind. */
  private enum Stored {
    /** They are read back. */
    READ,
    /** They are written alone. */
    WRITTEN
  }

  /** {@code narrows/<kind>/<version>}. */
  public String schema() {
    return prefix() + VERSION;
  }

  /** The schema without its version. */
  String prefix() {
    return PREFIX + name + "/";
  }

  /** The newest version that is read. */
  int version() {
    return VERSION;
  }

  /** The record. */
  Class<? extends Result> type() {
    return type;
  }

  /** Whether the page has sections for it; otherwise its tables are shown as they are. */
  public boolean hasSections() {
    return page == Page.SECTIONS;
  }

  /** The kind that a stored result's schema names, whatever the version; empty if none is. */
  static Optional<ResultKind> stored(String schema) {
    return readable().stream().filter(kind -> schema.startsWith(kind.prefix())).findFirst();
  }

  /** The schemas that are read, for messages: {@code narrows/analysis/1, narrows/… or …}. */
  static String expected() {
    List<String> all = readable().stream().map(ResultKind::schema).toList();
    return all.stream().limit(all.size() - 1).collect(Collectors.joining(", "))
        + " or "
        + all.getLast();
  }

  private static List<ResultKind> readable() {
    return Arrays.stream(values()).filter(kind -> kind.stored == Stored.READ).toList();
  }
}
