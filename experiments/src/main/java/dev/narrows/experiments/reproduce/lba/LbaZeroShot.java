package dev.narrows.experiments.reproduce.lba;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.pass.FoldScales;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.List;

/** LBA: a float network in floating-point registers that it was not trained for. */
public final class LbaZeroShot implements Figure {
  @Override
  public String name() {
    return "lba-zeroshot";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: narrow floating-point registers without training";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    ZeroShotPlan plan = ZeroShotPlan.of(workshop.scale(), workshop.bed(TestBed.resnet20()));
    TestBed bed = plan.bed();
    bed.prepare(workshop, ZeroShotPlan.SEED);
    ModelFile beside =
        workshop.trained(bed.fromFloat("real", ZeroShotPlan.SEED).floats("float").recipe());
    ModelFile folded = workshop.derived("folded", FoldScales.of(beside.network()));
    LbaFormats formats = LbaFormats.ofImages(workshop, bed.set());
    List<RungAccuracy> ofFolded = RungAccuracy.of(workshop, formats, folded, plan.rungs());
    List<RungAccuracy> ofBeside = RungAccuracy.of(workshop, formats, beside, plan.tunedLater());
    double exact = workshop.exactAccuracy(folded, bed.set(), Split.TEST);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        LbaZeroShotPage.about(bed, formats, exact),
        LbaZeroShotPage.claims(exact, ofFolded),
        List.of(LbaZeroShotPage.grid(exact, ofFolded, ofBeside)),
        List.of(LbaZeroShotPage.chart(ofFolded)),
        LbaZeroShotPage.notes(workshop.scale(), ofFolded),
        List.of(folded.id(), beside.id()));
  }
}
