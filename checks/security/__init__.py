"""Security of servers, network, web, database and accounts (standards i, j, k)."""
