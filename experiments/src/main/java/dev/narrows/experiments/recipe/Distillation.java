package dev.narrows.experiments.recipe;

/**
 * A quantised network learns from the float network that the run started from, besides the labels:
 * the loss is (1 − w)·CE(y, z) + w·T²·KL(softmax(z_t/T) ‖ softmax(z/T)), a mean over the images.
 * The teacher's scores z_t come from the weights of {@code init}, never trained, with their running
 * batch-norm statistics.
 *
 * @param temperature T, 0.01 to 100
 * @param weight w, 0 to 1; 0 is the same training as without a teacher
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton, Vinyals, Dean, Distilling the Knowledge
 *     in a Neural Network, 2015, §2</a>
 */
public record Distillation(double temperature, double weight) {}
