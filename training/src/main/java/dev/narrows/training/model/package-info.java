/**
 * What a trainable network looks like: one graph of typed nodes that float training, fake-quantised
 * training and lowering all read. Nothing here knows libtorch.
 *
 * <p>Sizes are given channels first (C, H, W); memory is channels last (H, W, C), so that the terms
 * of a convolution lie in the flattening order kernel row, kernel column, input channel.
 */
@NullMarked
package dev.narrows.training.model;

import org.jspecify.annotations.NullMarked;
