/**
 * Runs in parts: ranges of images that are run apart, on other machines too, and put together to
 * the bits of one run. Counts add; what is a sum of doubles is carried image by image and added in
 * the order of the images, whatever the parts and whenever they come in.
 */
@NullMarked
package dev.narrows.network.parts;

import org.jspecify.annotations.NullMarked;
