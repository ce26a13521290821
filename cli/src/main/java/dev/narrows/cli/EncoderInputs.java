package dev.narrows.cli;

import dev.narrows.data.SentenceTriple;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.SimilarityEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.bert.BertModel;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An encoder and the sentences that it is evaluated on. */
final class EncoderInputs {
  /** Of the choice of sentences. */
  private static final long SEED = 1;

  private EncoderInputs() {}

  /** Whether a model is an encoder. */
  static boolean fits(Path model) throws IOException {
    Optional<HubFolder> folder = LanguageFiles.folder(model);
    return folder.isPresent() && BertModel.reads(folder.get().read());
  }

  /**
   * The model and triples of sentences.
   *
   * @param data a known text, or a text file in UTF-8 with a paragraph a line and titles as
   *     WikiText has them
   * @param limit triples at most
   */
  static SimilarityEvaluation open(
      Path model, Optional<String> data, DataRoots roots, Optional<Integer> limit)
      throws IOException {
    String named =
        data.orElseThrow(() ->
            new BadInputException(
                "--data: an encoder needs a known text such as wikitext-2, or a text file"));
    BertModel encoder = BertModel.open(LanguageFiles.folder(model).orElseThrow());
    LanguageFiles.NamedText text = LanguageFiles.text(named, roots);
    List<SentenceTriple> triples = SentenceTriple.of(text.text(), SEED);
    if (triples.isEmpty()) {
      throw new BadInputException(
          named + ": has no paragraph with two sentences of 8 to 40 words beside another article");
    }
    return new SimilarityEvaluation(
        encoder,
        new NetworkFile(model.toString(), NetworkFiles.sha256OfModel(model)),
        text.name(),
        SEED,
        triples.subList(0, Math.min(triples.size(), limit.orElse(triples.size()))));
  }
}
