"""Who may do what: accounts with roles, and the trail of every human act."""
