package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.LbaText.Losses;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** LBA beyond the paper: transformers, with attention's products in the register too. */
public final class LbaLanguage implements Figure {
  /** What the language model is tried in. */
  private static final List<LbaFormats.Shape> LADDER =
      List.of(
          new LbaFormats.Shape(7, 4),
          new LbaFormats.Shape(6, 4),
          new LbaFormats.Shape(5, 4),
          new LbaFormats.Shape(4, 3));

  @Override
  public String name() {
    return "lba-language";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: transformers in narrow floating-point registers";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    LbaText.EncoderPlan plan = LbaText.EncoderPlan.of(workshop.scale());
    LbaText encoder = new LbaText(workshop, plan);
    Losses losses = losses(workshop, plan, encoder);
    List<NetworkFile> networks = new ArrayList<>(encoder.networks());
    List<LbaStories.StoriesRow> stories = new ArrayList<>();
    if (workshop.scale() == Scale.TWO_CORE) {
      LbaStories model = new LbaStories(workshop);
      stories.addAll(model.rows(LADDER));
      networks.add(model.id());
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        LbaLanguagePage.about(plan, losses),
        LbaLanguagePage.claims(losses, stories),
        LbaLanguagePage.grids(losses, stories),
        List.of(LbaLanguagePage.chart(losses)),
        LbaLanguagePage.notes(workshop.scale(), stories),
        networks);
  }

  private static Losses losses(Workshop workshop, LbaText.EncoderPlan plan, LbaText encoder)
      throws IOException {
    ModelFile wide = encoder.wide();
    ModelFile twin = encoder.twin();
    LbaFormats formats = new LbaFormats(workshop, plan.set(), plan.few(), plan.many());
    List<LbaText.EncoderRow> rows = new ArrayList<>();
    for (LbaFormats.Shape shape : plan.shapes()) {
      rows.add(encoder.through(wide, shape.toString(), shape.bits(), formats.best(wide, shape)));
    }
    return encoder.losses(wide, twin, rows);
  }
}
