package dev.narrows.training.torch;

/**
 * The teacher's scores of a batch. The loss becomes (1 − w)·CE(y, z) + w·T²·KL(softmax(z_t/T) ‖
 * softmax(z/T)), a mean over the images; T² keeps the size of the gradient as T grows.
 *
 * @param scores z_t, [image][class]
 * @param temperature T, &gt; 0
 * @param weight w, 0 to 1
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton, Vinyals, Dean 2015, §2</a>
 * @see "docs/training.md, equation (32)"
 */
public record SoftTargets(float[] scores, double temperature, double weight) {}
