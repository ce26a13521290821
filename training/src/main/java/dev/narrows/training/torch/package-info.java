/**
 * The only package that touches libtorch. Its public door is {@link
 * dev.narrows.training.torch.TorchModel}; JavaCPP types stay in package-private classes. Every step
 * runs inside a {@code PointerScope}, without which native memory grows until the garbage collector
 * happens to run.
 */
@NullMarked
package dev.narrows.training.torch;

import org.jspecify.annotations.NullMarked;
