"""What is said of the result: why it won, why others lost, what would have to move."""
