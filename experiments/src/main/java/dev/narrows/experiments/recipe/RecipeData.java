package dev.narrows.experiments.recipe;

import dev.narrows.data.Examples;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.OwnSet;
import dev.narrows.data.catalog.Split;
import java.util.List;

/**
 * The data of a recipe, read and split.
 *
 * @param train at most as many as the recipe's limit says
 * @param validation may be empty (size 0)
 * @param notes what was inferred of own data, in lines for the user
 */
public record RecipeData(Examples train, Examples validation, Examples test, List<String> notes) {
  /** Copies the notes. */
  public RecipeData {
    notes = List.copyOf(notes);
  }

  /**
   * Reads all parts.
   *
   * @param recipe own data of which are {@linkplain OwnData#pinned pinned}
   * @throws dev.narrows.data.DataException if data are missing or malformed
   */
  public static RecipeData read(Recipe recipe, DataRoots roots) {
    DataChoice data = recipe.data();
    if (data.own().isPresent()) {
      OwnSet own = OwnData.read(recipe, data.own().get(), roots);
      return new RecipeData(limited(own.train(), data), own.validation(), own.test(), own.notes());
    }
    Examples train = limited(known(recipe, Split.TRAIN, roots), data);
    return new RecipeData(
        train,
        data.validation().orElse(0) == 0
            ? train.slice(0, 0).named(data.set() + "/" + Split.VALIDATION)
            : known(recipe, Split.VALIDATION, roots),
        known(recipe, Split.TEST, roots),
        KnownSets.named(recipe.data().set()).orElseThrow().notes());
  }

  /**
   * Reads one part, training examples beyond the recipe's limit included.
   *
   * @throws dev.narrows.data.DataException if data are missing or malformed
   */
  public static Examples part(Recipe recipe, Split split, DataRoots roots) {
    return recipe
        .data()
        .own()
        .map(own -> OwnData.read(recipe, own, roots).part(split))
        .orElseGet(() -> known(recipe, split, roots));
  }

  private static Examples known(Recipe recipe, Split split, DataRoots roots) {
    KnownSet set = KnownSets.named(recipe.data().set()).orElseThrow();
    DataCatalog.Validation validation =
        new DataCatalog.Validation(recipe.data().validation(), recipe.seed());
    return new DataCatalog(roots).examples(set, split, validation);
  }

  private static Examples limited(Examples train, DataChoice data) {
    return data.limit().isPresent() ? train.limit(data.limit().getAsInt()) : train;
  }
}
