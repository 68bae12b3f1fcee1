"""What leaves and enters as text: links and codes, presets, tables to take away."""
