"""What a unit of work saves: one module for each thing that is saved as a whole, and the questions asked of it alone."""
