package dev.narrows.experiments.evaluate;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LanguageModel;
import dev.narrows.network.llama.LlamaBreak;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.text.TextTokenizer;
import dev.narrows.report.FloatDiagnostics;
import dev.narrows.report.Interval;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NarrowedPart;
import dev.narrows.report.NetworkFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A language model on one text under any number of registers, beside exact sums.
 *
 * @param text what results call the text
 * @param context predictions of a window
 * @param tokenizer that shows tokens as text; empty: they are not shown
 */
public record LanguageEvaluation(
    LanguageModel model,
    NetworkFile id,
    String text,
    int[] tokens,
    int context,
    Optional<TextTokenizer> tokenizer) {
  /** Of tokens that are not shown. */
  public LanguageEvaluation(
      LanguageModel model, NetworkFile id, String text, int[] tokens, int context) {
    this(model, id, text, tokens, context, Optional.empty());
  }

  /**
   * What is told beside the loss.
   *
   * @param diagnosed what floating-point registers did, layer by layer, where they overflow first,
   *     and the tokens whose loss rises most
   * @param sensitivity the loss with one part at a time in the register
   */
  public record Wanted(boolean diagnosed, List<LanguageParts> sensitivity) {
    /** Nothing more. */
    public static final Wanted LOSS = new Wanted(false, List.of());

    /** Copies the list. */
    public Wanted {
      sensitivity = List.copyOf(sensitivity);
    }
  }

  /** The losses under each choice of registers, in their order. */
  public LanguageResult of(
      List<LayerRegisters> registers, int threads, EvaluationListener listener) {
    return of(registers, Wanted.LOSS, threads, listener);
  }

  /** The losses under each choice of registers, in their order, and what else is wanted. */
  public LanguageResult of(
      List<LayerRegisters> registers, Wanted wanted, int threads, EvaluationListener listener) {
    LanguageLoss exact = loss(LayerRegisters.exact(), false, threads, listener);
    List<AccumulatorLoss> results = new ArrayList<>();
    for (LayerRegisters one : registers) {
      results.add(of(one, exact, wanted, threads, listener));
    }
    return new LanguageResult(id, text, predictions(), context, results);
  }

  /**
   * The model, where only one of the llama family will do.
   *
   * @param what needs it
   * @throws BadInputException if it is of another family
   */
  public LlamaModel llama(String what) {
    if (model instanceof LlamaModel llama) {
      return llama;
    }
    throw new BadInputException(
        what + ": is for models of the llama and qwen2 families, not for " + id.file());
  }

  private int predictions() {
    return LanguageLoss.predictions(model, tokens);
  }

  private AccumulatorLoss of(
      LayerRegisters one,
      LanguageLoss exact,
      Wanted wanted,
      int threads,
      EvaluationListener listener) {
    Network sums = model.sums();
    boolean same = one.equals(LayerRegisters.exact());
    LanguageLoss loss = same ? exact : loss(one, wanted.diagnosed(), threads, listener);
    LanguageFindings findings = new LanguageFindings(this, loss, exact);
    boolean told = wanted.diagnosed() && !same;
    List<NarrowedPart> parts = new ArrayList<>();
    Map<String, LayerRegisters> apart = new LinkedHashMap<>();
    wanted.sensitivity().forEach(each -> apart.putAll(each.of(one, sums)));
    apart.forEach((part, registers) ->
        parts.add(narrowed(part, loss(registers, false, threads, listener), exact)));
    parts.sort(Comparator.comparingDouble(NarrowedPart::nats).reversed());
    return new AccumulatorLoss(
        Evaluator.text(one),
        loss.mean(),
        loss.mean() / Math.log(2),
        findings.above(),
        Evaluator.differing(loss.predictions(), exact.predictions()),
        Evaluator.accumulators(one.of(sums)),
        Optional.of(losses(loss).beside(losses(exact))),
        diagnostics(loss),
        findings.broken(),
        told ? Optional.of(findings.overflows()) : Optional.empty(),
        told ? Optional.of(findings.risen()) : Optional.empty(),
        wanted.sensitivity().isEmpty() || same ? Optional.empty() : Optional.of(parts));
  }

  private NarrowedPart narrowed(String part, LanguageLoss loss, LanguageLoss exact) {
    LanguageFindings findings = new LanguageFindings(this, loss, exact);
    return new NarrowedPart(
        part,
        loss.mean(),
        100 * StrictMath.expm1(findings.above()),
        percent(findings.aboveInterval()),
        loss.breaks().size());
  }

  private static Optional<Interval> percent(Optional<Interval> nats) {
    return nats.map(
        of -> new Interval(100 * StrictMath.expm1(of.low()), 100 * StrictMath.expm1(of.high())));
  }

  private static Optional<List<FloatDiagnostics>> diagnostics(LanguageLoss loss) {
    return loss.statistics().isEmpty()
        ? Optional.empty()
        : Optional.of(loss.statistics().stream().map(FloatDiagnosis::diagnostics).toList());
  }

  /** The loss of every prediction in one choice of registers. */
  public TextLosses losses(LayerRegisters registers, int threads, EvaluationListener listener) {
    return losses(loss(registers, false, threads, listener));
  }

  private static TextLosses losses(LanguageLoss loss) {
    return new TextLosses(
        loss.nats(), loss.breaks().stream().findFirst().map(LlamaBreak::product).orElse(""));
  }

  /**
   * The loss of every prediction.
   *
   * @param metered whether statistics are wanted
   */
  LanguageLoss loss(
      LayerRegisters registers, boolean metered, int threads, EvaluationListener listener) {
    int all = predictions();
    return LanguageLoss.of(
        model,
        context,
        tokens,
        registers,
        metered,
        threads,
        done -> listener.progress(Evaluator.text(registers), done, all));
  }
}
