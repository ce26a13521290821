/**
 * The door to whatever trains networks: what it is asked, what it tells on the way and what it
 * hands back.
 */
@NullMarked
package dev.narrows.experiments.training;

import org.jspecify.annotations.NullMarked;
