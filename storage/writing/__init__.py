"""What a unit of work saves: one module for each thing that is saved as a whole, with the queries only it needs."""
