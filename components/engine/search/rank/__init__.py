"""What is kept and in which order: options, dominance, what is computed one by one."""
