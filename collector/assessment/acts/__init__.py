"""What people do in assessment. Each act locks its row, asks the machine, and writes rows, transition and audit together."""
