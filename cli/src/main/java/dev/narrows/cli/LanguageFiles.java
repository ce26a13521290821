package dev.narrows.cli;

import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.language.LanguageRun;
import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.gpt.GptModel;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.GgufReader;
import dev.narrows.network.llama.HubLlama;
import dev.narrows.network.llama.LanguageModel;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaReader;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Language models and texts, as a command names them. */
final class LanguageFiles {
  private LanguageFiles() {}

  /** Whether a model is a language model. */
  static boolean fits(Path model) throws IOException {
    return LanguageRun.isRun(model) || isReal(model);
  }

  /** Whether a model is a language model in real numbers. */
  static boolean isReal(Path model) throws IOException {
    Optional<HubFolder> folder = folder(model);
    return folder.isPresent()
        ? HubLlama.reads(folder.get().read()) || GptModel.reads(folder.get().read())
        : Files.isRegularFile(model)
            && (new LlamaReader().reads(model) || new GgufReader().reads(model));
  }

  /** The transformer's folder that a model is, unless it is a run folder. */
  static Optional<HubFolder> folder(Path model) {
    return Files.isRegularFile(model.resolve(NetworkFiles.IN_RUN_FOLDER))
        ? Optional.empty()
        : HubFolder.of(model);
  }

  /** The model in a file or a folder, perhaps of integers. */
  static LanguageModel model(Path file) throws IOException {
    if (LanguageRun.isRun(file)) {
      LanguageRun run = LanguageRun.open(file);
      return run.model(real(run.modelFile()));
    }
    return opened(file);
  }

  /**
   * The model of the llama family in real numbers.
   *
   * @throws BadInputException if it is of another
   */
  static LlamaModel real(Path file) throws IOException {
    if (opened(file) instanceof LlamaModel llama) {
      return llama;
    }
    throw new BadInputException(
        file + ": integers are made of models of the llama and qwen2 families, not of this one");
  }

  private static LanguageModel opened(Path file) throws IOException {
    Optional<HubFolder> folder = folder(file);
    if (folder.isPresent()) {
      return GptModel.reads(folder.get().read())
          ? GptModel.open(folder.get())
          : HubLlama.open(folder.get());
    }
    return new GgufReader().reads(file) ? GgufLlama.open(file) : LlamaCheckpoint.read(file);
  }

  /** The file of a model, or of a run, and its hash. */
  static NetworkFile id(Path model) throws IOException {
    Path file = LanguageRun.isRun(model) ? LanguageRun.open(model).network() : model;
    return new NetworkFile(model.toString(), NetworkFiles.sha256OfModel(file));
  }

  /** A text and its name: that of a known set with its split, or a file's. */
  record NamedText(String name, String text) {}

  /**
   * A text.
   *
   * @param data a known text, perhaps with a split, or a text file in UTF-8
   * @throws BadInputException if it is neither
   */
  static NamedText text(String data, DataRoots roots) throws IOException {
    int slash = data.indexOf('/');
    Optional<KnownSet> known = KnownSets.named(slash < 0 ? data : data.substring(0, slash));
    if (known.isPresent()) {
      Split split = slash < 0 ? Split.TEST : Split.parse(data.substring(slash + 1));
      return new NamedText(
          known.get().name() + "/" + split, new DataCatalog(roots).text(known.get(), split));
    }
    Path file = Path.of(data);
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          "--data: a language model takes a known text such as wikitext-2, a text file or"
              + " sampled/SEED, an encoder one of the first two, found \""
              + data
              + "\"");
    }
    try {
      GitLfsPointer.requireContent(file);
      return new NamedText(data, Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + ": is not a text in UTF-8", e);
    }
  }
}
