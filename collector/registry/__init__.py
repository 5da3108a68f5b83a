"""Who is surveilled: institutions, providers, instances, servers, agents, and the tokens that enrol them."""
