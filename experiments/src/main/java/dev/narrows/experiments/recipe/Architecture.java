package dev.narrows.experiments.recipe;

/** What is trained: a network that has a name, or the one in a file. */
public sealed interface Architecture permits Model, FileModel {
  /** How a recipe says it: the name, or the file's path. */
  String word();

  /** What a run of it is called that has no other name. */
  String title();

  /** What {@code width: auto} is. */
  int defaultWidth();

  /** Whether it reads text; the others read images. */
  boolean ofText();

  /** Whether rows of features are as good as images to it. */
  boolean ofFeatures();

  /** Whether weights come with it, so that nothing else need be said of where to start. */
  boolean hasWeights();
}
