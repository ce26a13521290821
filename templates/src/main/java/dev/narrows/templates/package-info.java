/**
 * Expands FreeMarker templates of Java classes while a module is built: kernels are unrolled by
 * hand nowhere.
 */
@NullMarked
package dev.narrows.templates;

import org.jspecify.annotations.NullMarked;
