"""What can be read on a host: one file per thing, with the fact, its recipes (sources and parsers) and nothing else."""
