"""An answer as a figure, with its finding as a sentence and its text for a screen reader. Computes no answer."""
