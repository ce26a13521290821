/**
 * Decoders of the GPT-2 form in folders of the Hugging Face Hub's layout, run as networks.
 *
 * @see <a
 *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Language models are unsupervised multitask learners, Radford et al., 2019</a>
 */
@NullMarked
package dev.narrows.network.gpt;

import org.jspecify.annotations.NullMarked;
