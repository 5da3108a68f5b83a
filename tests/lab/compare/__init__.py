"""What Pantau, Lynis and OpenSCAP say of the same hosts, where their rules overlap; and what asking each of them costs."""
