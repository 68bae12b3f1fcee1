"""How things are said: numbers, money, the words of the vocabulary and the figures shown. Knows nothing else."""
